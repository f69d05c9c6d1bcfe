// ConnectionPool: the kept connections of one client on one thread, by origin. It belongs to the io_context, so that it
// goes with it, and no coroutine outlives it. Not thread-safe: only that thread touches it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "net/connection.hpp"
#include "net/pooled_http_client.hpp"

namespace galley::net {

class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
 public:
  struct Origin;

  // The right to one exchange with an origin, and the connection that it uses. The place is free again when this goes;
  // the connection is closed unless keep() took it back before.
  class Lease {
   public:
    Lease(std::shared_ptr<ConnectionPool> pool, std::shared_ptr<Origin> origin);
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    // A kept connection that is young and quiet enough, if there is one.
    std::shared_ptr<Connection> take_idle(Instant now);
    // For the next exchange with this origin.
    void keep(std::shared_ptr<Connection> connection, Instant now);
    // For a new connection to this origin.
    std::shared_ptr<TlsSession> session() const;

   private:
    // Both are shared with the io_context's service, which may let go of them first when the program ends.
    std::shared_ptr<ConnectionPool> pool_;
    std::shared_ptr<Origin> origin_;
  };

  ConnectionPool(const boost::asio::any_io_executor& executor, PoolLimits limits);
  ~ConnectionPool();

  // The pool of that client (a number that is never used again) on the executor's io_context, made when first asked
  // for.
  static std::shared_ptr<ConnectionPool> of(const boost::asio::any_io_executor& executor, std::uint64_t client,
                                            const PoolLimits& limits);

  // Nothing where all places of the origin are taken: then wait().
  std::optional<Lease> try_lease(const std::string& origin);
  // In the order of asking; nothing where limit ends, or the caller is cancelled, before a place is free.
  Task<std::optional<Lease>> wait(std::string origin, std::chrono::milliseconds limit);
  void close_idle();
  // The io_context is going: closes everything, for good.
  void shut_down();

 private:
  struct Waiter;
  struct Idle {
    std::shared_ptr<Connection> connection;
    std::shared_ptr<Origin> origin;
    Instant since;
    bool swept = false;  // was idle when the sweep came by
  };
  using IdleList = std::list<Idle>;

  std::shared_ptr<Origin> find(const std::string& name);
  void free_place(Origin& origin);
  void drop(IdleList::iterator at);
  void arm_sweep();
  void sweep();

  PoolLimits limits_;
  std::unordered_map<std::string, std::shared_ptr<Origin>> origins_;
  IdleList idle_;  // the one idle longest first
  boost::asio::any_io_executor executor_;
  std::optional<boost::asio::steady_timer> sweep_timer_;
  bool sweeping_ = false;
  bool shut_down_ = false;
};

struct ConnectionPool::Origin {
  std::shared_ptr<TlsSession> session = std::make_shared<TlsSession>();
  std::vector<IdleList::iterator> idle{};  // the one used last at the back: it is the likeliest to be open still
  std::deque<Waiter*> waiters{};
  std::size_t in_use = 0;
};

}  // namespace galley::net
