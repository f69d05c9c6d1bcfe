// Takes connections from a listening socket and hands each to the lane with the fewest.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/task.hpp"
#include "http/lane.hpp"

namespace galley::http {

// Owned by the server and by every coroutine that hands out connections (shared).
using Lanes = std::shared_ptr<const std::vector<std::shared_ptr<Lane>>>;

// Connections that were handed to any lane and are not closed.
std::size_t total_load(const Lanes& lanes);

// One listening socket on one lane's thread. Owned by the server, which stops it, and by its coroutine (shared).
class Acceptor {
 public:
  // descriptor: a listening, non-blocking socket, which this owns. inherited: others hold the socket too.
  Acceptor(Lanes lanes, std::size_t lane, int descriptor, bool is_v6, bool inherited);

  // Accepts until stop(), then takes what the kernel has accepted already, and closes. No connection that was made is
  // reset: whoever comes in the last milliseconds of a socket that ends with it knocks again after a second.
  Task<void> run();
  // On the lane's thread.
  void stop();

 private:
  using Socket = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  Task<void> accept_or_pause();
  Task<void> turn_newcomers_away();
  // False: no descriptors or memory are left.
  bool take_waiting();
  void hand_over(int descriptor, std::string peer);

  Lanes lanes_;
  Lane& lane_;
  boost::asio::ip::tcp protocol_;
  bool inherited_;
  Socket socket_;
  boost::asio::steady_timer pause_;
  bool stopped_ = false;
  bool failing_ = false;
};

}  // namespace galley::http
