#include "http/server.hpp"

#include <fcntl.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

#include "base/out_of_memory.hpp"
#include "http/acceptor.hpp"
#include "http/lane.hpp"

namespace galley::http {
namespace {

namespace asio = boost::asio;

constexpr Milliseconds drain_poll{10};
// After the cut, handlers that were sending notice it at once; one that waits for something else is not waited for.
constexpr Milliseconds cut_time = std::chrono::seconds(1);

int duplicate(int descriptor) {
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw std::system_error(errno, std::system_category(), "duplicating a listening socket");
  return copy;
}

Task<void> pause(asio::steady_timer& timer, Milliseconds time) {
  boost::system::error_code interrupted;
  timer.expires_after(time);
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, interrupted));
}

// One timer for all deadlines of a thread.
Task<void> watch(Lanes lanes, std::size_t index) {
  Lane& lane = *(*lanes)[index];
  asio::steady_timer timer(lane.context);
  while (true) {
    try {
      co_await pause(timer, lane.limits.tick);
      lane.tick(total_load(lanes) >= lane.limits.connections);
    } catch (const std::bad_alloc&) {
      // Without it no deadline would ever strike again. The next turn may find memory.
      wait_for_memory();
    }
  }
}

Task<void> accept(std::shared_ptr<Acceptor> acceptor) {
  co_await acceptor->run();
}

bool is_empty(const Lanes& lanes) {
  for (const std::shared_ptr<Lane>& lane : *lanes)
    if (lane->acceptors.load(std::memory_order_acquire) != 0) return false;
  return total_load(lanes) == 0;
}

Task<void> wait_until_empty(Lanes lanes, Milliseconds at_most) {
  Lane& lane = *lanes->front();
  asio::steady_timer timer(lane.context);
  const Instant end = lane.now() + at_most;
  while (!is_empty(lanes) && lane.now() < end)
    co_await pause(timer, drain_poll);
}

Task<void> finish_drain(Lanes lanes, Milliseconds grace, std::function<void()> drained) {
  co_await wait_until_empty(lanes, grace);
  for (const std::shared_ptr<Lane>& lane : *lanes)
    asio::post(lane->context, [lane] { lane->cut(); });
  co_await wait_until_empty(lanes, cut_time);
  drained();
}

}  // namespace

Server::Server(NetworkThreads& threads, std::vector<Listener> listeners, const Limits& limits, Handler& handler,
               const Clock& clock, Log& log) {
  std::vector<std::shared_ptr<Lane>> lanes;
  for (std::size_t i = 0; i < threads.size(); ++i)
    lanes.push_back(std::make_shared<Lane>(threads.context(i), limits, handler, clock, log));
  lanes_ = std::make_shared<const std::vector<std::shared_ptr<Lane>>>(std::move(lanes));
  for (const Listener& listener : listeners) {
    local_addresses_.push_back(listener.local());
    const bool is_v6 = listener.local().host.find(':') != std::string::npos;
    // Every thread waits on a descriptor of its own for the one socket: a port is bound once, in use or not.
    for (std::size_t i = 0; i < threads.size(); ++i)
      acceptors_.push_back(
          std::make_shared<Acceptor>(lanes_, i, duplicate(listener.descriptor()), is_v6, listener.inherited()));
  }
  for (std::size_t i = 0; i < threads.size(); ++i) {
    asio::co_spawn(threads.context(i), watch(lanes_, i), asio::detached);
    for (std::size_t at = i; at < acceptors_.size(); at += threads.size())
      asio::co_spawn(threads.context(i), accept(acceptors_[at]), asio::detached);
  }
}

Server::~Server() = default;

void Server::drain(Milliseconds grace, std::function<void()> drained) {
  if (draining_.exchange(true)) return;
  asio::co_spawn(lanes_->front()->context, finish_drain(lanes_, grace, std::move(drained)), asio::detached);
  for (std::size_t i = 0; i < lanes_->size(); ++i) {
    std::vector<std::shared_ptr<Acceptor>> own;
    for (std::size_t at = i; at < acceptors_.size(); at += lanes_->size())
      own.push_back(acceptors_[at]);
    asio::post((*lanes_)[i]->context, [lane = (*lanes_)[i], own = std::move(own)] {
      lane->begin_drain();
      for (const std::shared_ptr<Acceptor>& acceptor : own)
        acceptor->stop();
    });
  }
}

Counters Server::counters() const {
  Counters sum;
  for (const std::shared_ptr<Lane>& lane : *lanes_) {
    const LaneCounts& counts = lane->counts;
    sum.connections_open += counts.open.value();
    sum.connections_accepted += counts.accepted.value();
    sum.accept_failures += counts.accept_failures.value();
    sum.requests += counts.requests.value();
    sum.bytes_received += counts.bytes_received.value();
    sum.bytes_sent += counts.bytes_sent.value();
    sum.idle_closed += counts.idle_closed.value();
    sum.slow_bodies_cut += counts.slow_bodies_cut.value();
    sum.slow_readers_cut += counts.slow_readers_cut.value();
    for (std::size_t i = 0; i < refusal_kinds; ++i)
      sum.refused[i] += counts.refused[i].value();
  }
  return sum;
}

}  // namespace galley::http
