#include "service/key_service.hpp"

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "service/api_key_form.hpp"
#include "service/audit.hpp"
#include "service/authenticator.hpp"

namespace galley::service {

namespace {

Result<void> require_role(const Actor& actor, Role role) {
  if (role > actor.role) return forbidden("A key cannot have a higher role than the one that makes it.");
  return {};
}

// A key that is bound to a project manages that project's keys alone.
Result<ApiKey> find(const Transaction& transaction, const Actor& actor, const ApiKeyId& id) {
  ApiKey key = GALLEY_TRY(transaction.api_keys().find(actor.account, id));
  if (actor.project && key.project != actor.project) return not_found(ApiKeyTag::noun, id.text());
  return key;
}

std::string describe(const ApiKey& key) {
  return key.name + ", " + std::string(to_text(key.role));
}

}  // namespace

Result<Page<ApiKey>> KeyService::list(const Actor& actor, const PageRequest& page) const {
  GALLEY_TRY(require_whole_account(actor));
  return context_.store.read(
      [&](const Transaction& transaction) { return transaction.api_keys().list(actor.account, page); });
}

Result<ApiKey> KeyService::get(const Actor& actor, const ApiKeyId& id) const {
  return context_.store.read(
      [&](const Transaction& transaction) -> Result<ApiKey> { return find(transaction, actor, id); });
}

Result<MadeKey> KeyService::make(Transaction& transaction, const Actor& actor, const KeyDraft& draft) const {
  const Time now = context_.clock.now();
  if (draft.expires_at && *draft.expires_at <= now) return invalid("expires_at", "must be in the future");
  MadeKey made{.key = {}, .secret = make_api_key()};
  const std::string_view text = made.secret.reveal();
  made.key.id = context_.ids.make<ApiKeyId>();
  made.key.account = actor.account;
  made.key.name = tidy_line(draft.name);
  made.key.role = draft.role;
  made.key.project = draft.project;
  made.key.digest = sha256(text);
  made.key.hint = text.substr(text.size() - 4);
  made.key.created_at = now;
  made.key.expires_at = draft.expires_at;
  GALLEY_TRY(transaction.api_keys().insert(made.key));
  GALLEY_TRY(audit(transaction, context_, actor,
                   {AuditAction::key_created, made.key.project, made.key.id.text(), describe(made.key)}));
  return made;
}

Task<Result<MadeKey>> KeyService::create(Actor actor, KeyDraft draft) const {
  auto body = [&](Transaction& transaction) -> Result<MadeKey> {
    GALLEY_TRY(require_role(actor, draft.role));
    if (actor.project && draft.project != actor.project)
      return forbidden("This key is bound to one project and can only make keys for it.");
    if (draft.project) GALLEY_TRY(transaction.projects().find(actor.account, *draft.project));
    return make(transaction, actor, draft);
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<void> KeyService::revoke(Transaction& transaction, const Actor& actor, const ApiKeyId& id) const {
  ApiKey key = GALLEY_TRY(find(transaction, actor, id));
  GALLEY_TRY(require_role(actor, key.role));
  if (key.revoked_at) return not_found(ApiKeyTag::noun, id.text());
  key.revoked_at = context_.clock.now();
  transaction.announce(credentials_topic);
  GALLEY_TRY(audit(transaction, context_, actor, {AuditAction::key_revoked, key.project, id.text(), describe(key)}));
  return transaction.api_keys().update(key);
}

Task<Result<void>> KeyService::revoke(Actor actor, ApiKeyId id) const {
  auto body = [&](Transaction& transaction) { return revoke(transaction, actor, id); };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<MadeKey>> KeyService::rotate(Actor actor, ApiKeyId id, std::chrono::seconds grace) const {
  auto body = [&](Transaction& transaction) -> Result<MadeKey> {
    ApiKey key = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_role(actor, key.role));
    const Time now = context_.clock.now();
    if (!key.valid_at(now)) return conflict("The key is no longer valid. Make a new one.");
    const KeyDraft draft{.name = key.name, .role = key.role, .project = key.project, .expires_at = key.expires_at};
    MadeKey made = GALLEY_TRY(make(transaction, actor, draft));
    if (!key.expires_at || *key.expires_at > now + grace) key.expires_at = now + grace;
    GALLEY_TRY(transaction.api_keys().update(key));
    transaction.announce(credentials_topic);
    GALLEY_TRY(audit(transaction, context_, actor,
                     {AuditAction::key_rotated, key.project, id.text(), "now " + made.key.id.text()}));
    return made;
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
