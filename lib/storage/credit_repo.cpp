#include "storage/credit_repo.hpp"

#include "base/encoding.hpp"
#include "storage/browsing.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view entry_columns =
    "row, account_id, kind, operation, amount, balance, reference, note, created_at";
constexpr std::string_view use_columns =
    "row, account_id, project_id, operation, model, credits, cost, input_tokens, output_tokens, reference, created_at";

CreditEntry read_entry(const Row& row) {
  CreditEntry entry;
  row.into(entry.number, entry.account, entry.kind, entry.operation, entry.amount, entry.balance, entry.reference,
           entry.note, entry.created_at);
  return entry;
}

CreditUse read_use(const Row& row) {
  CreditUse use;
  row.into(use.number, use.account, use.project, use.operation, use.model, use.credits, use.cost, use.input_tokens,
           use.output_tokens, use.reference, use.created_at);
  return use;
}

}  // namespace

Result<std::optional<CreditEntry>> CreditRepo::newest(const AccountId& account) const {
  Query query = connection_.query("SELECT " + std::string(entry_columns) +
                                  " FROM credit_entries WHERE account_id = $account ORDER BY row DESC LIMIT 1");
  if (!GALLEY_TRY(query.bind("account", account).step())) return std::optional<CreditEntry>();
  return std::optional(read_entry(query.row()));
}

Result<std::optional<Time>> CreditRepo::last_renewal(const AccountId& account) const {
  Query query = connection_.query(
      "SELECT created_at FROM credit_entries WHERE account_id = $account AND kind = 'renewal' ORDER BY row DESC "
      "LIMIT 1");
  if (!GALLEY_TRY(query.bind("account", account).step())) return std::optional<Time>();
  return std::optional(query.row().get<Time>(0));
}

Result<Counted<CreditEntry>> CreditRepo::entries(const AccountId& account, const std::optional<CreditKind>& kind,
                                                 const NumberedPage& page) const {
  const std::optional<ProjectId> all;
  Wanted rows(account, all);
  rows.with("kind = $kind", "kind", kind);
  const BrowseSql list{.columns = std::string(entry_columns), .table = "credit_entries", .order = "row DESC"};
  return browse_rows<CreditEntry>(connection_, list, rows, page, read_entry);
}

Result<std::int64_t> CreditRepo::used_since(const AccountId& account, Time since) const {
  Query query = connection_.query(
      "SELECT coalesce(-sum(amount), 0) FROM credit_entries WHERE account_id = $account AND created_at >= $since "
      "AND kind <> 'renewal'");
  GALLEY_TRY(query.bind("account", account).bind("since", since).step());
  return query.row().get<std::int64_t>(0);
}

Result<CreditEntry> CreditRepo::append(CreditEntry entry) {
  const std::optional<CreditEntry> before = GALLEY_TRY(newest(entry.account));
  entry.balance = (before ? before->balance : 0) + entry.amount;
  Query query = connection_.query(
      "INSERT INTO credit_entries (account_id, kind, operation, amount, balance, reference, note, created_at) "
      "VALUES ($account, $kind, $operation, $amount, $balance, $reference, $note, $created_at) RETURNING row");
  query.bind("account", entry.account).bind("kind", entry.kind).bind("operation", entry.operation);
  query.bind("amount", entry.amount).bind("balance", entry.balance).bind("reference", entry.reference);
  GALLEY_TRY(query.bind("note", entry.note).bind("created_at", entry.created_at).step());
  entry.number = query.row().get<std::int64_t>(0);
  return entry;
}

Result<void> CreditRepo::log(const CreditUse& use) {
  Query query = connection_.query(
      "INSERT INTO credit_uses (account_id, project_id, operation, model, credits, cost, input_tokens, output_tokens, "
      "reference, created_at) VALUES ($account, $project, $operation, $model, $credits, $cost, $input_tokens, "
      "$output_tokens, $reference, $created_at)");
  query.bind("account", use.account).bind("project", use.project).bind("operation", use.operation);
  query.bind("model", use.model).bind("credits", use.credits).bind("cost", use.cost);
  query.bind("input_tokens", use.input_tokens).bind("output_tokens", use.output_tokens);
  GALLEY_TRY(query.bind("reference", use.reference).bind("created_at", use.created_at).run());
  return {};
}

Result<Counted<CreditUse>> CreditRepo::uses(const AccountId& account, const std::optional<CreditOperation>& operation,
                                            const NumberedPage& page) const {
  const std::optional<ProjectId> all;
  Wanted rows(account, all);
  rows.with("operation = $operation", "operation", operation);
  const BrowseSql list{.columns = std::string(use_columns), .table = "credit_uses", .order = "row DESC"};
  return browse_rows<CreditUse>(connection_, list, rows, page, read_use);
}

Result<std::vector<CreditUseSum>> CreditRepo::sums(const AccountId& account, Time from, Time until) const {
  Query query = connection_.query(
      "SELECT created_at / 86400000 AS day, operation, model, count(*), sum(credits), sum(cost) FROM credit_uses "
      "WHERE account_id = $account AND created_at >= $from AND created_at < $until "
      "GROUP BY day, operation, model ORDER BY day, operation, model");
  query.bind("account", account).bind("from", from).bind("until", until);
  std::vector<CreditUseSum> sums;
  while (GALLEY_TRY(query.step())) {
    CreditUseSum& sum = sums.emplace_back();
    std::int64_t day = 0;
    query.row().into(day, sum.operation, sum.model, sum.uses, sum.credits, sum.cost);
    sum.day = to_date(Time(std::chrono::days(day)));
  }
  return sums;
}

}  // namespace galley::storage
