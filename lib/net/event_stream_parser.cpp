#include "net/event_stream_parser.hpp"

#include <algorithm>
#include <utility>

namespace galley::net {

bool EventStreamParser::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (std::exchange(after_return_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const std::size_t end = piece.find_first_of("\r\n");
    const std::string_view part = piece.substr(0, end);
    if (line_.size() + data_.size() + part.size() > max_event_) return false;
    line_ += part;
    if (end == std::string_view::npos) return true;
    after_return_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    end_line();
  }
  return true;
}

void EventStreamParser::end_line() {
  const std::string whole = std::exchange(line_, {});
  std::string_view line = whole;
  if (std::exchange(at_start_, false) && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  if (line.empty()) return end_event();
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view field = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    data_ += value;
    data_ += '\n';
  } else if (field == "event") {
    name_ = value;
  } else if (field == "id" && value.find('\0') == std::string_view::npos) {
    id_ = value;
  }
}

void EventStreamParser::end_event() {
  std::string name = std::exchange(name_, {});
  std::string data = std::exchange(data_, {});
  last_id_ = id_;
  if (data.empty()) return;
  data.pop_back();
  take_({.id = id_, .name = name.empty() ? "message" : std::move(name), .data = std::move(data)});
}

}  // namespace galley::net
