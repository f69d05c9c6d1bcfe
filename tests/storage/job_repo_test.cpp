#include "storage/job_repo.hpp"

#include <catch2/catch.hpp>

#include "support/planned_connection.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_item;
using test::make_job;
using test::must;
using test::numbered;
using test::numbers;
using test::TwoSites;

struct Works : TwoSites {
  Job job = make_job(1, site);

  Works() { insert(job); }
  void insert(const Job& made) {
    must(write([&](Transaction& t) { return t.jobs().insert(made); }));
  }
  void insert(const JobItem& item) {
    must(write([&](Transaction& t) { return t.jobs().insert_item(item); }));
  }
  void update(const JobItem& item) {
    must(write([&](Transaction& t) { return t.jobs().update_item(item); }));
  }
  std::vector<JobItem> items() {
    return must(read([&](const Transaction& t) { return t.jobs().items(mine.id, job.id); }));
  }
  std::vector<JobItem> lease(Time now, Time until, int max, JobKind kind = JobKind::generate) {
    return must(write([&](Transaction& t) { return t.jobs().lease(kind, now, until, max); }));
  }
  std::optional<Time> next_due(JobKind kind = JobKind::generate, Time now = at(0)) {
    return must(read([&](const Transaction& t) { return t.jobs().next_due(kind, now); }));
  }
};

// "3 1": the articles of items, as make_item numbered them.
std::string articles(const std::vector<JobItem>& items) {
  std::string text;
  for (const JobItem& item : items)
    text += (text.empty() ? "" : " ") + std::to_string(std::stoll(item.article.text().substr(4)));
  return text;
}

TEST_CASE("jobs: a retry that waits for longer than any does is due, since the clock was put back", "[storage]") {
  Works f;
  const Milliseconds wait = Jobs::longest_retry;
  f.insert(make_item(1, f.job, at(1)));
  JobItem retried = f.lease(at(1), at(60), 1).at(0);
  retried.status = JobStatus::queued;
  retried.due_at = at(10) + wait;
  must(f.write([&](Transaction& t) { return t.jobs().update_item(retried); }));
  f.insert(make_item(2, f.job, at(20) + wait));  // scheduled for then
  CHECK(f.next_due(JobKind::generate, at(10)) == at(10) + wait);
  CHECK(f.lease(at(10), at(60), 10).empty());
  CHECK(f.next_due(JobKind::generate, at(9)) == at(9));
  CHECK(articles(f.lease(at(9), at(60), 10)) == "1");
  CHECK(f.lease(at(9), at(60), 10).empty());
}

TEST_CASE("jobs: every field comes back as it was inserted and as it was updated", "[storage]") {
  Works f;
  Job job = f.job;
  job.status = JobStatus::failed;
  job.total = 5;
  job.done = 3;
  job.failed = 2;
  job.error = ArticleError{"BROKEN", "It broke."};
  job.version = 4;
  job.updated_at = at(9);
  job.finished_at = at(9);
  must(f.write([&](Transaction& t) { return t.jobs().update(job); }));
  const Job found = must(f.read([&](const Transaction& t) { return t.jobs().find(f.mine.id, job.id); }));
  CHECK(found.project == f.site.id);
  CHECK(found.kind == JobKind::generate);
  CHECK(found.status == JobStatus::failed);
  CHECK(found.total == 5);
  CHECK(found.done == 3);
  CHECK(found.failed == 2);
  CHECK(found.error == job.error);
  CHECK(found.version == 4);
  CHECK(found.created_at == at(1));
  CHECK(found.updated_at == at(9));
  CHECK(found.finished_at == at(9));
}

