// The bytes of one connection that have arrived and are not yet done with.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace galley::http {

class InputBuffer {
 public:
  std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  // The first count of unread() are done with. They stay where they are until make_room or discard.
  void consume(std::size_t count) { begin_ += count; }

  // Where newly received bytes go, and how many fit.
  char* room() { return bytes_.get() + end_; }
  std::size_t room_size() const { return capacity_ - end_; }
  void received(std::size_t count) { end_ += count; }

  // All before unread() stays in place, for views into it, until release().
  void hold() { held_ = begin_; }
  void release() { held_ = 0; }

  // Moves what is unread down to what is held and, where nothing is, grows so that at least that many bytes fit. Views
  // into what is unread become invalid.
  void make_room(std::size_t least);
  // Forgets all.
  void discard() { begin_ = end_ = held_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t held_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace galley::http
