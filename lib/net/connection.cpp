#include "net/connection.hpp"

#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace galley::net {

namespace asio = boost::asio;

Connection::~Connection() {
  if (tls_) mark_shut_down(tls_->native_handle());
}

void Connection::limit_time(std::chrono::milliseconds limit) {
  time_is_up_ = false;
  timer_.expires_after(limit);
  const auto on_end = [weak = weak_from_this(), timing = ++timing_](const boost::system::error_code& error) {
    const auto self = weak.lock();
    // A handler that was already queued when the time was released comes without an error, but with an old number.
    if (error || !self || self->timing_ != timing) return;
    self->time_is_up_ = true;
    // Closed rather than cancelled: a composed operation that is between two steps would not notice a cancellation.
    boost::system::error_code ignored;
    self->socket_.close(ignored);
  };
  timer_.async_wait(on_end);
}

void Connection::release_timer() {
  ++timing_;
  timer_.cancel();
}

Task<IoOutcome> Connection::connect(Peer peer) {
  IoOutcome outcome;
  const asio::ip::tcp::endpoint endpoint(peer.address, peer.port);
  peer_ = peer;
  co_await socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, outcome.error));
  if (outcome.error) co_return outcome;
  boost::system::error_code ignored;  // without it the request still arrives, only later
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  co_return outcome;
}

Task<Handshake> Connection::start_tls(const TlsContext& tls, const Url& url) {
  Handshake handshake;
  tls_.emplace(socket_, tls.context());
  SSL* ssl = tls_->native_handle();
  if (!tls.prepare(ssl, url, *session_)) {
    handshake.error = asio::error::no_memory;
    handshake.fault = "it could not be prepared";
    co_return handshake;
  }
  co_await tls_->async_handshake(asio::ssl::stream_base::client,
                                 asio::redirect_error(asio::use_awaitable, handshake.error));
  if (handshake.error) {
    handshake.fault = handshake_fault(ssl, handshake.error);
    session_->forget();
    co_return handshake;
  }
  handshake.resumed = SSL_session_reused(ssl) == 1;
  co_return handshake;
}

Task<IoOutcome> Connection::read_some(asio::mutable_buffer into) {
  IoOutcome outcome;
  if (tls_)
    outcome.bytes = co_await tls_->async_read_some(into, asio::redirect_error(asio::use_awaitable, outcome.error));
  else
    outcome.bytes = co_await socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, outcome.error));
  co_return outcome;
}

Task<IoOutcome> Connection::write(std::string_view bytes) {
  IoOutcome outcome;
  const asio::const_buffer buffer = asio::buffer(bytes);
  if (tls_)
    outcome.bytes = co_await asio::async_write(*tls_, buffer, asio::redirect_error(asio::use_awaitable, outcome.error));
  else
    outcome.bytes =
        co_await asio::async_write(socket_, buffer, asio::redirect_error(asio::use_awaitable, outcome.error));
  co_return outcome;
}

bool Connection::is_quiet() {
  char byte = 0;
  const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
  // Over TLS it may be a session ticket; a plain connection that speaks unasked is out of step.
  return got > 0 && tls_.has_value();
}

}  // namespace galley::net
