#include "http/connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace galley::http {

namespace asio = boost::asio;

Task<std::size_t> Connection::receive(char* to, std::size_t room) {
  return socket_.async_read_some(asio::buffer(to, room), asio::redirect_error(asio::use_awaitable, error_));
}

std::size_t Connection::receive_now(char* to, std::size_t room) {
  const ssize_t count = ::recv(socket_.native_handle(), to, room, MSG_DONTWAIT);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool Connection::send(std::string_view first, std::string_view second) {
  first_ = first;
  second_ = second;
  return send_now();
}

bool Connection::send_now() {
  while (!broken_ && !(first_.empty() && second_.empty())) {
    std::array<iovec, 2> pieces{
        {{const_cast<char*>(first_.data()), first_.size()}, {const_cast<char*>(second_.data()), second_.size()}}};
    const bool one = second_.empty();
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = one ? 1 : 2;
    // A system call in place instead of async_write: in the common case all leaves at once, and the coroutine neither
    // suspends nor goes through the queue of the io_context.
    const ssize_t sent =
        one ? ::send(socket_.native_handle(), first_.data(), first_.size(), MSG_NOSIGNAL | MSG_DONTWAIT)
            : ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
      broken_ = true;
      return false;
    }
    auto count = static_cast<std::size_t>(sent);
    lane_.counts.bytes_sent.add(count);
    const std::size_t of_first = std::min(count, first_.size());
    first_.remove_prefix(of_first);
    second_.remove_prefix(count - of_first);
  }
  return !broken_;
}

Task<bool> Connection::send_rest() {
  const std::size_t total = first_.size() + second_.size();
  const Instant begin = lane_.now();
  std::size_t left = total;
  limit_to(lane_.limits.write_stall);
  while (!broken_ && !expired_) {
    co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(asio::use_awaitable, error_));
    if (error_ || expired_) break;
    if (send_now()) {
      lift_limit();
      co_return true;
    }
    const std::size_t now_left = first_.size() + second_.size();
    if (now_left == left) continue;
    left = now_left;
    // A reader that takes a few bytes now and then is as slow as one that stalls.
    keep_pace(begin, lane_.limits.write_stall, total - left);
    const Instant stalled = lane_.now() + lane_.limits.tick + lane_.limits.write_stall;
    deadline_ = std::min(deadline_, stalled);
  }
  if (expired_) lane_.counts.slow_readers_cut.add();
  broken_ = true;
  co_return false;
}

bool Connection::has_left() {
  char byte = 0;
  const ssize_t count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

void Connection::finish_sending() {
  boost::system::error_code ignored;  // the client may have gone already
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Connection::interrupt() {
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Connection::cut() {
  broken_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void Connection::limit_to(Milliseconds time) {
  expired_ = false;
  // now() is up to a tick old.
  deadline_ = lane_.now() + lane_.limits.tick + time;
}

void Connection::keep_pace(Instant begin, Milliseconds grace, std::size_t bytes) {
  expired_ = false;
  deadline_ = begin + lane_.limits.tick + grace + Milliseconds(bytes * 1000 / lane_.limits.bytes_per_second);
}

void Connection::tick() {
  if (lane_.now() < deadline_) return;
  expired_ = true;
  lift_limit();
  interrupt();
}

}  // namespace galley::http
