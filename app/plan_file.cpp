#include "app/plan_file.hpp"

#include <fstream>
#include <sstream>

#include "base/shape.hpp"

namespace galley {

template <>
const Shape& shape_of<PlanLimits>() {
  static const Shape shape = ShapeOf<PlanLimits>("PlanLimits", "What a plan allows.")
                                 .field("requestsPerMinute", &PlanLimits::requests_per_minute, {.min = 1, .max = 1e6})
                                 .field("burst", &PlanLimits::burst, {.min = 0, .max = 1e6})
                                 .field("articlesPerMonth", &PlanLimits::articles_per_month, {.min = 0})
                                 .field("projects", &PlanLimits::projects, {.min = 0})
                                 .field("creditsPerMonth", &PlanLimits::credits_per_month, {.min = 0, .max = 1e12});
  return shape;
}

template <>
const Shape& shape_of<CreditPrices>() {
  static const Shape shape = ShapeOf<CreditPrices>("CreditPrices", "What work costs, in credits.")
                                 .field("keywordsForOne", &CreditPrices::keywords_for_one, {.min = 1, .max = 1e6})
                                 .field("ideasOfCluster", &CreditPrices::ideas_of_cluster, {.min = 0, .max = 1e6})
                                 .field("contentBlock", &CreditPrices::content_block, {.min = 0, .max = 1e6})
                                 .field("wordsOfBlock", &CreditPrices::words_of_block, {.min = 1, .max = 1e6})
                                 .field("image", &CreditPrices::image, {.min = 0, .max = 1e6});
  return shape;
}

template <>
const Shape& shape_of<PlanTable>() {
  static const Shape shape = ShapeOf<PlanTable>("PlanTable", "The limits of all plans.")
                                 .field("free", &PlanTable::free)
                                 .field("pro", &PlanTable::pro)
                                 .field("agency", &PlanTable::agency)
                                 .field("prices", &PlanTable::prices);
  return shape;
}

namespace app {

Result<PlanTable> read_plan_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return invalid("plan_limits", "cannot be read: " + path);
  std::ostringstream text;
  text << file.rdbuf();
  const json::Value value = GALLEY_TRY(json::parse(text.str()));
  // As a patch: what the file does not name keeps its default.
  PlanTable plans;
  Decoding decoding(Decoding::Mode::patch);
  shape_of<PlanTable>().decode(value, &plans, decoding);
  if (decoding.failed()) return invalid(decoding.take_errors());
  return plans;
}

}  // namespace app
}  // namespace galley
