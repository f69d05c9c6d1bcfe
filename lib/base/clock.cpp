#include "base/clock.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace galley {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Four digits of a year are all that these formats have, so what lies outside is shown as their first or last moment.
constexpr Time earliest = sys_days(std::chrono::year(0) / 1 / 1);
constexpr Time latest = sys_days(std::chrono::year(9999) / 12 / 31) + days(1) - Milliseconds(1);

struct Civil {
  int year;
  unsigned month, day, weekday;
  unsigned hour, minute, second, millisecond;
};

Civil to_civil(Time time) {
  time = std::clamp(time, earliest, latest);
  const sys_days day = std::chrono::floor<days>(time);
  const year_month_day date(day);
  const auto rest = static_cast<unsigned>((time - day).count());
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .weekday = std::chrono::weekday(day).c_encoding(),
          .hour = rest / 3'600'000,
          .minute = rest / 60'000 % 60,
          .second = rest / 1'000 % 60,
          .millisecond = rest % 1'000};
}

void put_digits(char* at, unsigned value, int count) {
  for (int i = count - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

void put_time_of_day(char* at, const Civil& civil) {
  put_digits(at, civil.hour, 2);
  put_digits(at + 3, civil.minute, 2);
  put_digits(at + 6, civil.second, 2);
}

// Reads a text from the left; after the first thing that does not fit, nothing fits any more.
class Scan {
 public:
  explicit Scan(std::string_view text) : rest_(text) {}

  // Exactly count digits.
  int digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  void expect(std::string_view text) {
    if (!skip(text)) fail();
  }

  bool skip(std::string_view text) {
    if (!ok_ || !rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  // The index of the one of names that comes next, of which the first length characters count.
  template <std::size_t count>
  unsigned one_of(const std::array<std::string_view, count>& names, std::size_t length) {
    for (unsigned i = 0; i < count; ++i) {
      if (skip(names[i].substr(0, length))) return i;
    }
    fail();
    return 0;
  }

  bool at_digit() const { return ok_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  int fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::optional<sys_days> make_day(int year, int month, int day) {
  const year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

struct TimeOfDay {
  std::chrono::seconds since_midnight{0};
  bool leap = false;
  bool ok = false;
};

TimeOfDay scan_time_of_day(Scan& scan) {
  const int hour = scan.digits(2);
  scan.expect(":");
  const int minute = scan.digits(2);
  scan.expect(":");
  const int second = scan.digits(2);
  return {.since_midnight = std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second),
          .leap = second == 60,
          .ok = scan.ok() && hour <= 23 && minute <= 59 && second <= 60};
}

// RFC 3339 §5.7: a leap second exists only at the end of a month, in UTC; the second after it is therefore the first
// of a month.
bool begins_month(Time time) {
  const sys_days day = std::chrono::floor<days>(time);
  return time - day < std::chrono::seconds(1) && year_month_day(day).day() == std::chrono::day(1);
}

bool is_within_written_years(Time time) {
  return time >= Time{} && time <= latest;
}

}  // namespace

Time SystemClock::now() const {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Instant SystemClock::instant() const {
  return std::chrono::steady_clock::now();
}

std::string to_rfc3339(Time time) {
  const Civil civil = to_civil(time);
  std::string text = "0000-00-00T00:00:00.000Z";
  put_digits(text.data(), static_cast<unsigned>(civil.year), 4);
  put_digits(text.data() + 5, civil.month, 2);
  put_digits(text.data() + 8, civil.day, 2);
  put_time_of_day(text.data() + 11, civil);
  put_digits(text.data() + 20, civil.millisecond, 3);
  return text;
}

std::string to_date(Time time) {
  return to_rfc3339(time).substr(0, 10);
}

std::string to_http_date(Time time) {
  const Civil civil = to_civil(time);
  std::string text = "Sun, 00 Jan 0000 00:00:00 GMT";
  weekdays[civil.weekday].copy(text.data(), 3);
  put_digits(text.data() + 5, civil.day, 2);
  months[civil.month - 1].copy(text.data() + 8, 3);
  put_digits(text.data() + 12, static_cast<unsigned>(civil.year), 4);
  put_time_of_day(text.data() + 17, civil);
  return text;
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Scan scan(text);
  const int year = scan.digits(4);
  scan.expect("-");
  const int month = scan.digits(2);
  scan.expect("-");
  const auto day = make_day(year, month, scan.digits(2));
  if (!scan.skip("t")) scan.expect("T");
  const TimeOfDay time_of_day = scan_time_of_day(scan);
  int milliseconds = 0;
  if (scan.skip(".")) {
    for (int unit = 100; scan.at_digit() || unit == 100; unit /= 10) {
      milliseconds += scan.digits(1) * unit;
      if (!scan.ok()) return std::nullopt;
    }
  }
  std::chrono::minutes offset{0};
  if (!scan.skip("Z") && !scan.skip("z")) {
    const bool behind = scan.skip("-");
    if (!behind) scan.expect("+");
    const int hours = scan.digits(2);
    scan.expect(":");
    const int minutes = scan.digits(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    if (behind) offset = -offset;
  }
  if (!scan.done() || !day || !time_of_day.ok || year < 1970) return std::nullopt;
  const Time time = *day + time_of_day.since_midnight - offset + Milliseconds(milliseconds);
  if (time_of_day.leap && !begins_month(time)) return std::nullopt;
  if (!is_within_written_years(time)) return std::nullopt;
  return time;
}

std::optional<Time> parse_http_date(std::string_view text) {
  Scan scan(text);
  const std::size_t comma = text.find(',');
  const bool is_asctime = comma == std::string_view::npos;
  const bool is_rfc850 = !is_asctime && comma != 3;
  const unsigned weekday = scan.one_of(weekdays, is_rfc850 ? std::string_view::npos : 3);
  int year = 0, day_of_month = 0;
  unsigned month = 0;
  TimeOfDay time_of_day;
  if (is_asctime) {  // Sun Nov  6 08:49:37 1994
    scan.expect(" ");
    month = scan.one_of(months, 3);
    scan.expect(" ");
    day_of_month = scan.skip(" ") ? scan.digits(1) : scan.digits(2);
    scan.expect(" ");
    time_of_day = scan_time_of_day(scan);
    scan.expect(" ");
    year = scan.digits(4);
  } else {  // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
    const std::string_view separator = is_rfc850 ? "-" : " ";
    scan.expect(", ");
    day_of_month = scan.digits(2);
    scan.expect(separator);
    month = scan.one_of(months, 3);
    scan.expect(separator);
    year = scan.digits(is_rfc850 ? 2 : 4);
    // RFC 9110 asks for a window around now, but the weekday is checked below and no server has sent this form since
    // the last century: the window of POSIX does.
    if (is_rfc850) year += year >= 69 ? 1900 : 2000;
    scan.expect(" ");
    time_of_day = scan_time_of_day(scan);
    scan.expect(" GMT");
  }
  const auto day = make_day(year, static_cast<int>(month) + 1, day_of_month);
  if (!scan.done() || !day || !time_of_day.ok) return std::nullopt;
  if (std::chrono::weekday(*day).c_encoding() != weekday) return std::nullopt;
  const Time time = *day + time_of_day.since_midnight;
  if (time_of_day.leap && !begins_month(time)) return std::nullopt;
  return time;
}

std::optional<Time> parse_date(std::string_view text) {
  Scan scan(text);
  const int year = scan.digits(4);
  scan.expect("-");
  const int month = scan.digits(2);
  scan.expect("-");
  const auto day = make_day(year, month, scan.digits(2));
  if (!scan.done() || !day || year < 1970) return std::nullopt;
  return Time(*day);
}

}  // namespace galley
