#include "content/line_reader.hpp"

#include "base/encoding.hpp"

namespace galley::content {

Result<std::optional<std::string>> LineReader::next() {
  std::streambuf& bytes = *in_.rdbuf();
  for (;;) {
    std::string line;
    bool ended = false;
    bool too_long = false;
    for (;;) {
      const auto byte = bytes.sbumpc();
      ended = byte == std::char_traits<char>::eof();
      if (ended || byte == '\n') break;
      too_long = too_long || line.size() == max_bytes_;
      if (!too_long) line += static_cast<char>(byte);
    }
    if (ended && line.empty()) return std::optional<std::string>();
    ++number_;
    if (too_long)
      return Error{.code = ErrorCode::payload_too_large,
                   .message = "The line is longer than " + std::to_string(max_bytes_ >> 20) + " MiB."};
    if (line.ends_with('\r')) line.pop_back();
    if (number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (!trim_ascii(line).empty()) return std::optional(std::move(line));
  }
}

}  // namespace galley::content
