#include "storage/job_repo.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "storage/paging.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view job_columns =
    "id, account_id, project_id, kind, status, total, done, failed, error_code, error_message, version, created_at, "
    "updated_at, finished_at";
constexpr std::string_view item_columns =
    "row, job_id, account_id, kind, article_id, connection_id, options, status, attempts, due_at, error_code, "
    "error_message";
constexpr std::string_view of_unfinished_job =
    " AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = job_items.job_id AND jobs.status IN ('queued', 'running'))";

std::optional<ArticleError> error_of(std::optional<std::string> code, std::optional<std::string> message) {
  if (!code) return std::nullopt;
  return ArticleError{*std::move(code), std::move(message).value_or("")};
}

Job read_job(const Row& row) {
  Job job;
  std::optional<std::string> code;
  std::optional<std::string> message;
  row.into(job.id, job.account, job.project, job.kind, job.status, job.total, job.done, job.failed, code, message,
           job.version, job.created_at, job.updated_at, job.finished_at);
  job.error = error_of(std::move(code), std::move(message));
  return job;
}

JobItem read_item(const Row& row) {
  JobItem item;
  std::optional<std::string> code;
  std::optional<std::string> message;
  row.into(item.number, item.job, item.account, item.kind, item.article, item.connection, item.options, item.status,
           item.attempts, item.due_at, code, message);
  item.error = error_of(std::move(code), std::move(message));
  return item;
}

void bind_error(Query& query, const std::optional<ArticleError>& error) {
  query.bind("error_code", error ? std::optional(error->code) : std::nullopt);
  query.bind("error_message", error ? std::optional(error->message) : std::nullopt);
}

// What an update writes too.
void bind_job(Query& query, const Job& job) {
  query.bind("id", job.id).bind("account", job.account).bind("status", job.status).bind("total", job.total);
  query.bind("done", job.done).bind("failed", job.failed).bind("version", job.version);
  query.bind("updated_at", job.updated_at).bind("finished_at", job.finished_at);
  bind_error(query, job.error);
}

Result<std::vector<JobItem>> read_by_number(Query& query) {
  std::vector<JobItem> items;
  while (GALLEY_TRY(query.step()))
    items.push_back(read_item(query.row()));
  std::ranges::sort(items, {}, &JobItem::number);  // RETURNING promises no order
  return items;
}

std::string cancel_sql(std::string_view which) {
  return "UPDATE job_items SET status = 'cancelled', lease_until = NULL WHERE " + std::string(which) +
         " AND account_id = $account AND status IN ('queued', 'running') RETURNING " + std::string(item_columns);
}

std::string lease_sql(std::string_view candidates, const SpecificSql& specific) {
  return "UPDATE job_items SET status = 'running', attempts = attempts + 1, lease_until = $until WHERE row IN (" +
         std::string(candidates) + " LIMIT $limit " + std::string(specific.lock_rows) + ") RETURNING " +
         std::string(item_columns);
}

}  // namespace

namespace {

Result<std::int64_t> count_jobs(Connection& connection, const AccountId& account, std::string_view condition,
                                Time since) {
  Query query = connection.query("SELECT count(*) FROM (SELECT 1 FROM jobs WHERE account_id = $account AND " +
                                 std::string(condition) + " LIMIT $most)");
  query.bind("account", account).bind("most", most_counted);
  if (condition.find("$since") != std::string_view::npos) query.bind("since", since);
  GALLEY_TRY(query.step());
  return query.row().get<std::int64_t>(0);
}

}  // namespace

Result<JobCounts> JobRepo::counts(const AccountId& account, Time failed_since) const {
  return JobCounts{.queued = GALLEY_TRY(count_jobs(connection_, account, "status = 'queued'", failed_since)),
                   .running = GALLEY_TRY(count_jobs(connection_, account, "status = 'running'", failed_since)),
                   .failed = GALLEY_TRY(
                       count_jobs(connection_, account, "status = 'failed' AND finished_at >= $since", failed_since))};
}

JobRepo::JobRepo(Connection& connection)
    : connection_(connection),
      lease_expired_sql_(lease_sql("SELECT row FROM job_items WHERE kind = $kind AND status = 'running' AND "
                                   "lease_until <= $now" +
                                       std::string(of_unfinished_job) + " ORDER BY lease_until, row",
                                   connection.specific())),
      lease_late_sql_(lease_sql("SELECT row FROM job_items WHERE kind = $kind AND status = 'queued' AND attempts > 0 "
                                "AND due_at > $now" +
                                    std::string(of_unfinished_job) + " ORDER BY due_at, row",
                                connection.specific())),
      lease_queued_sql_(lease_sql("SELECT row FROM job_items WHERE kind = $kind AND status = 'queued' AND "
                                  "due_at <= $now" +
                                      std::string(of_unfinished_job) + " ORDER BY due_at, row",
                                  connection.specific())) {}