TEST_CASE("jobs: items keep their options, connection and error", "[storage]") {
  Works f;
  JobItem item = make_item(7, f.job, at(5));
  item.connection = numbered<ConnectionId>(3);
  item.options = json::Value(json::Object{{"words", json::Value(std::int64_t{900})}});
  f.insert(item);
  f.insert(make_item(8, f.job, at(6)));
  const std::vector<JobItem> items = f.items();
  REQUIRE(items.size() == 2);
  CHECK(items[0].number < items[1].number);
  CHECK(items[0].job == f.job.id);
  CHECK(items[0].account == f.mine.id);
  CHECK(items[0].connection == item.connection);
  CHECK(items[0].options == item.options);
  CHECK(items[0].due_at == at(5));
  JobItem ended = items[0];
  ended.status = JobStatus::failed;
  ended.error = ArticleError{"NO", "No."};
  f.update(ended);
  const JobItem found = must(f.read([&](const Transaction& t) { return t.jobs().find_item(ended.number); }));
  CHECK(found.status == JobStatus::failed);
  CHECK(found.error == ended.error);
  CHECK(f.read([&](const Transaction& t) { return t.jobs().find_item(9999); }).error().code == ErrorCode::not_found);
}

TEST_CASE("jobs: lists are of the account or of one of its projects", "[storage]") {
  Works f;
  Job second = make_job(2, f.second);
  second.updated_at = at(0);
  f.insert(second);
  f.insert(make_job(3, f.foreign));
  const auto list = [&](const std::optional<ProjectId>& project, const Sort& sort = {}) {
    return numbers(
        must(f.read([&](const Transaction& t) { return t.jobs().list(f.mine.id, project, {.sort = sort}); })).rows);
  };
  CHECK(list(std::nullopt) == "2 1");
  CHECK(list(std::nullopt, {SortField::updated_at, true}) == "1 2");
  CHECK(list(f.second.id) == "2");
  CHECK(list(f.foreign.id).empty());
}

TEST_CASE("jobs: another account neither sees nor changes one", "[storage]") {
  Works f;
  f.insert(make_item(1, f.job, at(1)));
  const AccountId& other = f.other.id;
  CHECK(f.read([&](const Transaction& t) { return t.jobs().find(other, f.job.id); }).error().code ==
        ErrorCode::not_found);
  CHECK(must(f.read([&](const Transaction& t) { return t.jobs().items(other, f.job.id); })).empty());
  CHECK(must(f.write([&](Transaction& t) { return t.jobs().cancel_items(other, f.job.id); })).empty());
  CHECK(must(f.write([&](Transaction& t) {
          return t.jobs().cancel_of_article(other, numbered<ArticleId>(1), JobKind::generate);
        })).empty());
  CHECK_FALSE(must(f.read([&](const Transaction& t) {
                return t.jobs().last_item(other, numbered<ArticleId>(1), JobKind::generate);
              })).has_value());
  CHECK(
      f.write([&](Transaction& t) { return t.jobs().append_event(other, f.job.id, "x", "{}", at(1)); }).error().code ==
      ErrorCode::not_found);
  Job stolen = f.job;
  stolen.account = other;
  CHECK(f.write([&](Transaction& t) { return t.jobs().update(stolen); }).error().code == ErrorCode::not_found);
  JobItem item = f.items().at(0);
  item.account = other;
  CHECK(f.write([&](Transaction& t) { return t.jobs().update_item(item); }).error().code == ErrorCode::not_found);
  CHECK(f.items().at(0).status == JobStatus::queued);
}

TEST_CASE("job lease: due items of the kind come oldest first and count the attempt", "[storage]") {
  Works f;
  f.insert(make_item(3, f.job, at(30)));
  f.insert(make_item(1, f.job, at(10)));
  f.insert(make_item(2, f.job, at(20)));
  f.insert(make_item(4, f.job, at(99)));
  JobItem publish = make_item(5, f.job, at(1));
  publish.kind = JobKind::publish;
  f.insert(publish);
  CHECK(f.next_due() == at(10));
  CHECK(f.next_due(JobKind::publish) == at(1));
  CHECK_FALSE(f.next_due(JobKind::unpublish).has_value());
  CHECK(f.lease(at(9), at(50), 5).empty());
  const std::vector<JobItem> leased = f.lease(at(40), at(500), 2);
  CHECK(articles(leased) == "1 2");
  CHECK(leased[0].status == JobStatus::running);
  CHECK(leased[0].attempts == 1);
  CHECK(articles(f.lease(at(40), at(500), 5)) == "3");
  CHECK(f.lease(at(40), at(500), 5).empty());
  CHECK(f.lease(at(40), at(500), 0).empty());
  CHECK(f.next_due() == at(99));
  CHECK(articles(f.lease(at(40), at(500), 5, JobKind::publish)) == "5");
}

