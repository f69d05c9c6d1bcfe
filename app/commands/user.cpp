#include <iostream>

#include "app/commands/syntax.hpp"
#include "base/json.hpp"
#include "service/user_service.hpp"

namespace galley::app {

namespace {

constexpr std::size_t shortest_password = 8;

struct Options {
  std::string email;
  std::string password;
  bool password_from_input = false;
  std::string role = "owner";
  std::string account;
  std::string plan;
};

Result<Secret> password_of(Session& session, const Options& options) {
  std::string text = options.password;
  if (options.password_from_input) std::getline(session.terminal.in, text);
  if (text.size() < shortest_password) return invalid("password", "must be at least 8 characters long");
  return Secret(std::move(text));
}

Result<service::UserDraft> draft_of(const Options& options) {
  service::UserDraft draft{.email = options.email};
  std::vector<FieldError> errors;
  if (const std::optional<Role> role = from_text<Role>(options.role))
    draft.role = *role;
  else
    errors.push_back({"role", "must be owner, admin, editor or viewer"});
  if (!options.account.empty()) draft.account = options.account;
  if (!options.plan.empty()) {
    draft.plan = from_text<Plan>(options.plan);
    if (!draft.plan) errors.push_back({"plan", "must be free, pro or agency"});
    if (draft.account) errors.push_back({"plan", "is for a new account; use plan set for one that exists"});
  }
  if (!errors.empty()) return invalid(std::move(errors));
  return draft;
}

void print_user(const Account& account, const User& user, Session& session) {
  if (session.json) {
    std::string text;
    json::Writer(text)
        .begin_object()
        .member("accountId", account.id.text())
        .member("userId", user.id.text())
        .member("email", user.email)
        .member("role", to_text(user.role))
        .member("disabled", user.disabled)
        .end_object();
    session.terminal.out << text << '\n';
    return;
  }
  session.terminal.out << account.id.text() << '\t' << user.id.text() << '\t' << user.email << '\t'
                       << to_text(user.role) << (user.disabled ? "\tdisabled" : "") << '\n';
}

Exit create(Session& session, const Options& options) {
  const Result<service::UserDraft> draft = draft_of(options);
  if (!draft) return report(draft.error(), session.terminal);
  return with_backend(session, [&](Backend& backend) {
    // In here: where a server does the work, it is given the standard input that was not read yet.
    const Result<Secret> password = password_of(session, options);
    if (!password) return report(password.error(), session.terminal);
    // Before the transaction: hashing takes longer than all other writers shall wait.
    std::string hash = hash_password(*password);
    const auto made = backend.store->write_and_wait(
        [&](Transaction& transaction) { return backend.accounts.create_user(transaction, *draft, std::move(hash)); });
    if (!made) return report(made.error(), session.terminal);
    print_user(made->account, made->user, session);
    return Exit::done;
  });
}

Exit list(Session& session, const Options&) {
  constexpr int most = 1000;
  return with_backend(session, [&](Backend& backend) {
    const auto listed = backend.store->read([&](const Transaction& transaction) -> Result<void> {
      for (const Account& account : GALLEY_TRY(transaction.accounts().all(most)))
        for (const User& user : GALLEY_TRY(transaction.accounts().users(account.id)))
          print_user(account, user, session);
      return {};
    });
    return listed ? Exit::done : report(listed.error(), session.terminal);
  });
}

Exit change(Backend& backend, Session& session, const Options& options, const std::function<void(User&)>& edit,
            const std::string& note) {
  const auto changed = backend.store->write_and_wait(
      [&](Transaction& transaction) { return backend.accounts.change_user(transaction, options.email, edit, note); });
  if (!changed) return report(changed.error(), session.terminal);
  session.terminal.out << options.email << " changed\n";
  return Exit::done;
}

Exit set_password(Session& session, const Options& options) {
  return with_backend(session, [&](Backend& backend) {
    const Result<Secret> password = password_of(session, options);
    if (!password) return report(password.error(), session.terminal);
    const std::string hash = hash_password(*password);
    return change(
        backend, session, options, [&](User& user) { galley::set_password(user, hash, backend.clock.now()); },
        "password");
  });
}

Exit disable(Session& session, const Options& options) {
  return with_backend(session, [&](Backend& backend) {
    return change(backend, session, options, [](User& user) { user.disabled = true; }, "disabled");
  });
}

using MakeLink = Result<service::PasswordLink> (service::UserService::*)(Transaction&, const std::string&) const;

Exit print_link(Session& session, const Options& options, MakeLink make) {
  return with_backend(session, [&](Backend& backend) {
    service::PasswordPool nobody(0);
    const service::UserService users(backend.context, backend.accounts, nobody, service::Mailing::by_hand);
    const auto link = backend.store->write_and_wait(
        [&](Transaction& transaction) { return (users.*make)(transaction, options.email); });
    if (!link) return report(link.error(), session.terminal);
    const Secret address = service::link_address(backend.site, *link);
    if (session.json) {
      std::string text;
      json::Writer(text)
          .begin_object()
          .member("link", address.reveal())
          .member("token", link->token.reveal())
          .member("expiresAt", to_rfc3339(link->expires_at))
          .end_object();
      session.terminal.out << text << '\n';
      return Exit::done;
    }
    session.terminal.out << "link     " << address.reveal() << "\nexpires  " << to_rfc3339(link->expires_at) << '\n';
    return Exit::done;
  });
}

Exit reset_link(Session& session, const Options& options) {
  return print_link(session, options, &service::UserService::make_reset_link);
}

Exit invite_link(Session& session, const Options& options) {
  return print_link(session, options, &service::UserService::make_invitation_link);
}

}  // namespace

void declare_user(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  syntax.needs_command();
  const auto add = [&](const char* name, const char* about, Exit (*function)(Session&, const Options&)) {
    Syntax command = syntax.command(name, about);
    command.runs([options, function](Session& session) { return function(session, *options); });
    return command;
  };
  const auto with_email = [&](Syntax command) {
    command.option("--email", options->email, "The user's address.").required();
    return command;
  };
  const auto with_password = [&](Syntax command) {
    const OptionSyntax given =
        command.option("--password", options->password, "Seen by others on this machine; better:");
    command.flag("--password-stdin", options->password_from_input, "Read it from standard input.").excludes(given);
  };
  Syntax making = with_email(add("create", "Make a user, and an account unless one is named.", &create));
  with_password(making);
  making.option("--role", options->role, "owner, admin, editor or viewer.").shows_default();
  making.option("--account", options->account, "Name, id or a user's e-mail of an account that exists.");
  making.option("--plan", options->plan, "free, pro or agency, of the new account.");
  add("list", "List all users.", &list);
  with_password(with_email(add("set-password", "Change a user's password.", &set_password)));
  with_email(add("reset-link", "Print a link by which a user chooses a new password, once.", &reset_link));
  with_email(add("invite-link", "Print a link by which an invited user chooses a password, once.", &invite_link));
  with_email(add("disable", "Keep a user from signing in.", &disable));
}

}  // namespace galley::app