Result<Job> JobRepo::find(const AccountId& account, const JobId& id) const {
  static const std::string sql =
      "SELECT " + std::string(job_columns) + " FROM jobs WHERE id = $id AND account_id = $account";
  Query query = connection_.query(sql);
  query.bind("id", id).bind("account", account);
  if (!GALLEY_TRY(query.step())) return not_found("job", id.text());
  return read_job(query.row());
}

Result<Page<Job>> JobRepo::list(const AccountId& account, const std::optional<ProjectId>& project,
                                const PageRequest& page) const {
  // Whose project it is, is asked for once, so that the total is counted from its index alone.
  const ListSql list{
      .columns = std::string(job_columns),
      .from = "jobs",
      .where = project ? "project_id = $project AND EXISTS (SELECT 1 FROM projects WHERE projects.id = $project "
                         "AND projects.account_id = $account)"
                       : "account_id = $account"};
  const auto bind = [&](Query& query) {
    query.bind("account", account);
    if (project) query.bind("project", *project);
  };
  return read_page<Job>(connection_, list, page, bind, read_job);
}

Result<std::vector<JobItem>> JobRepo::items(const AccountId& account, const JobId& id) const {
  static const std::string sql = "SELECT " + std::string(item_columns) +
                                 " FROM job_items WHERE job_id = $job AND account_id = $account ORDER BY row";
  Query query = connection_.query(sql);
  query.bind("job", id).bind("account", account);
  std::vector<JobItem> items;
  while (GALLEY_TRY(query.step()))
    items.push_back(read_item(query.row()));
  return items;
}

