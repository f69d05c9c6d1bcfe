#include "net/dialer.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "net/cancellation.hpp"

namespace galley::net {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

// Of one name; more would only share the same time.
constexpr std::size_t max_addresses = 4;

std::chrono::microseconds since(const Clock& clock, Instant start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(clock.instant() - start);
}

}  // namespace

Task<DialResult> Dialer::dial(std::shared_ptr<TlsSession> session, milliseconds limit) {
  end_ = parts_.clock.instant() + limit;
  auto addresses = co_await find_addresses();
  if (addresses.has_error()) co_return std::move(addresses).error();
  DialResult connected = co_await connect_to(*std::move(addresses), std::move(session));
  if (connected.has_error() || !url_.is_https()) co_return connected;
  co_return co_await secure(*std::move(connected));
}

Task<boost::system::result<Dialer::Addresses, TransportError>> Dialer::find_addresses() {
  Addresses found;
  if (url_.literal) {
    found.push_back(*url_.literal);
  } else {
    const Instant start = parts_.clock.instant();
    Result<Addresses> answer = co_await parts_.resolver.resolve(url_.host, left());
    timings_.dns = since(parts_.clock, start);
    if (co_await is_cancelled()) co_return failure(FailureKind::cancelled, "The request was cancelled.");
    if (answer.has_error()) co_return failure(FailureKind::dns, answer.error().message);
    found = *std::move(answer);
  }
  // Every address is judged, and the connection goes to one that was: asking the name again would give its owner the
  // chance to answer otherwise.
  Addresses allowed;
  std::string refusal = "The name " + url_.host + " has no address.";
  for (const Address& address : found) {
    const Result<void> verdict = parts_.options.guard.check(address);
    if (verdict.has_error())
      refusal = verdict.error().message;
    else if (allowed.size() < max_addresses)
      allowed.push_back(address);
  }
  if (allowed.empty())
    co_return failure(found.empty() ? FailureKind::dns : FailureKind::refused_by_guard, std::move(refusal));
  co_return allowed;
}

Task<DialResult> Dialer::connect_to(Addresses addresses, std::shared_ptr<TlsSession> session) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const Instant start = parts_.clock.instant();
  TransportError last =
      failure(FailureKind::connect_timeout, "No time was left to connect to " + url_.authority() + ".");
  for (std::size_t i = 0; i < addresses.size() && left() > milliseconds(0); ++i) {
    peer_ = Peer{.address = addresses[i], .port = url_.port};
    const auto connection = std::make_shared<Connection>(executor, session, parts_.clock.instant());
    // An address that does not answer leaves the others their share of the time.
    connection->limit_time(left() / static_cast<int>(addresses.size() - i));
    const IoOutcome outcome = co_await connection->connect(peer_);
    const bool time_was_up = connection->is_time_up();
    connection->release_timer();
    timings_.connect = since(parts_.clock, start);
    if (!outcome.error && !time_was_up) {
      ++parts_.connections;
      co_return connection;
    }
    if (co_await is_cancelled()) co_return failure(FailureKind::cancelled, "The request was cancelled.");
    if (time_was_up || outcome.error == asio::error::timed_out)
      last = failure(FailureKind::connect_timeout, "Connecting to " + url_.authority() + " took too long.");
    else
      last = failure(FailureKind::connect_refused,
                     "Connecting to " + url_.authority() + " failed: " + outcome.error.message() + ".");
  }
  co_return last;
}

Task<DialResult> Dialer::secure(std::shared_ptr<Connection> connection) {
  const Instant start = parts_.clock.instant();
  connection->limit_time(std::max(left(), milliseconds(1)));
  const Handshake handshake = co_await connection->start_tls(parts_.tls, url_);
  const bool time_was_up = connection->is_time_up();
  connection->release_timer();
  timings_.tls = since(parts_.clock, start);
  if (!handshake.error && !time_was_up) {
    ++(handshake.resumed ? parts_.resumed_handshakes : parts_.full_handshakes);
    co_return connection;
  }
  if (co_await is_cancelled()) co_return failure(FailureKind::cancelled, "The request was cancelled.");
  if (time_was_up)
    co_return failure(FailureKind::connect_timeout, "The TLS handshake with " + url_.authority() + " took too long.");
  co_return failure(FailureKind::tls,
                    "The TLS handshake with " + url_.authority() + " failed: " + handshake.fault + ".");
}

milliseconds Dialer::left() const {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(end_ - parts_.clock.instant()));
}

TransportError Dialer::failure(FailureKind kind, std::string text) const {
  return {.kind = kind, .text = std::move(text), .peer = peer_};
}

}  // namespace galley::net
