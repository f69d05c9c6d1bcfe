#include "service/job_service.hpp"

#include <catch2/catch.hpp>

#include "service/generation_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::JobDetail;
using service::QueuedGeneration;

namespace {

Texts news_of(ServiceBench& bench, const JobId& id) {
  Texts lines;
  for (const auto& [number, news] : bench.must(bench.jobs.news(bench.owner, id, 0, 100)))
    lines.push_back(news.type + " " + std::string(to_text(news.status)) + " " + std::to_string(news.done) + "+" +
                    std::to_string(news.failed) + "/" + std::to_string(news.total) +
                    (news.article_status ? " " + std::string(to_text(*news.article_status)) : ""));
  return lines;
}

}  // namespace

TEST_CASE("generation: a job counts what is done and failed, tells each step, and ends once", "[service]") {
  ServiceBench bench;
  bench.generator.answers.push_back(ScriptedGenerator::article_about("a"));
  bench.generator.answers.push_back(conflict("No."));
  bench.generator.answers.push_back(ScriptedGenerator::article_about("c"));
  const QueuedGeneration queued = queue(bench, {.keywords = {"a", "b", "c"}});
  bench.told();
  bench.work();
  const JobDetail detail = progress_of(bench, queued.job.id);
  CHECK(detail.job.status == JobStatus::succeeded);
  CHECK(detail.job.done == 2);
  CHECK(detail.job.failed == 1);
  CHECK(detail.job.finished_at == bench.clock.now());
  CHECK_FALSE(detail.job.error);
  CHECK(detail.articles.size() == 3);
  const Texts news = news_of(bench, queued.job.id);
  REQUIRE(news.size() == 6);
  CHECK(news[0] == "queued queued 0+0/3");
  CHECK(news[1] == "started running 0+0/3");
  CHECK(news[2] == "article running 1+0/3 ready");
  CHECK(news[3] == "article running 1+1/3 error");
  CHECK(news[4] == "article succeeded 2+1/3 ready");
  CHECK(news[5] == "finished succeeded 2+1/3");
  const Texts told = bench.told();
  CHECK(std::count(told.begin(), told.end(), "job.completed") == 1);
  CHECK(std::count(told.begin(), told.end(), "article.generated") == 2);
  CHECK(std::count(told.begin(), told.end(), "article.failed") == 1);
}

TEST_CASE("generation: the completed job's event carries its figures", "[service]") {
  ServiceBench bench;
  bench.generator.answers.push_back(conflict("No."));
  const QueuedGeneration queued = queue(bench, {.keywords = {"a", "b"}});
  bench.work();
  const std::vector<Event> events = bench.heard();
  REQUIRE(events.back().type == EventType::job_completed);
  CHECK(
      get<JobSnapshot>(events.back().snapshot) ==
      JobSnapshot{.id = queued.job.id, .kind = "generate", .status = "succeeded", .total = 2, .done = 1, .failed = 1});
}

TEST_CASE("jobs: cancelled before it began, nothing is written and every unit given back", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue(bench, {.keywords = {"a", "b"}});
  bench.told();
  const JobDetail cancelled = bench.must(bench.jobs.cancel(bench.owner, queued.job.id));
  CHECK(cancelled.job.status == JobStatus::cancelled);
  CHECK(bench.usage().reserved == 0);
  bench.work();
  CHECK(bench.generator.briefs.empty());
  CHECK(bench.told() == Texts{"article.failed", "article.failed", "job.completed"});
  const auto again = bench.run(bench.jobs.cancel(bench.owner, queued.job.id));
  CHECK(again.error().code == ErrorCode::conflict);
  CHECK(detail_of(again.error(), "status") == "cancelled");
  CHECK(bench.usage().reserved == 0);
  CHECK(bench.told().empty());
}

TEST_CASE("jobs: what is done when a job is cancelled stays", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue(bench, {.keywords = {"a", "b"}});
  bench.generator.answers.push_back(ScriptedGenerator::article_about("a"));
  bench.generator.answers.push_back(passing());
  bench.work();
  const JobDetail cancelled = bench.must(bench.jobs.cancel(bench.owner, queued.job.id));
  CHECK(cancelled.job.done == 1);
  CHECK(bench.article(queued.articles[0].article).status == ArticleStatus::ready);
  CHECK(bench.article(queued.articles[1].article).status == ArticleStatus::error);
  CHECK(bench.usage().spent == 1);
  CHECK(bench.usage().reserved == 0);
}

TEST_CASE("jobs: a wait ends when the job does, and news are read on from a number", "[service]") {
  ServiceBench bench;
  const QueuedGeneration queued = queue_one(bench);
  bench.work();
  const JobDetail waited = bench.must(bench.jobs.wait(bench.owner, queued.job.id, std::chrono::seconds(10)));
  CHECK(waited.job.status == JobStatus::succeeded);
  const auto all = bench.must(bench.jobs.news(bench.owner, queued.job.id, 0, 100));
  REQUIRE(all.size() == 4);
  const auto rest = bench.must(bench.jobs.news(bench.owner, queued.job.id, all[1].number, 1));
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].number == all[2].number);
  CHECK(rest[0].news.article == queued.articles[0].article);
}

TEST_CASE("jobs: a wait that is begun before the job ends is woken by its end", "[service]") {
  ServiceBench bench;
  Gate gate(bench.context);
  bench.generator.before = [&] { return gate.wait(); };
  const QueuedGeneration queued = queue_one(bench);
  std::optional<JobStatus> seen;
  boost::asio::co_spawn(bench.context, bench.jobs.wait(bench.owner, queued.job.id, std::chrono::hours(1)),
                        [&](std::exception_ptr, Result<JobDetail> detail) { seen = detail.value().job.status; });
  Working working(bench);
  bench.run_until([&] { return bench.generator.briefs.size() == 1; });
  CHECK_FALSE(seen);
  gate.open();
  bench.run_until([&] { return seen.has_value(); });
  CHECK(seen == JobStatus::succeeded);
}
