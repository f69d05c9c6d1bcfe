#include "storage/account_repo.hpp"

#include "base/encoding.hpp"
#include "storage/browsing.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view select_account =
    "SELECT id, name, plan, plan_since, unlimited_credits, created_at FROM accounts ";
constexpr std::string_view user_columns =
    "id, account_id, email, role, password_hash, disabled, created_at, username, first_name, last_name, "
    "signed_in_since, row";
const std::string select_user = "SELECT " + std::string(user_columns) + " FROM users ";

Account read_account(const Row& row) {
  Account account;
  row.into(account.id, account.name, account.plan, account.plan_since, account.unlimited_credits, account.created_at);
  return account;
}

User read_user(const Row& row) {
  User user;
  row.into(user.id, user.account, user.email, user.role, user.password_hash, user.disabled, user.created_at,
           user.username, user.first_name, user.last_name, user.signed_in_since, user.number);
  return user;
}

void bind_user(Query& query, const User& user) {
  query.bind("id", user.id).bind("account", user.account).bind("email", to_lower_ascii(user.email));
  query.bind("role", user.role).bind("password_hash", user.password_hash).bind("disabled", user.disabled);
  query.bind("username", user.username).bind("first_name", user.first_name).bind("last_name", user.last_name);
  query.bind("since", user.signed_in_since);
}

Result<void> run_user(Query& query) {
  const SqlResult<void> done = query.run();
  if (done.has_value()) return {};
  if (done.error().violates("users_email")) return conflict("A user with this e-mail address exists already.");
  return Error(done.error());
}

struct OwnedTable {
  std::string_view prefix;  // of its ids
  std::string_view name;
  std::string_view account = "account_id";
};
constexpr OwnedTable owned_tables[] = {
    {ProjectTag::prefix, "projects"},
    {ClusterTag::prefix, "clusters"},
    {KeywordTag::prefix, "keywords"},
    {ConnectionTag::prefix, "connections"},
    {WebhookTag::prefix, "webhooks"},
    {ArticleTag::prefix, "articles"},
    {PublicationTag::prefix, "publications"},
    {IdeaTag::prefix, "ideas"},
    {WritingTaskTag::prefix, "writing_tasks"},
    {JobTag::prefix, "jobs"},
    {UserTag::prefix, "users"},
    {AccountTag::prefix, "accounts", "id"},
};

const OwnedTable* find_table(std::string_view prefix) {
  for (const OwnedTable& table : owned_tables)
    if (table.prefix == prefix) return &table;
  return nullptr;
}

Error no_table(std::string_view prefix) {
  return internal_error("no table whose ids begin with " + std::string(prefix));
}

std::string sql(std::string_view select, std::string_view rest) {
  return std::string(select) + std::string(rest);
}

}  // namespace

Result<Account> AccountRepo::find(const AccountId& id) const {
  Query query = connection_.query(sql(select_account, "WHERE id = $id"));
  if (!GALLEY_TRY(query.bind("id", id).step())) return not_found(AccountTag::noun, id.text());
  return read_account(query.row());
}

Result<Account> AccountRepo::find_by_any(const std::string& text) const {
  Query exact = connection_.query(
      sql(select_account, "WHERE id = $id OR id = (SELECT account_id FROM users WHERE email = $email)"));
  if (GALLEY_TRY(exact.bind("id", text).bind("email", to_lower_ascii(text)).step())) return read_account(exact.row());
  Query named = connection_.query(sql(select_account, "WHERE name = $name ORDER BY row LIMIT 2"));
  if (!GALLEY_TRY(named.bind("name", text).step())) return not_found(AccountTag::noun, text);
  Account account = read_account(named.row());
  if (GALLEY_TRY(named.step())) return conflict("Several accounts have this name. Please give the account's id.");
  return account;
}

Result<std::vector<Account>> AccountRepo::all(int max) const {
  Query query = connection_.query(sql(select_account, "ORDER BY row LIMIT $max"));
  query.bind("max", max);
  std::vector<Account> accounts;
  while (GALLEY_TRY(query.step()))
    accounts.push_back(read_account(query.row()));
  return accounts;
}

Result<Ownership> AccountRepo::ownership_of(const AccountId& account, std::string_view prefix,
                                            const std::string& id) const {
  const OwnedTable* table = find_table(prefix);
  if (table == nullptr) return no_table(prefix);
  Query query = connection_.query("SELECT " + std::string(table->account) + " = $account FROM " +
                                  std::string(table->name) + " WHERE id = $id");
  if (!GALLEY_TRY(query.bind("account", account).bind("id", id).step())) return Ownership::nobodys;
  return query.row().get<bool>(0) ? Ownership::own : Ownership::foreign;
}

Result<std::int64_t> AccountRepo::number_of(const AccountId& account, std::string_view prefix,
                                            const std::string& id) const {
  const OwnedTable* table = find_table(prefix);
  if (table == nullptr) return no_table(prefix);
  Query query = connection_.query("SELECT row FROM " + std::string(table->name) + " WHERE id = $id AND " +
                                  std::string(table->account) + " = $account");
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step())) return not_found("row", id);
  return query.row().get<std::int64_t>(0);
}

