// The time. Only this file's SystemClock reads it; everything else is given a Clock, so that tests can turn it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace galley {

using Milliseconds = std::chrono::milliseconds;
// Wall time, UTC, in milliseconds: what is stored and shown.
using Time = std::chrono::sys_time<Milliseconds>;
// Monotonic time: what limits and deadlines of this process are measured with.
using Instant = std::chrono::steady_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual Instant instant() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  Instant instant() const override;
};

// "2026-03-30T15:00:00.000Z"
std::string to_rfc3339(Time time);
// "2026-03-30"
std::string to_date(Time time);
// "Mon, 30 Mar 2026 15:00:00 GMT" (RFC 9110 §5.6.7, IMF-fixdate)
std::string to_http_date(Time time);
// RFC 3339 with Z or a numeric offset, fraction optional (cut to milliseconds), years 1970 to 9999. A leap second
// (":60") becomes the next second. Nothing for anything else.
std::optional<Time> parse_rfc3339(std::string_view text);
// IMF-fixdate, and the two obsolete forms that RFC 9110 asks recipients to accept.
std::optional<Time> parse_http_date(std::string_view text);
// "2026-03-30" at midnight UTC.
std::optional<Time> parse_date(std::string_view text);

}  // namespace galley
