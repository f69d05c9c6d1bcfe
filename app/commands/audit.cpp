#include <iostream>

#include "app/commands/syntax.hpp"
#include "base/crypto.hpp"
#include "base/json.hpp"

namespace galley::app {

namespace {

constexpr int most_accounts = 1000;

void print(const Account& account, const service::AuditVerdict& verdict, Session& session) {
  const std::string state = verdict.fault ? "broken" : "whole";
  const std::string head = verdict.entries > 0 ? to_hex(verdict.head) : "-";
  if (session.json) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object()
        .member("accountId", account.id.text())
        .member("state", state)
        .member("entries", verdict.entries)
        .member("head", head);
    if (verdict.fault) writer.member("fault", *verdict.fault);
    writer.end_object();
    session.terminal.out << text << '\n';
    return;
  }
  session.terminal.out << account.id.text() << '\t' << state << '\t' << verdict.entries << '\t' << head;
  if (verdict.fault) session.terminal.out << '\t' << *verdict.fault;
  session.terminal.out << '\n';
}

Result<std::vector<Account>> accounts_of(Backend& backend, const std::string& wanted) {
  return backend.store->read([&](const Transaction& transaction) -> Result<std::vector<Account>> {
    if (wanted.empty()) return transaction.accounts().all(most_accounts);
    return std::vector<Account>{GALLEY_TRY(transaction.accounts().find_by_any(wanted))};
  });
}

Exit verify(Session& session, const std::string& wanted) {
  return with_backend(session, [&](Backend& backend) {
    const auto accounts = accounts_of(backend, wanted);
    if (!accounts) return report(accounts.error(), session.terminal);
    bool whole = true;
    for (const Account& account : *accounts) {
      const Result<service::AuditVerdict> verdict = backend.audits.verify(account.id);
      if (!verdict) return report(verdict.error(), session.terminal);
      print(account, *verdict, session);
      whole = whole && !verdict->fault;
    }
    return whole ? Exit::done : Exit::failed;
  });
}

}  // namespace

void declare_audit(Syntax syntax) {
  // Owners: the option on the command line and the function that runs.
  const auto account = std::make_shared<std::string>();
  syntax.needs_command();
  Syntax verifying = syntax.command(
      "verify",
      "Check that no entry was changed or taken out. Prints how many there are and the last one's hash: kept "
      "elsewhere, it shows a trail that was cut short.");
  verifying.option("--account", *account, "Name, id, or a user's e-mail; all accounts where it is not given.");
  verifying.runs([account](Session& session) { return verify(session, *account); });
}

}  // namespace galley::app
