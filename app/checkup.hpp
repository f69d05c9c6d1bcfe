// What `galley doctor` looks at: the installation, the data folder and the configuration. Nothing is changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/config.hpp"
#include "base/clock.hpp"
#include "base/names.hpp"

namespace galley::app {

enum class Health : std::uint8_t { ok, warn, fail };

struct Check {
  std::string_view name;
  Health health = Health::ok;
  std::string seen{};    // what was found
  std::string advice{};  // what to do; empty where all is well
};

// One for each thing that was looked at, in a fixed order.
std::vector<Check> check_installation(const Config& config, const Clock& clock);

}  // namespace galley::app

template <>
struct galley::Names<galley::app::Health> {
  using enum galley::app::Health;
  static constexpr NameOf<galley::app::Health> all[] = {{ok, "ok"}, {warn, "warn"}, {fail, "fail"}};
};