Result<void> JobRepo::insert(const Job& job) {
  Query query = connection_.query(
      "INSERT INTO jobs (id, account_id, project_id, kind, status, total, done, failed, error_code, error_message, "
      "version, created_at, updated_at, finished_at) VALUES ($id, $account, $project, $kind, $status, $total, $done, "
      "$failed, $error_code, $error_message, $version, $created_at, $updated_at, $finished_at)");
  bind_job(query, job);
  query.bind("project", job.project).bind("kind", job.kind).bind("created_at", job.created_at);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> JobRepo::update(const Job& job) {
  Query query = connection_.query(
      "UPDATE jobs SET status = $status, total = $total, done = $done, failed = $failed, error_code = $error_code, "
      "error_message = $error_message, version = $version, updated_at = $updated_at, finished_at = $finished_at "
      "WHERE id = $id AND account_id = $account");
  bind_job(query, job);
  GALLEY_TRY(query.run());
  return require_change(connection_, "job", job.id.text());
}

Result<void> JobRepo::insert_item(const JobItem& item) {
  Query query = connection_.query(
      "INSERT INTO job_items (account_id, job_id, kind, article_id, connection_id, options, status, attempts, due_at, "
      "error_code, error_message) VALUES ($account, $job, $kind, $article, $connection, $options, $status, $attempts, "
      "$due_at, $error_code, $error_message)");
  query.bind("account", item.account).bind("job", item.job).bind("kind", item.kind).bind("article", item.article);
  query.bind("connection", item.connection).bind("options", item.options).bind("status", item.status);
  query.bind("attempts", item.attempts).bind("due_at", item.due_at);
  bind_error(query, item.error);
  GALLEY_TRY(query.run());
  return {};
}

Result<void> JobRepo::update_item(const JobItem& item) {
  Query query = connection_.query(
      "UPDATE job_items SET options = $options, status = $status, attempts = $attempts, due_at = $due_at, "
      "error_code = $error_code, error_message = $error_message, "
      "lease_until = CASE WHEN $status = 'running' THEN lease_until END "
      "WHERE row = $number AND account_id = $account");
  query.bind("options", item.options).bind("status", item.status).bind("attempts", item.attempts);
  query.bind("due_at", item.due_at).bind("number", item.number).bind("account", item.account);
  bind_error(query, item.error);
  GALLEY_TRY(query.run());
  return require_change(connection_, "item", std::to_string(item.number));
}

Result<std::vector<JobItem>> JobRepo::cancel_items(const AccountId& account, const JobId& id) {
  static const std::string sql = cancel_sql("job_id = $job");
  Query query = connection_.query(sql);
  query.bind("job", id).bind("account", account);
  return read_by_number(query);
}

Result<std::vector<JobItem>> JobRepo::cancel_of_article(const AccountId& account, const ArticleId& article,
                                                        JobKind kind) {
  static const std::string sql = cancel_sql("article_id = $article AND kind = $kind");
  Query query = connection_.query(sql);
  query.bind("article", article).bind("kind", kind).bind("account", account);
  return read_by_number(query);
}

Result<std::optional<JobItem>> JobRepo::last_item(const AccountId& account, const ArticleId& article,
                                                  JobKind kind) const {
  static const std::string sql = "SELECT " + std::string(item_columns) +
                                 " FROM job_items WHERE article_id = $article AND kind = $kind "
                                 "AND account_id = $account ORDER BY row DESC LIMIT 1";
  Query query = connection_.query(sql);
  query.bind("article", article).bind("kind", kind).bind("account", account);
  if (!GALLEY_TRY(query.step())) return std::optional<JobItem>();
  return std::optional<JobItem>(read_item(query.row()));
}

Result<void> JobRepo::lease_by(const std::string& sql, JobKind kind, Time now, Time until, int max,
                               std::vector<JobItem>& out) {
  if (max <= 0) return {};
  Query query = connection_.query(sql);
  query.bind("kind", kind).bind("now", now).bind("until", until).bind("limit", max);
  const auto first = static_cast<std::ptrdiff_t>(out.size());
  while (GALLEY_TRY(query.step()))
    out.push_back(read_item(query.row()));
  std::sort(out.begin() + first, out.end(), [](const JobItem& a, const JobItem& b) {
    return std::tie(a.due_at, a.number) < std::tie(b.due_at, b.number);
  });
  return {};
}

Result<std::vector<JobItem>> JobRepo::lease(JobKind kind, Time now, Time until, int max) {
  std::vector<JobItem> items;
  // Those whose lease ended were due before all that still wait.
  GALLEY_TRY(lease_by(lease_expired_sql_, kind, now, until, max, items));
  GALLEY_TRY(lease_by(lease_late_sql_, kind, now + longest_retry, until, max - static_cast<int>(items.size()), items));
  GALLEY_TRY(lease_by(lease_queued_sql_, kind, now, until, max - static_cast<int>(items.size()), items));
  return items;
}

Result<JobItem> JobRepo::find_item(std::int64_t number) const {
  static const std::string sql = "SELECT " + std::string(item_columns) + " FROM job_items WHERE row = $number";
  Query query = connection_.query(sql);
  query.bind("number", number);
  if (!GALLEY_TRY(query.step())) return not_found("item", std::to_string(number));
  return read_item(query.row());
}

Result<std::optional<Time>> JobRepo::next_due(JobKind kind, Time now) const {
  static const std::string late_sql =
      "SELECT 1 FROM job_items WHERE kind = $kind AND status = 'queued' AND attempts > 0 AND due_at > $late" +
      std::string(of_unfinished_job) + " LIMIT 1";
  {
    Query query = connection_.query(late_sql);
    query.bind("kind", kind).bind("late", now + longest_retry);
    if (GALLEY_TRY(query.step())) return std::optional(now);
  }
  static const std::string queued_sql = "SELECT due_at FROM job_items WHERE kind = $kind AND status = 'queued'" +
                                        std::string(of_unfinished_job) + " ORDER BY due_at LIMIT 1";
  static const std::string leased_sql =
      "SELECT lease_until FROM job_items WHERE kind = $kind AND status = 'running' "
      "AND lease_until IS NOT NULL" +
      std::string(of_unfinished_job) + " ORDER BY lease_until LIMIT 1";
  std::optional<Time> next;
  for (const std::string* sql : {&queued_sql, &leased_sql}) {
    Query query = connection_.query(*sql);
    query.bind("kind", kind);
    if (!GALLEY_TRY(query.step())) continue;
    const Time due = query.row().get<Time>(0);
    if (!next || due < *next) next = due;
  }
  return next;
}

Result<void> JobRepo::append_event(const AccountId& account, const JobId& job, const std::string& type,
                                   const std::string& body, Time now) {
  // From the job's row, so that no event lands in another account's stream.
  Query query = connection_.query(
      "INSERT INTO job_events (account_id, job_id, type, body, created_at) "
      "SELECT account_id, id, $type, $body, $now FROM jobs WHERE id = $job AND account_id = $account");
  query.bind("type", type).bind("body", body).bind("now", now).bind("job", job).bind("account", account);
  GALLEY_TRY(query.run());
  return require_change(connection_, "job", job.text());
}

Result<std::vector<JobEvent>> JobRepo::events(const AccountId& account, const JobId& job, std::int64_t after,
                                              int max) const {
  Query query = connection_.query(
      "SELECT row, type, body FROM job_events WHERE job_id = $job AND account_id = $account AND row > $after "
      "ORDER BY row LIMIT $limit");
  query.bind("job", job).bind("account", account).bind("after", after).bind("limit", max);
  std::vector<JobEvent> events;
  while (GALLEY_TRY(query.step())) {
    JobEvent& event = events.emplace_back();
    query.row().into(event.number, event.type, event.body);
  }
  return events;
}

}  // namespace galley::storage
