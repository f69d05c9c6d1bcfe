#include "domain/webhook.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "domain/field_check.hpp"

namespace galley {
namespace {

constexpr std::size_t max_patterns = 50, max_shown = 60;

bool matches_one(std::string_view pattern, std::string_view event) {
  if (pattern == "*" || pattern == event) return true;
  // "article.*": the noun with its dot, then anything. No other wildcard.
  return pattern.size() > 2 && pattern.ends_with(".*") && pattern.find('*') == pattern.size() - 1 &&
         event.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool matches_any_event(std::string_view pattern) {
  const auto& all = Names<EventType>::all;
  return std::any_of(std::begin(all), std::end(all),
                     [&](const NameOf<EventType>& name) { return matches_one(pattern, name.text); });
}

}  // namespace

bool matches(const std::vector<std::string>& patterns, EventType type) {
  const std::string_view event = to_text(type);
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches_one(pattern, event); });
}

Result<void> check_event_patterns(const std::vector<std::string>& patterns) {
  FieldCheck fields;
  if (patterns.empty()) fields.add("events", "must name at least one event");
  if (patterns.size() > max_patterns) {
    fields.add("events", "must have at most " + std::to_string(max_patterns) + " entries");
    return std::move(fields).result();
  }
  for (const std::string& pattern : patterns) {
    if (matches_any_event(pattern)) continue;
    const std::string_view shown = is_utf8(pattern) ? first_code_points(pattern, max_shown) : "that";
    fields.add("events", "has no event named \"" + std::string(shown) + "\"");
  }
  return std::move(fields).result();
}

}  // namespace galley
