// Grouping keywords: at once and in the background, paid for, by name and not twice.
#include "service/clustering_service.hpp"

#include <catch2/catch.hpp>

#include "generation/clustering/lexical_clusterer.hpp"
#include "service/billing_service.hpp"
#include "service/cluster_handler.hpp"
#include "service/planner_service.hpp"
#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::ClusterSelection;

namespace {

struct Planner {
  ServiceBench bench{};
  generation::LexicalClusterer clusterer{};
  service::ClusteringService clustering{bench.parts, bench.events, bench.progress, clusterer};
  service::PlannerService planner{bench.parts, bench.keywords};
  service::BillingService billing{bench.parts};
  service::ClusterHandler handler{bench.parts, bench.progress, clustering};

  Planner() { bench.handlers.push_back(&handler); }

  std::int64_t add(const std::string& text, std::int64_t volume = 100) {
    return bench.must(planner.create(bench.owner, {.draft = {.text = text, .volume = volume}})).number;
  }
  std::vector<std::int64_t> add_some() {
    return {add("moka pot", 900),  add("moka pot cleaning", 100),  add("clean moka pot", 200),
            add("green tea", 500), add("green tea benefits", 300), add("tax return 2025", 50)};
  }
  std::int64_t credits() { return bench.must(billing.balance(bench.owner)).credits; }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const auto& cluster : bench.must(planner.clusters(bench.owner, std::nullopt, {.size = 100})).rows)
      names.push_back(cluster.summary.cluster.name + " " + std::to_string(cluster.summary.keywords));
    std::ranges::sort(names);
    return names;
  }
};

}  // namespace

