// Server-sent events taken apart as they come (WHATWG HTML §9.2.5 and §9.2.6).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace galley::net {

struct ServerSentEvent {
  std::string id{};  // of the last event that had one, this one included
  std::string name{"message"};
  std::string data{};  // lines are separated by \n
};

class EventStreamParser {
 public:
  using Take = std::function<void(ServerSentEvent)>;

  // max_event: bytes that an unfinished event may have.
  EventStreamParser(std::size_t max_event, Take take) : max_event_(max_event), take_(std::move(take)) {}

  // Pieces of the stream, cut anywhere. take is called for every event that they complete; comments and retry times are
  // skipped. False, and of no further use, where an event is too large.
  bool feed(std::string_view piece);
  // Of the last event that was completed or, without data, was none.
  const std::string& last_id() const { return last_id_; }

 private:
  void end_line();
  void end_event();

  const std::size_t max_event_;
  Take take_;
  std::string line_{};
  std::string data_{};
  std::string name_{};
  std::string id_{};
  std::string last_id_{};
  bool after_return_ = false;  // a \n that comes next belongs to the \r before it
  bool at_start_ = true;       // a byte order mark may come
};

}  // namespace galley::net
