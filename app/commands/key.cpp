#include <iostream>

#include "app/commands/moment.hpp"
#include "app/commands/syntax.hpp"
#include "base/json.hpp"
#include "service/authenticator.hpp"

namespace galley::app {

namespace {

struct Options {
  std::string account;
  std::string role = "admin";
  std::string project;
  std::string name = "made at the command line";
  std::string expires;
  std::string id;
};

// A time, or a duration from now: "90d", "12h", "30m".
Result<std::optional<Time>> parse_expiry(const std::string& text, Time now) {
  if (text.empty()) return std::optional<Time>();
  if (const std::optional<Time> time = parse_rfc3339(text)) return time;
  if (const std::optional<std::chrono::seconds> duration = parse_duration(text))
    return std::optional<Time>(now + *duration);
  return invalid("expires", "must be a time such as 2027-01-31T00:00:00Z or a duration such as 90d");
}

Exit create(Session& session, const Options& options) {
  return with_backend(session, [&](Backend& backend) {
    const auto made = backend.store->write_and_wait([&](Transaction& transaction) -> Result<service::MadeKey> {
      const Account account = GALLEY_TRY(transaction.accounts().find_by_any(options.account));
      service::KeyDraft draft{.name = options.name};
      const std::optional<Role> role = from_text<Role>(options.role);
      if (!role || *role == Role::owner) return invalid("role", "must be admin, editor or viewer");
      draft.role = *role;
      if (!options.project.empty()) {
        draft.project = ProjectId(options.project);
        GALLEY_TRY(transaction.projects().find(account.id, *draft.project));
      }
      draft.expires_at = GALLEY_TRY(parse_expiry(options.expires, backend.clock.now()));
      return backend.keys.make(transaction, service::operator_of(account.id), draft);
    });
    if (!made) return report(made.error(), session.terminal);
    if (session.json) {
      std::string text;
      json::Writer(text)
          .begin_object()
          .member("id", made->key.id.text())
          .member("key", made->secret.reveal())
          .end_object();
      session.terminal.out << text << '\n';
    } else {
      session.terminal.out << made->secret.reveal() << '\n';
    }
    return Exit::done;
  });
}

Exit list(Session& session, const Options& options) {
  return with_backend(session, [&](Backend& backend) {
    const auto keys = backend.store->read([&](const Transaction& transaction) -> Result<Page<ApiKey>> {
      const Account account = GALLEY_TRY(transaction.accounts().find_by_any(options.account));
      return transaction.api_keys().list(account.id, {.size = PageRequest::max_size});
    });
    if (!keys) return report(keys.error(), session.terminal);
    for (const ApiKey& key : keys->rows) {
      const std::string_view state = key.valid_at(backend.clock.now()) ? "valid" : "not valid";
      if (session.json) {
        std::string text;
        json::Writer(text)
            .begin_object()
            .member("id", key.id.text())
            .member("name", key.name)
            .member("role", to_text(key.role))
            .member("valid", state == "valid")
            .end_object();
        session.terminal.out << text << '\n';
      } else {
        session.terminal.out << key.id.text() << '\t' << to_text(key.role) << '\t' << state << "\t…" << key.hint << '\t'
                             << key.name << '\n';
      }
    }
    return Exit::done;
  });
}

Exit revoke(Session& session, const Options& options) {
  return with_backend(session, [&](Backend& backend) {
    const auto revoked = backend.store->write_and_wait([&](Transaction& transaction) -> Result<void> {
      const Account account = GALLEY_TRY(transaction.accounts().find_by_any(options.account));
      return backend.keys.revoke(transaction, service::operator_of(account.id), ApiKeyId(options.id));
    });
    if (!revoked) return report(revoked.error(), session.terminal);
    session.terminal.out << options.id << " revoked\n";
    return Exit::done;
  });
}

void print_rotation(const storage::Rotation& rotation, storage::KeyOrigin origin, Session& session) {
  const bool given = origin == storage::KeyOrigin::given;
  if (session.json) {
    std::string text;
    json::Writer(text)
        .begin_object()
        .member("resealed", rotation.resealed)
        .member("values", rotation.values)
        .member("resumed", rotation.resumed)
        .member("keys", given ? "environment" : "file")
        .end_object();
    session.terminal.out << text << '\n';
    return;
  }
  session.terminal.out << rotation.resealed << " values sealed anew, " << rotation.values << " in all";
  session.terminal.out << (rotation.resumed ? ", going on with a rotation that was interrupted\n" : "\n");
  if (given)
    session.terminal.out << "All of them open with the first key of GALLEY_SECRET_KEY: the others may be removed.\n";
  else
    session.terminal.out << "secret.key holds the new key alone. Keep a copy of it apart from the backups.\n";
  session.terminal.out << "Backups that were made before need the old key: keep its copy as long as them.\n";
}

Exit rotate(Session& session) {
  return with_backend(session, [&](Backend& backend) {
    const auto rotated =
        backend.store->rotate_key(backend.key_origin, [](storage::RotationStep) -> Result<void> { return {}; });
    if (!rotated) return report(rotated.error(), session.terminal);
    print_rotation(*rotated, backend.key_origin, session);
    return Exit::done;
  });
}

Exit rotate_signing(Session& session) {
  return with_backend(session, [&](Backend& backend) {
    const auto made =
        backend.store->write_and_wait([&](Transaction& transaction) { return backend.tokens.rotate_key(transaction); });
    if (!made) return report(made.error(), session.terminal);
    session.terminal.out << made->text()
                         << " signs from now on; tokens that were given before hold until they expire\n";
    return Exit::done;
  });
}

}  // namespace

void declare_key(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  syntax.needs_command();
  const auto add = [&](const char* name, const char* about, Exit (*function)(Session&, const Options&)) {
    Syntax command = syntax.command(name, about);
    command.option("--account", options->account, "Name, id, or a user's e-mail.").required();
    command.runs([options, function](Session& session) { return function(session, *options); });
    return command;
  };
  Syntax making = add("create", "Make a key and print it, once.", &create);
  making.option("--role", options->role, "admin, editor or viewer.").shows_default();
  making.option("--project", options->project, "Bind it to one project.");
  making.option("--name", options->name, "What it is for.").shows_default();
  making.option("--expires", options->expires, "A time, or a duration such as 90d.");
  add("list", "List the account's keys.", &list);
  add("revoke", "Revoke a key at once.", &revoke).option("id", options->id, "The key's id.").required();
  syntax
      .command("rotate-master",
               "Seal all stored secrets with a new master key, also while a server runs. Goes on where an earlier one "
               "was interrupted.")
      .runs(&rotate);
  syntax.command("rotate-signing", "Sign users' tokens with a new key from now on; nobody has to sign in again.")
      .runs(&rotate_signing);
}

}  // namespace galley::app