TEST_CASE("job lease: one that expires is leased again before all that wait", "[storage]") {
  Works f;
  f.insert(make_item(1, f.job, at(10)));
  CHECK(articles(f.lease(at(10), at(60), 5)) == "1");
  CHECK(f.next_due() == at(60));
  f.insert(make_item(2, f.job, at(20)));
  CHECK(f.next_due() == at(20));
  CHECK(f.lease(at(19), at(90), 5).empty());
  const std::vector<JobItem> again = f.lease(at(60), at(120), 1);
  CHECK(articles(again) == "1");
  CHECK(again.at(0).attempts == 2);
}

TEST_CASE("job lease: writing an item ends its lease unless it goes on running", "[storage]") {
  Works f;
  f.insert(make_item(1, f.job, at(10)));
  JobItem item = f.lease(at(10), at(60), 5).at(0);
  item.options = json::Value(json::Object{{"step", json::Value(std::int64_t{2})}});
  f.update(item);
  CHECK(f.next_due() == at(60));
  item.status = JobStatus::queued;
  item.due_at = at(30);
  f.update(item);
  CHECK(f.next_due() == at(30));
  item = f.lease(at(30), at(80), 5).at(0);
  item.status = JobStatus::succeeded;
  f.update(item);
  CHECK_FALSE(f.next_due().has_value());
  CHECK(f.lease(at(999), at(1000), 5).empty());
}

TEST_CASE("job lease: items of a finished job are left alone, and wake nobody", "[storage]") {
  Works f;
  f.insert(make_item(1, f.job, at(10)));
  f.insert(make_item(2, f.job, at(10)));
  CHECK(f.lease(at(10), at(20), 1).size() == 1);
  f.job.status = JobStatus::failed;
  must(f.write([&](Transaction& t) { return t.jobs().update(f.job); }));
  CHECK(f.lease(at(100), at(200), 5).empty());
  CHECK_FALSE(f.next_due().has_value());
}

TEST_CASE("jobs: cancelling takes what is queued and what runs, and leaves what ended", "[storage]") {
  Works f;
  for (int i = 1; i <= 3; ++i)
    f.insert(make_item(i, f.job, at(i)));
  JobItem done = f.lease(at(1), at(60), 1).at(0);
  done.status = JobStatus::succeeded;
  f.update(done);
  CHECK(articles(f.lease(at(2), at(60), 1)) == "2");
  const std::vector<JobItem> cancelled =
      must(f.write([&](Transaction& t) { return t.jobs().cancel_items(f.mine.id, f.job.id); }));
  CHECK(articles(cancelled) == "2 3");
  CHECK(cancelled.at(0).status == JobStatus::cancelled);
  CHECK(f.items().at(0).status == JobStatus::succeeded);
  CHECK(f.items().at(1).status == JobStatus::cancelled);
  CHECK(f.lease(at(999), at(1000), 5).empty());
  CHECK_FALSE(f.next_due().has_value());
}

