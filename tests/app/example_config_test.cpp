#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "app/config.hpp"
#include "app/settings.hpp"
#include "support/result_text.hpp"
#include "support/source_file.hpp"

using namespace galley;
using namespace galley::app;

namespace {

std::string example() {
  std::ifstream file(test::source_file("examples/galley.conf"));
  std::ostringstream text;
  text << file.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  return text.str();
}

// With the settings that are commented out: lines "# name = value" whose name is one.
std::string with_all_settings(const std::string& text) {
  std::istringstream lines(text);
  std::string all;
  for (std::string line; std::getline(lines, line);) {
    for (const Setting& setting : settings())
      if (line.starts_with("# " + std::string(setting.name) + " = ")) line = line.substr(2);
    all += line + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("example configuration: as it stands it changes nothing", "[app]") {
  const auto given = parse_config_file(example());
  REQUIRE(given);
  CHECK(given->empty());
}

TEST_CASE("example configuration: it shows every setting, with its default where there is one", "[app]") {
  const auto given = parse_config_file(with_all_settings(example()));
  REQUIRE(given);
  for (const Setting& setting : settings()) {
    if (setting.name == "config") continue;
    INFO(setting.name);
    REQUIRE(given->contains(setting.name));
    if (!setting.default_text.empty()) CHECK(given->find(setting.name)->second.front() == setting.default_text);
  }
}

TEST_CASE("example configuration: what it shows can be used", "[app]") {
  auto given = parse_config_file(with_all_settings(example()));
  REQUIRE(given);
  // Files of the operator's.
  given->erase("trusted-ca");
  given->erase("plan-limits");
  CHECK(read_config(*given, test::environment()));
}
