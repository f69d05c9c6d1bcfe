#include "app/plan_file.hpp"

#include <catch2/catch.hpp>

#include "app/settings.hpp"
#include "support/temp_store.hpp"

using namespace galley;
using galley::test::names;

namespace {

Result<PlanTable> read(const std::string& text) {
  const test::TempFolder folder;
  const std::string path = (folder.path() / "plans.json").string();
  test::write_file(path, text);
  return app::read_plan_file(path);
}

}  // namespace

TEST_CASE("plan file: what it does not name keeps its default", "[app]") {
  const auto plans = read(R"({"free": {"burst": 3}})");
  REQUIRE(plans);
  PlanLimits free = default_limits(Plan::free);
  free.burst = 3;
  CHECK(plans->free == free);
  CHECK(plans->pro == default_limits(Plan::pro));
  CHECK(plans->agency == default_limits(Plan::agency));
}

TEST_CASE("plan file: null takes a limit away", "[app]") {
  const auto plans = read(R"({"free": {"articlesPerMonth": null, "projects": null}})");
  REQUIRE(plans);
  CHECK_FALSE(plans->free.articles_per_month);
  CHECK_FALSE(plans->free.projects);
}

TEST_CASE("plan file: every bad member is named", "[app]") {
  const auto plans = read(R"({"free": {"requestsPerMinute": 0, "burst": "many"}, "gold": {}})");
  REQUIRE_FALSE(plans);
  CHECK(plans.error().fields.size() == 3);
}

TEST_CASE("plan file: one that is missing or no JSON is an error and not the defaults", "[app]") {
  CHECK_FALSE(read("{"));
  CHECK_FALSE(read(""));
  CHECK_FALSE(read("[]"));
  CHECK_FALSE(app::read_plan_file("/nowhere/plans.json"));
}

TEST_CASE("plan file: its faults are among those of the configuration", "[app]") {
  const auto config = app::read_config({{"plan-limits", {"/nowhere/plans.json"}}}, test::environment());
  REQUIRE_FALSE(config);
  CHECK(names(config.error(), "plan-limits"));
}
