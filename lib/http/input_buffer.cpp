#include "http/input_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace galley::http {
namespace {

// Most heads fit with room to spare; ten thousand idle connections hold 40 MiB of it at most.
constexpr std::size_t first_capacity = 4096;

}  // namespace

void InputBuffer::make_room(std::size_t least) {
  const std::size_t unread = end_ - begin_;
  if (begin_ != held_) {
    if (unread != 0) std::memmove(bytes_.get() + held_, bytes_.get() + begin_, unread);
    begin_ = held_;
    end_ = held_ + unread;
  }
  if (room_size() >= least || held_ != 0) return;
  const std::size_t wanted = std::max({first_capacity, capacity_ * 2, unread + least});
  auto larger = std::make_unique_for_overwrite<char[]>(wanted);
  if (unread != 0) std::memcpy(larger.get(), bytes_.get(), unread);
  bytes_ = std::move(larger);
  capacity_ = wanted;
}

}  // namespace galley::http
