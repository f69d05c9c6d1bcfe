// One accepted socket with its deadline: receiving, sending, being cut. Belongs to its lane's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <string_view>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "http/lane.hpp"

namespace galley::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

class Connection {
 public:
  Connection(Lane& lane, Socket socket) : lane_(lane), socket_(std::move(socket)) {}

  // Waits for at least one byte. 0: the client has closed or reset, the deadline has passed (then expired() holds), or
  // the wait was ended by interrupt() or cut().
  Task<std::size_t> receive(char* to, std::size_t room);
  // The same without waiting: 0 also when nothing is there.
  std::size_t receive_now(char* to, std::size_t room);

  // Sends both pieces, or begins to; they must stay valid until all has left. False: call send_rest().
  bool send(std::string_view first, std::string_view second = {});
  // Waits until all has left. False: the client has gone, reads too slowly, or was cut.
  Task<bool> send_rest();

  // The client has closed its end or reset the connection; costs a system call.
  bool has_left();
  // No more will be sent: the client sees the end behind what it has got.
  void finish_sending();
  // Ends a waiting receive, without closing.
  void interrupt();
  void cut();

  // Deadlines replace each other. A passed one ends what is waited for.
  void limit_to(Milliseconds time);
  // Passed when, after the grace, fewer than the limits' bytes per second went through since begin.
  void keep_pace(Instant begin, Milliseconds grace, std::size_t bytes);
  void lift_limit() { deadline_ = Instant::max(); }
  bool expired() const { return expired_; }
  void tick();

 private:
  // False: the kernel's buffer is full.
  bool send_now();

  Lane& lane_;
  Socket socket_;
  boost::system::error_code error_;
  std::string_view first_;
  std::string_view second_;
  Instant deadline_ = Instant::max();
  bool expired_ = false;
  bool broken_ = false;
};

}  // namespace galley::http
