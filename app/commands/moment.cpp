#include "app/commands/moment.hpp"

#include <charconv>

namespace galley::app {

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t count = 0;
  const char* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), last, count);
  if (error != std::errc() || end != last || count <= 0 || count > 36500) return std::nullopt;
  switch (*last) {
    case 'd':
      return std::chrono::days(count);
    case 'h':
      return std::chrono::hours(count);
    case 'm':
      return std::chrono::minutes(count);
    case 's':
      return std::chrono::seconds(count);
    default:
      return std::nullopt;
  }
}

}  // namespace galley::app
