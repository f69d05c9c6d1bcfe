#include <iostream>

#include "app/commands/syntax.hpp"

namespace galley::app {

namespace {

struct Options {
  std::string account;
  std::string plan;
};

Exit set_plan(Session& session, const Options& options) {
  const std::optional<Plan> plan = from_text<Plan>(options.plan);
  if (!plan) return report(invalid("plan", "must be free, pro or agency"), session.terminal);
  return with_backend(session, [&](Backend& backend) {
    const auto changed = backend.store->write_and_wait(
        [&](Transaction& transaction) { return backend.accounts.set_plan(transaction, options.account, *plan); });
    if (!changed) return report(changed.error(), session.terminal);
    session.terminal.out << changed->id.text() << '\t' << to_text(changed->plan) << '\n';
    return Exit::done;
  });
}

}  // namespace

void declare_plan(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  syntax.needs_command();
  Syntax set = syntax.command("set", "Change an account's plan; its month begins anew.");
  set.option("--account", options->account, "Name, id, or a user's e-mail.").required();
  set.option("plan", options->plan, "free, pro or agency.").required();
  set.runs([options](Session& session) { return set_plan(session, *options); });
}

}  // namespace galley::app