TEST_CASE("clustering: keywords are put into clusters that bear the name of the most looked for", "[service]") {
  Planner f;
  f.add_some();
  const ClusterSelection selection = f.bench.must(f.clustering.select(f.bench.owner, {}, std::nullopt));
  CHECK(selection.keywords.size() == 6);
  const auto outcome = f.bench.must(f.clustering.cluster(f.bench.owner, selection));
  CHECK(outcome.clusters_created == 2);
  CHECK(outcome.credits_used == 2);  // six keywords, one credit for each five begun
  CHECK(f.credits() == 49'998);
  CHECK(f.names() == std::vector<std::string>{"green tea 2", "moka pot 3"});
  // The one that stands alone is not asked about again and again by the groups, but stays to be clustered.
  CHECK(f.bench.must(f.clustering.select(f.bench.owner, {}, std::nullopt)).keywords.size() == 1);
  const auto uses = f.bench.must(f.billing.uses(f.bench.owner, CreditOperation::clustering, {}));
  REQUIRE(uses.total == 1);
  CHECK(uses.rows[0].credits == 2);
}

TEST_CASE("clustering: a cluster of that name is used again, and what has an intent keeps it", "[service]") {
  Planner f;
  f.bench.must(f.planner.create_cluster(f.bench.owner, "Moka Pot", std::nullopt));
  f.bench.must(f.planner.create(f.bench.owner, {.draft = {.text = "buy moka pot", .intent = Intent::navigational}}));
  f.add("moka pot", 900);
  const auto outcome = f.bench.must(
      f.clustering.cluster(f.bench.owner, f.bench.must(f.clustering.select(f.bench.owner, {}, std::nullopt))));
  CHECK(outcome.clusters_created == 0);
  CHECK(f.names() == std::vector<std::string>{"Moka Pot 2"});
  const auto kept = f.bench.must(f.planner.list(f.bench.owner, {.browse = {.search = "buy"}}));
  CHECK(kept.rows.at(0).keyword.intent == Intent::navigational);
}

TEST_CASE("clustering: nothing to group costs nothing", "[service]") {
  Planner f;
  const auto outcome =
      f.bench.must(f.clustering.cluster(f.bench.owner, f.bench.must(f.clustering.select(f.bench.owner, {}, {}))));
  CHECK(outcome.clusters.empty());
  CHECK(f.credits() == 50'000);
}

TEST_CASE("clustering: what cannot be grouped is refused by name", "[service]") {
  Planner f;
  const std::int64_t mine = f.add("moka pot");
  const std::int64_t elsewhere = f.bench.must(f.planner.create(f.bench.bound, {.draft = {.text = "green tea"}})).number;
  const auto refused = [&](const service::Actor& actor, std::vector<std::int64_t> ids) {
    return f.clustering.select(actor, ids, std::nullopt).error();
  };
  CHECK(fields_of(refused(f.bench.owner, {99999})) == Texts{"ids"});
  CHECK(fields_of(refused(f.bench.owner, {mine, elsewhere})) == Texts{"ids"});
  CHECK(fields_of(refused(f.bench.stranger, {mine})) == Texts{"ids"});
  CHECK(fields_of(refused(f.bench.bound, {mine})) == Texts{"ids"});
  CHECK(fields_of(refused(f.bench.owner, std::vector<std::int64_t>(10'001, mine))) == Texts{"ids"});
  CHECK(f.bench.must(f.clustering.select(f.bench.owner, {mine, mine}, std::nullopt)).keywords.size() == 1);
}

TEST_CASE("clustering: too few credits leave everything as it was", "[service]") {
  Planner f;
  f.bench.plans.agency.credits_per_month = 1;
  f.add_some();
  const ClusterSelection selection = f.bench.must(f.clustering.select(f.bench.owner, {}, std::nullopt));
  const auto now = f.bench.run(f.clustering.cluster(f.bench.owner, selection));
  CHECK(now.error().code == ErrorCode::quota_exceeded);
  CHECK(f.bench.run(f.clustering.cluster_later(f.bench.owner, selection)).error().code == ErrorCode::quota_exceeded);
  CHECK(f.names().empty());
  CHECK(count_jobs(f.bench) == 0);
  CHECK(f.credits() == 1);
}

TEST_CASE("clustering: in the background it is a job whose outcome is kept", "[service]") {
  Planner f;
  f.add_some();
  const ClusterSelection selection = f.bench.must(f.clustering.select(f.bench.owner, {}, std::nullopt));
  const Job job = f.bench.must(f.clustering.cluster_later(f.bench.owner, selection));
  CHECK(f.credits() == 49'998);
  f.bench.work();
  const auto detail = f.bench.must(f.bench.jobs.get(f.bench.owner, job.id));
  CHECK(detail.job.status == JobStatus::succeeded);
  CHECK(detail.articles.empty());
  REQUIRE(detail.outcome.has_value());
  const service::ClusterOutcome outcome = service::decode_outcome(*detail.outcome);
  CHECK(outcome.clusters_created == 2);
  CHECK(outcome.credits_used == 2);
  REQUIRE(outcome.clusters.size() == 2);
  CHECK(outcome.clusters[0].name == "moka pot");
  CHECK(outcome.clusters[0].keywords.size() == 3);
  CHECK(f.names() == std::vector<std::string>{"green tea 2", "moka pot 3"});
  CHECK(f.bench.told().back() == "job.completed");
}

TEST_CASE("clustering: a job that is cancelled groups nothing and is given back", "[service]") {
  Planner f;
  f.add_some();
  const Job job = f.bench.must(
      f.clustering.cluster_later(f.bench.owner, f.bench.must(f.clustering.select(f.bench.owner, {}, std::nullopt))));
  f.bench.must(f.bench.jobs.cancel(f.bench.owner, job.id));
  f.bench.work();
  CHECK(f.names().empty());
  CHECK(f.credits() == 50'000);
}

TEST_CASE("clustering: keywords that went while the job waited are left out", "[service]") {
  Planner f;
  const std::vector<std::int64_t> ids = f.add_some();
  const Job job = f.bench.must(
      f.clustering.cluster_later(f.bench.owner, f.bench.must(f.clustering.select(f.bench.owner, {}, std::nullopt))));
  for (const std::size_t gone : {0U, 3U})
    f.bench.must(f.bench.run(f.planner.remove_many(f.bench.owner, {ids[gone]})));
  f.bench.work();
  CHECK(f.bench.must(f.bench.jobs.get(f.bench.owner, job.id)).job.status == JobStatus::succeeded);
  CHECK(f.names() == std::vector<std::string>{"clean moka pot 2"});
}
