// Connection: one TCP connection, with TLS or without, and the timer that ends it. All of it on one thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"

namespace galley::net {

struct IoOutcome {
  boost::system::error_code error{};
  std::size_t bytes = 0;
};

struct Handshake {
  boost::system::error_code error{};
  std::string fault{};  // in words, where error is set
  bool resumed = false;
};

// Shared by the exchange or pool that holds it; its timer's handler looks at it through a weak_ptr.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // session: kept by the origin and by its connections, since tickets arrive at any time.
  Connection(const boost::asio::any_io_executor& executor, std::shared_ptr<TlsSession> session, Instant now)
      : socket_(executor), timer_(executor), session_(std::move(session)), since_(now) {}
  ~Connection();

  // From now until release_timer(): when limit ends the socket closes, and every operation fails; see is_time_up().
  void limit_time(std::chrono::milliseconds limit);
  void release_timer();
  bool is_time_up() const { return time_is_up_; }

  Task<IoOutcome> connect(Peer peer);
  // tls and url outlive the call.
  Task<Handshake> start_tls(const TlsContext& tls, const Url& url);
  // At least one byte, unless there is an error. eof: the peer ended it properly.
  Task<IoOutcome> read_some(boost::asio::mutable_buffer into);
  // All of the bytes, which the caller keeps.
  Task<IoOutcome> write(std::string_view bytes);

  // False where the peer has closed an idle connection, or sent what nobody asked for. One system call, no waiting.
  bool is_quiet();

  const Peer& peer() const { return peer_; }
  Instant since() const { return since_; }
  TlsSession& session() { return *session_; }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  Socket socket_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<TlsSession> session_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
  Peer peer_{};
  Instant since_;
  std::uint64_t timing_ = 0;  // which limit_time() a handler belongs to
  bool time_is_up_ = false;
};

}  // namespace galley::net
