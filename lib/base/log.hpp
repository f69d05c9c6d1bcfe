// Structured log lines on stderr, one JSON object or one logfmt line each. A line is written once, at the boundary that
// ends a request or a job. Lines are queued and written by a thread of the log's own; what waits is bounded, and lines
// beyond that are counted and reported, so that a blocked terminal never blocks a request.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/variant.hpp"

namespace galley {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { logfmt, json };

struct LogField {
  std::string_view name;
  Variant<std::string_view, std::int64_t, double, bool> value;
};

class Clock;

class Log {
 public:
  // descriptor: where lines go (2 for stderr; -1 for nowhere). Lines below level cost nothing. clock outlives this.
  Log(const Clock& clock, int descriptor, LogLevel level, LogFormat format);
  ~Log();  // writes what is queued
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Thread-safe. message is a constant phrase; what varies goes into fields. Control characters are escaped, so that no
  // value can forge a line.
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
  bool enabled(LogLevel level) const { return level >= level_; }

 private:
  struct Queue;
  LogLevel level_;
  LogFormat format_;
  const Clock& clock_;
  std::unique_ptr<Queue> queue_;
};

}  // namespace galley
