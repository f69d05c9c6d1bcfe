#include "service/preference_service.hpp"

#include "base/encoding.hpp"
#include "domain/article.hpp"
#include "domain/field_check.hpp"
#include "service/audit.hpp"
#include "service/numbers.hpp"

namespace galley::service {

namespace {

Prompt prompt_of(PromptType type, const std::map<PromptType, std::string>& chosen) {
  const auto own = chosen.find(type);
  if (own == chosen.end()) return {.type = type, .text = std::string(default_prompt(type))};
  return {.type = type, .text = own->second, .chosen = true};
}

Result<NumberedSettings> numbered(const Transaction& transaction, const AccountId& id) {
  const Settings settings = GALLEY_TRY(transaction.preferences().settings(id));
  NumberedSettings shown{.account_name = GALLEY_TRY(transaction.accounts().find(id)).name,
                         .default_word_count = settings.default_word_count};
  if (settings.default_site)
    shown.default_site = GALLEY_TRY(transaction.accounts().number_of(id, *settings.default_site));
  return shown;
}

}  // namespace

std::string_view default_prompt(PromptType type) {
  switch (type) {
    case PromptType::clustering:
      return "Group these keywords so that each group can be answered by one page. Name a group by the keyword that "
             "most people search for.";
    case PromptType::ideas:
      return "Suggest articles for this group of keywords: for each a title, what it covers, its structure and the "
             "keywords that it answers.";
    case PromptType::content_generation:
      return "Write for people who know the subject less well than you. Answer the question first, then explain. Use "
             "short paragraphs, concrete figures and examples, and name what you are not sure of.";
    case PromptType::image_prompt:
      return "A calm, realistic photograph that shows the subject of the article; no text, no logos, no faces.";
  }
  return "";
}

Result<std::vector<Prompt>> PreferenceService::prompts(const Actor& actor) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<std::vector<Prompt>> {
    const auto chosen = GALLEY_TRY(transaction.preferences().prompts(actor.account));
    std::vector<Prompt> prompts;
    for (const auto& [type, name] : Names<PromptType>::all)
      prompts.push_back(prompt_of(type, chosen));
    return prompts;
  });
}

Result<Prompt> PreferenceService::prompt(const Actor& actor, PromptType type) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Prompt> {
    return prompt_of(type, GALLEY_TRY(transaction.preferences().prompts(actor.account)));
  });
}

Task<Result<Prompt>> PreferenceService::set_prompt(Actor actor, PromptType type, std::string text) const {
  auto body = [&](Transaction& transaction) -> Result<Prompt> {
    GALLEY_TRY(require_whole_account(actor));
    FieldCheck fields;
    fields.text("prompt_value", text, max_prompt);
    if (trim_ascii(text).empty()) fields.add("prompt_value", "must not be empty");
    GALLEY_TRY(std::move(fields).result());
    GALLEY_TRY(transaction.preferences().set_prompt(actor.account, type, text, context_.clock.now()));
    GALLEY_TRY(audit(
        transaction, context_, actor,
        {.action = AuditAction::prompt_changed, .subject = actor.account.text(), .note = std::string(to_text(type))}));
    return Prompt{.type = type, .text = std::move(text), .chosen = true};
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<Prompt>> PreferenceService::reset_prompt(Actor actor, PromptType type) const {
  auto body = [&](Transaction& transaction) -> Result<Prompt> {
    GALLEY_TRY(require_whole_account(actor));
    GALLEY_TRY(transaction.preferences().reset_prompt(actor.account, type));
    GALLEY_TRY(audit(transaction, context_, actor,
                     {.action = AuditAction::prompt_changed,
                      .subject = actor.account.text(),
                      .note = std::string(to_text(type)) + ": the default again"}));
    return prompt_of(type, {});
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<NumberedSettings> PreferenceService::settings(const Actor& actor) const {
  return context_.store.read([&](const Transaction& transaction) { return numbered(transaction, actor.account); });
}

Task<Result<NumberedSettings>> PreferenceService::update_settings(Actor actor, Edit edit) const {
  auto body = [&](Transaction& transaction) -> Result<NumberedSettings> {
    GALLEY_TRY(require_whole_account(actor));
    NumberedSettings wanted = GALLEY_TRY(numbered(transaction, actor.account));
    GALLEY_TRY(edit(wanted));
    if (wanted.default_word_count < min_article_words || wanted.default_word_count > max_article_words)
      return invalid("default_word_count", article_words_reason());
    Settings settings{.default_word_count = wanted.default_word_count};
    if (wanted.default_site)
      settings.default_site =
          GALLEY_TRY(id_in<ProjectTag>(transaction, actor.account, "default_site_id", *wanted.default_site));
    GALLEY_TRY(transaction.preferences().set_settings(actor.account, settings));
    GALLEY_TRY(audit(transaction, context_, actor,
                     {.action = AuditAction::settings_changed, .subject = actor.account.text()}));
    return numbered(transaction, actor.account);
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
