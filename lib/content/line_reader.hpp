// The lines of a stream, one in memory at a time, each of a bounded length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace galley::content {

class LineReader {
 public:
  // in outlives this.
  LineReader(std::istream& in, std::size_t max_bytes) : in_(in), max_bytes_(max_bytes) {}

  // The next line that is not blank, without its LF or CRLF, or nothing at the end. payload_too_large for one that is
  // longer than max_bytes; the next call goes on behind it. A stream that fails ends.
  Result<std::optional<std::string>> next();
  // Of the line that next() gave or refused, from 1.
  std::int64_t number() const { return number_; }

 private:
  std::istream& in_;
  std::size_t max_bytes_;
  std::int64_t number_ = 0;
};

}  // namespace galley::content
