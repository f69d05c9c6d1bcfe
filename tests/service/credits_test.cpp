// Credits: charged with the work, given back where nothing comes of it, renewed with the plan's month.
#include "service/credits.hpp"

#include <catch2/catch.hpp>

#include "service/billing_service.hpp"
#include "service/generation_steps.hpp"

using namespace galley;
using namespace galley::test;

namespace {

struct Ledger {
  ServiceBench bench{};
  service::BillingService billing{bench.parts};

  service::CreditBalance balance() { return bench.must(billing.balance(bench.owner)); }
  std::vector<CreditEntry> lines() {
    std::vector<CreditEntry> rows = bench.must(billing.entries(bench.owner, std::nullopt, {.size = 100})).rows;
    std::ranges::reverse(rows);
    return rows;
  }
  // "renewal 50000, charge -5": kinds and amounts, oldest first.
  std::string told() {
    std::string text;
    std::int64_t sum = 0;
    for (const CreditEntry& line : lines()) {
      sum += line.amount;
      CHECK(line.balance == sum);
      text += (text.empty() ? "" : ", ") + std::string(to_text(line.kind)) + " " + std::to_string(line.amount);
    }
    return text;
  }
};

}  // namespace

TEST_CASE("credits: content costs five for each 2,500 words begun, as it is queued", "[service]") {
  Ledger f;
  CHECK(f.balance().credits == 50'000);
  CHECK(f.told().empty());  // nothing is written by looking
  queue(f.bench, {.keywords = {"tea"}, .options = {.word_count = 2500}});
  queue(f.bench, {.keywords = {"coffee", "cocoa"}, .options = {.word_count = 2501}});
  CHECK(f.told() == "renewal 50000, charge -5, charge -20");
  CHECK(f.lines()[2].note == "2 articles");
  CHECK(f.balance().credits == 49'975);
  CHECK(f.balance().used_this_month == 25);
  CHECK(f.balance().per_month == 50'000);
  CHECK(to_rfc3339(f.balance().resets_at) == "2026-04-01T00:00:00.000Z");
}

TEST_CASE("credits: what is written is logged, what fails is given back", "[service]") {
  Ledger f;
  f.bench.generator.answers.push_back(conflict("Refused by the model."));
  queue(f.bench, {.keywords = {"tea", "coffee"}});
  f.bench.work();
  CHECK(f.told() == "renewal 50000, charge -10, refund 5");
  const auto uses = f.bench.must(f.billing.uses(f.bench.owner, std::nullopt, {}));
  REQUIRE(uses.total == 1);
  CHECK(uses.rows[0].credits == 5);
  CHECK(uses.rows[0].model == "scripted");
  CHECK(uses.rows[0].operation == CreditOperation::content_generation);
  const auto summary = f.bench.must(f.billing.summary(f.bench.owner, std::nullopt, std::nullopt));
  CHECK(summary.all.credits == 5);
  CHECK(summary.by_operation.at("content_generation").uses == 1);
  CHECK(summary.by_model.at("scripted").credits == 5);
  REQUIRE(summary.by_day.size() == 1);
  CHECK(summary.by_day[0].totals.credits == 5);
  CHECK(f.balance().used_this_month == 5);
}

TEST_CASE("credits: a job that is cancelled is given back, and so is one that goes with its project", "[service]") {
  Ledger f;
  const auto queued = queue(f.bench, {.keywords = {"tea", "coffee"}});
  f.bench.must(f.bench.jobs.cancel(f.bench.owner, queued.job.id));
  CHECK(f.balance().credits == 50'000);
  queue(f.bench, {.keywords = {"cocoa"}});
  CHECK(f.balance().credits == 49'995);
  f.bench.must(f.bench.projects.remove(f.bench.owner, f.bench.project.id, std::nullopt, f.bench.project.name));
  CHECK(f.balance().credits == 50'000);
  CHECK(f.told() == "renewal 50000, charge -10, refund 5, refund 5, charge -5, refund 5");
}

TEST_CASE("credits: too few refuse the whole call, and nothing of it stays", "[service]") {
  Ledger f;
  f.bench.plans.agency.credits_per_month = 12;
  queue(f.bench, {.keywords = {"tea"}});
  const auto refused = generate(f.bench, {.keywords = {"coffee", "cocoa"}});
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::quota_exceeded);
  CHECK(refused.error().message == "This takes 10 credits, and 7 are left.");
  CHECK(detail_of(refused.error(), "limit") == "12");
  CHECK(detail_of(refused.error(), "used") == "5");
  CHECK(detail_of(refused.error(), "resets_at") == "2026-04-01T00:00:00.000Z");
  CHECK(count_keywords(f.bench) == 1);
  CHECK(f.bench.usage().reserved == 1);
  CHECK(f.told() == "renewal 12, charge -5");
}

TEST_CASE("credits: of 200 calls at once at the last five exactly one passes", "[service]") {
  Ledger f;
  f.bench.plans.agency.credits_per_month = 9;
  int passed = 0, refused = 0, other = 0;
  for (int i = 0; i < 200; ++i)
    boost::asio::co_spawn(
        f.bench.context,
        f.bench.generation.generate(f.bench.owner, f.bench.project.id, {.keywords = {"race " + std::to_string(i)}}),
        [&](std::exception_ptr thrown, Result<service::QueuedGeneration> queued) {
          if (thrown)
            ++other;
          else if (queued)
            ++passed;
          else
            ++(queued.error().code == ErrorCode::quota_exceeded ? refused : other);
        });
  f.bench.run_until([&] { return passed + refused + other == 200; });
  CHECK(passed == 1);
  CHECK(refused == 199);
  CHECK(f.balance().credits == 4);
}

TEST_CASE("credits: a new month of the plan sets the balance to the plan's, once", "[service]") {
  Ledger f;
  queue(f.bench, {.keywords = {"tea"}});
  f.bench.clock.set(Time(std::chrono::sys_days(std::chrono::year(2026) / 4 / 1)));
  CHECK(f.balance().credits == 50'000);
  CHECK(f.balance().used_this_month == 0);
  queue(f.bench, {.keywords = {"coffee"}});
  queue(f.bench, {.keywords = {"cocoa"}});
  CHECK(f.told() == "renewal 50000, charge -5, renewal 5, charge -5, charge -5");
  // What was charged in the month before and fails in this one is given back all the same.
  f.bench.generator.answers.push_back(conflict("Refused by the model."));
  f.bench.work();
  CHECK(f.balance().credits == 49'995);
}

TEST_CASE("credits: another plan begins with its own", "[service]") {
  Ledger f;
  queue(f.bench, {.keywords = {"tea"}});
  f.bench.must(f.bench.run(f.bench.store->write([&](Transaction& transaction) {
    return f.bench.accounts.set_plan(transaction, f.bench.account.id.text(), Plan::pro);
  })));
  CHECK(f.balance().credits == 5'000);
  CHECK(f.balance().plan == Plan::pro);
  CHECK(f.told() == "renewal 50000, charge -5, renewal -44995");
}

TEST_CASE("credits: where they are unlimited nothing is refused, and numbers stay numbers", "[service]") {
  Ledger f;
  f.bench.plans.free.credits_per_month = 3;
  f.bench.plans.free.articles_per_month.reset();
  Account account = make_account(9);
  account.plan = Plan::free;
  account.unlimited_credits = true;
  const Project project = make_project(9, account.id);
  f.bench.must(f.bench.run(f.bench.store->write([&](Transaction& transaction) -> Result<int> {
    GALLEY_TRY(transaction.accounts().insert(account));
    GALLEY_TRY(transaction.projects().insert(project, Secret("secret")));
    return 0;
  })));
  f.bench.owner = {.account = account.id, .plan = Plan::free, .role = Role::owner, .user = numbered<UserId>(9)};
  const auto queued = f.bench.run(f.bench.generation.generate(f.bench.owner, project.id, {.keywords = {"tea"}}));
  CHECK(queued.has_value());
  CHECK(f.balance().unlimited);
  CHECK(f.balance().credits == 0);
  CHECK(f.balance().used_this_month == 5);
}

TEST_CASE("credits: a summary's days are in order and within a year", "[service]") {
  Ledger f;
  const Time day = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1));
  CHECK(fields_of(f.bench.run(f.billing.summary(f.bench.owner, day + std::chrono::days(1), day)).error()) ==
        Texts{"end_date"});
  CHECK(fields_of(f.bench.run(f.billing.summary(f.bench.owner, day, day + std::chrono::days(400))).error()) ==
        Texts{"end_date"});
  const auto one = f.bench.must(f.billing.summary(f.bench.owner, day, day));
  CHECK(one.until - one.from == std::chrono::days(1));
}
