#include "net/pooled_http_client.hpp"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "net/client_parts.hpp"
#include "net/connection_pool.hpp"
#include "net/exchange.hpp"

namespace galley::net {

namespace asio = boost::asio;

namespace {

// Not the client's address, which a later client could get: a pool stays with its io_context.
std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

Result<std::unique_ptr<PooledHttpClient>> PooledHttpClient::create(ClientOptions options, Resolver& resolver,
                                                                   const Clock& clock) {
  TlsContext tls = GALLEY_TRY(TlsContext::create(options.trusted_ca_file));
  auto parts = std::make_unique<ClientParts>(std::move(options), resolver, clock, std::move(tls), next_number());
  return std::unique_ptr<PooledHttpClient>(new PooledHttpClient(std::move(parts)));
}

PooledHttpClient::PooledHttpClient(std::unique_ptr<ClientParts> parts) : parts_(std::move(parts)) {}

PooledHttpClient::~PooledHttpClient() = default;

Task<SendResult> PooledHttpClient::send(HttpRequest request) {
  // A cancelled exchange is a failure like any other and not an exception, so that its connection and place are given
  // back in one way; the caller's own setting holds again afterwards.
  const bool throwing = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  Exchange exchange(*parts_, std::move(request));
  SendResult result = co_await exchange.run();
  co_await asio::this_coro::throw_if_cancelled(throwing);
  co_return result;
}

void PooledHttpClient::close_idle(const asio::any_io_executor& executor) {
  ConnectionPool::of(executor, parts_->number, parts_->options.pool)->close_idle();
}

ClientCounters PooledHttpClient::counters() const {
  return {.connections = parts_->connections,
          .reused = parts_->reused,
          .stale_retries = parts_->stale_retries,
          .full_handshakes = parts_->full_handshakes,
          .resumed_handshakes = parts_->resumed_handshakes};
}

}  // namespace galley::net