TEST_CASE("jobs: an article's unfinished items of a kind are cancelled, and its last one is found", "[storage]") {
  Works f;
  for (const JobKind kind : {JobKind::generate, JobKind::publish, JobKind::publish}) {
    JobItem item = make_item(7, f.job, at(1));
    item.kind = kind;
    f.insert(item);
  }
  f.insert(make_item(8, f.job, at(1)));
  const auto last = [&](JobKind kind) {
    return must(
        f.read([&](const Transaction& t) { return t.jobs().last_item(f.mine.id, numbered<ArticleId>(7), kind); }));
  };
  CHECK(last(JobKind::publish).value().number == f.items().at(2).number);
  CHECK(last(JobKind::generate).value().number == f.items().at(0).number);
  CHECK_FALSE(last(JobKind::unpublish).has_value());
  const std::vector<JobItem> cancelled = must(f.write(
      [&](Transaction& t) { return t.jobs().cancel_of_article(f.mine.id, numbered<ArticleId>(7), JobKind::publish); }));
  CHECK(cancelled.size() == 2);
  CHECK(last(JobKind::publish).value().status == JobStatus::cancelled);
  CHECK(f.items().at(0).status == JobStatus::queued);
  CHECK(f.items().at(3).status == JobStatus::queued);
}

TEST_CASE("jobs: events are read behind a number, oldest first, of one job alone", "[storage]") {
  Works f;
  f.insert(make_job(2, f.site));
  const auto append = [&](const JobId& id, const std::string& body) {
    must(f.write([&](Transaction& t) { return t.jobs().append_event(f.mine.id, id, "progress", body, at(1)); }));
  };
  append(f.job.id, "1");
  append(numbered<JobId>(2), "other");
  append(f.job.id, "2");
  append(f.job.id, "3");
  const auto events = [&](const AccountId& account, std::int64_t after, int max) {
    return must(f.read([&](const Transaction& t) { return t.jobs().events(account, f.job.id, after, max); }));
  };
  const std::vector<JobEvent> all = events(f.mine.id, 0, 10);
  REQUIRE(all.size() == 3);
  CHECK(all[0].body == "1");
  CHECK(all[2].body == "3");
  CHECK(all[0].type == "progress");
  const std::vector<JobEvent> rest = events(f.mine.id, all[0].number, 1);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].body == "2");
  CHECK(events(f.mine.id, all[2].number, 10).empty());
  CHECK(events(f.other.id, 0, 10).empty());
}

TEST_CASE("jobs: removing a project takes its jobs, items and events along", "[storage]") {
  Works f;
  f.insert(make_item(1, f.job, at(1)));
  must(f.write([&](Transaction& t) { return t.jobs().append_event(f.mine.id, f.job.id, "x", "{}", at(1)); }));
  must(f.write([&](Transaction& t) { return t.projects().remove(f.mine.id, f.site.id); }));
  CHECK(f.items().empty());
  CHECK(f.lease(at(10), at(20), 5).empty());
  CHECK(must(f.read([&](const Transaction& t) { return t.jobs().events(f.mine.id, f.job.id, 0, 5); })).empty());
}

TEST_CASE("jobs: no statement walks or sorts a table", "[storage]") {
  test::PlannedConnection connection;
  storage::JobRepo repo(connection);
  const AccountId account("acc_1");
  const JobId job("job_1");
  must(repo.lease(JobKind::generate, at(0), at(1), 5));
  must(repo.next_due(JobKind::generate, at(0)));
  must(repo.cancel_items(account, job));
  must(repo.cancel_of_article(account, ArticleId("art_1"), JobKind::publish));
  must(repo.last_item(account, ArticleId("art_1"), JobKind::publish));
  must(repo.items(account, job));
  must(repo.events(account, job, 0, 5));
  must(repo.list(account, std::nullopt, {}));
  must(repo.list(account, ProjectId("proj_1"), {}));
  must(repo.list(account, ProjectId("proj_1"), {.sort = {SortField::updated_at, true}}));
  const std::string plans = connection.take_plans();
  CHECK_THAT(plans, test::uses_indexes());
  CHECK_THAT(plans, Catch::Contains("job_items_due (kind=? AND due_at<?)"));
  CHECK_THAT(plans, Catch::Contains("job_items_leased (kind=? AND lease_until<?)"));
}

}  // namespace
}  // namespace galley