Result<std::string> AccountRepo::id_of(const AccountId& account, std::string_view prefix, std::int64_t number) const {
  const OwnedTable* table = find_table(prefix);
  if (table == nullptr) return no_table(prefix);
  Query query = connection_.query("SELECT id FROM " + std::string(table->name) + " WHERE row = $number AND " +
                                  std::string(table->account) + " = $account");
  if (!GALLEY_TRY(query.bind("number", number).bind("account", account).step()))
    return not_found("row", std::to_string(number));
  return query.row().get<std::string>(0);
}

Result<void> AccountRepo::insert(const Account& account) {
  Query query = connection_.query(
      "INSERT INTO accounts (id, name, plan, plan_since, unlimited_credits, created_at) "
      "VALUES ($id, $name, $plan, $plan_since, $unlimited_credits, $created_at)");
  query.bind("id", account.id).bind("name", account.name).bind("plan", account.plan);
  query.bind("plan_since", account.plan_since).bind("unlimited_credits", account.unlimited_credits);
  GALLEY_TRY(query.bind("created_at", account.created_at).run());
  return {};
}

Result<void> AccountRepo::set_plan(const AccountId& id, Plan plan, Time since) {
  Query query = connection_.query("UPDATE accounts SET plan = $plan, plan_since = $since WHERE id = $id");
  GALLEY_TRY(query.bind("plan", plan).bind("since", since).bind("id", id).run());
  return require_change(connection_, AccountTag::noun, id.text());
}

Result<std::vector<User>> AccountRepo::users(const AccountId& account) const {
  Query query = connection_.query(sql(select_user, "WHERE account_id = $account ORDER BY row"));
  query.bind("account", account);
  std::vector<User> users;
  while (GALLEY_TRY(query.step()))
    users.push_back(read_user(query.row()));
  return users;
}

Result<Counted<User>> AccountRepo::browse_users(const AccountId& account, const std::string& search,
                                                const NumberedPage& page) const {
  const std::optional<ProjectId> all;
  Wanted rows(account, all);
  rows.containing("email", search);
  const BrowseSql list{.columns = std::string(user_columns), .table = "users"};
  return browse_rows<User>(connection_, list, rows, page, read_user);
}

Result<User> AccountRepo::find_user(const std::string& email) const {
  Query query = connection_.query(sql(select_user, "WHERE email = $email"));
  if (!GALLEY_TRY(query.bind("email", to_lower_ascii(email)).step())) return not_found(UserTag::noun, email);
  return read_user(query.row());
}

Result<User> AccountRepo::find_user(std::int64_t number) const {
  Query query = connection_.query(sql(select_user, "WHERE row = $number"));
  if (!GALLEY_TRY(query.bind("number", number).step())) return not_found(UserTag::noun, std::to_string(number));
  return read_user(query.row());
}

Result<User> AccountRepo::find_user(const AccountId& account, const UserId& id) const {
  Query query = connection_.query(sql(select_user, "WHERE id = $id AND account_id = $account"));
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step())) return not_found(UserTag::noun, id.text());
  return read_user(query.row());
}

Result<void> AccountRepo::insert_user(const User& user) {
  Query query = connection_.query(
      "INSERT INTO users (id, account_id, email, role, password_hash, disabled, created_at, username, first_name, "
      "last_name, signed_in_since) VALUES ($id, $account, $email, $role, $password_hash, $disabled, $created_at, "
      "$username, $first_name, $last_name, $since)");
  bind_user(query, user);
  query.bind("created_at", user.created_at);
  return run_user(query);
}

Result<void> AccountRepo::update_user(const User& user) {
  Query query = connection_.query(
      "UPDATE users SET email = $email, role = $role, password_hash = $password_hash, disabled = $disabled, "
      "username = $username, first_name = $first_name, last_name = $last_name, signed_in_since = $since "
      "WHERE id = $id AND account_id = $account");
  bind_user(query, user);
  GALLEY_TRY(run_user(query));
  return require_change(connection_, UserTag::noun, user.id.text());
}

Result<void> AccountRepo::remove_user(const AccountId& account, const UserId& id) {
  Query query = connection_.query("DELETE FROM users WHERE id = $id AND account_id = $account");
  GALLEY_TRY(query.bind("id", id).bind("account", account).run());
  return require_change(connection_, UserTag::noun, id.text());
}

Result<QuotaUsage> AccountRepo::usage(const AccountId& account, const QuotaPeriod& period) const {
  Query query = connection_.query(
      "SELECT reserved, spent FROM quota_usage WHERE account_id = $account AND period_from = $period");
  QuotaUsage usage;
  if (GALLEY_TRY(query.bind("account", account).bind("period", period.from).step()))
    query.row().into(usage.reserved, usage.spent);
  return usage;
}

Result<void> AccountRepo::add_usage(const AccountId& account, const QuotaPeriod& period, std::int64_t reserved,
                                    std::int64_t spent) {
  Query query = connection_.query(
      "INSERT INTO quota_usage (account_id, period_from, reserved, spent) VALUES ($account, $period, $reserved, "
      "$spent) "
      "ON CONFLICT (account_id, period_from) DO UPDATE SET reserved = quota_usage.reserved + excluded.reserved, "
      "spent = quota_usage.spent + excluded.spent");
  query.bind("account", account).bind("period", period.from).bind("reserved", reserved).bind("spent", spent);
  GALLEY_TRY(query.run());
  return {};
}

}  // namespace galley::storage
