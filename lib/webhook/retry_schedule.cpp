#include "webhook/retry_schedule.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "base/encoding.hpp"

namespace galley::webhook {

namespace {

constexpr double jitter = 0.2;

Error bad_schedule(std::string_view part) {
  return invalid("webhook_schedule", "\"" + std::string(part.substr(0, 40)) +
                                         "\" is not a wait: give whole numbers with ms, s, m, h or d and commas "
                                         "between them, such as 5s,5m,2h, none longer than 7d.");
}

std::optional<Milliseconds> unit_of(std::string_view text) {
  if (text == "ms") return Milliseconds(1);
  if (text == "s") return std::chrono::seconds(1);
  if (text == "m") return std::chrono::minutes(1);
  if (text == "h") return std::chrono::hours(1);
  if (text == "d") return std::chrono::hours(24);
  return std::nullopt;
}

Result<Milliseconds> parse_wait(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || count < 0) return bad_schedule(text);
  const std::optional<Milliseconds> unit = unit_of(std::string_view(rest, static_cast<std::size_t>(end - rest)));
  if (!unit || count > RetrySchedule::max_wait / *unit) return bad_schedule(text);
  return count * *unit;
}

}  // namespace

RetrySchedule::RetrySchedule()
    : waits_{std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
             std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
             std::chrono::hours(14),  std::chrono::hours(20),  std::chrono::hours(24)} {}

Result<RetrySchedule> RetrySchedule::parse(std::string_view text) {
  std::vector<Milliseconds> waits;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (waits.size() == max_waits)
      return invalid("webhook_schedule", "At most " + std::to_string(max_waits) + " waits are taken.");
    waits.push_back(GALLEY_TRY(parse_wait(trim_ascii(text.substr(0, comma)))));
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  return RetrySchedule(std::move(waits));
}

std::optional<Milliseconds> RetrySchedule::wait_after(int tries, double fraction) const {
  const std::size_t index = static_cast<std::size_t>(std::max(tries, 1)) - 1;
  if (index >= waits_.size()) return std::nullopt;
  const double factor = 1 - jitter + 2 * jitter * fraction;
  return Milliseconds(std::llround(static_cast<double>(waits_[index].count()) * factor));
}

Milliseconds RetrySchedule::longest_wait() const {
  const Milliseconds longest = *std::ranges::max_element(waits_);
  return std::max(max_retry_after, Milliseconds(std::llround(static_cast<double>(longest.count()) * (1 + jitter))));
}

std::optional<Milliseconds> parse_retry_after(std::string_view value, Time now) {
  value = trim_ascii(value);
  if (value.empty()) return std::nullopt;
  if (std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    // However many digits: beyond the cap the value no longer matters, so it cannot overflow either.
    constexpr std::int64_t cap = std::chrono::duration_cast<std::chrono::seconds>(max_retry_after).count();
    std::int64_t seconds = 0;
    for (const char digit : value)
      seconds = std::min(cap, seconds * 10 + (digit - '0'));
    return std::chrono::seconds(seconds);
  }
  const std::optional<Time> date = parse_http_date(value);
  if (!date) return std::nullopt;
  return std::clamp(Milliseconds(*date - now), Milliseconds(0), max_retry_after);
}

}  // namespace galley::webhook
