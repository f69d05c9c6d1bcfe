// The operator's limits of the plans.
#pragma once

#include <string>

#include "base/result.hpp"
#include "domain/account.hpp"

namespace galley::app {

// {"free": {"requestsPerMinute": 60, "burst": 10, "articlesPerMonth": 10, "projects": 1, "creditsPerMonth": 100},
// "pro": …, "prices": {"keywordsForOne": 5, "ideasOfCluster": 2, "contentBlock": 5, "wordsOfBlock": 2500, "image": 1}}:
// what is left out keeps its default, null takes a limit away. validation_failed naming each bad field.
Result<PlanTable> read_plan_file(const std::string& path);

}  // namespace galley::app
