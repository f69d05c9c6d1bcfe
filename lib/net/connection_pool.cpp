#include "net/connection_pool.hpp"

#include <algorithm>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace galley::net {

namespace asio = boost::asio;

namespace {

// The pools of one io_context. As its service they are shut down before its sockets are, whatever order the program
// destroys its objects in.
class Pools final : public asio::execution_context::service {
 public:
  static inline asio::execution_context::id id;

  explicit Pools(asio::execution_context& context) : asio::execution_context::service(context) {}

  std::shared_ptr<ConnectionPool>& at(std::uint64_t client) { return pools_[client]; }

 private:
  void shutdown() override {
    for (auto& [client, pool] : pools_)
      pool->shut_down();
    pools_.clear();
  }

  // Shared with the leases of coroutines that are destroyed after shutdown().
  std::unordered_map<std::uint64_t, std::shared_ptr<ConnectionPool>> pools_;
};

}  // namespace

// A caller in line. Lives in the frame of wait(), and leaves the line with it.
struct ConnectionPool::Waiter {
  Waiter(const asio::any_io_executor& executor, ConnectionPool& owner, Origin& place)
      : timer(executor), pool(owner), origin(place) {
    origin.waiters.push_back(this);
  }
  ~Waiter() {
    std::erase(origin.waiters, this);
    // The place came, but the caller went: it is the next one's.
    if (granted) pool.free_place(origin);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  asio::steady_timer timer;
  ConnectionPool& pool;
  Origin& origin;
  bool granted = false;
};

ConnectionPool::Lease::Lease(std::shared_ptr<ConnectionPool> pool, std::shared_ptr<Origin> origin)
    : pool_(std::move(pool)), origin_(std::move(origin)) {}

ConnectionPool::Lease::~Lease() {
  if (pool_) pool_->free_place(*origin_);
}

std::shared_ptr<Connection> ConnectionPool::Lease::take_idle(Instant now) {
  while (!origin_->idle.empty()) {
    const IdleList::iterator at = origin_->idle.back();
    const PoolLimits& limits = pool_->limits_;
    const bool fresh = now - at->since < limits.idle_time && now - at->connection->since() < limits.life_time;
    std::shared_ptr<Connection> connection = at->connection;
    pool_->drop(at);
    if (fresh && connection->is_quiet()) return connection;
  }
  return nullptr;
}

void ConnectionPool::Lease::keep(std::shared_ptr<Connection> connection, Instant now) {
  ConnectionPool& pool = *pool_;
  if (pool.shut_down_ || pool.limits_.idle == 0 || pool.limits_.idle_per_origin == 0) return;
  if (origin_->idle.size() >= pool.limits_.idle_per_origin) pool.drop(origin_->idle.front());
  if (pool.idle_.size() >= pool.limits_.idle) pool.drop(pool.idle_.begin());
  Idle idle{.connection = std::move(connection), .origin = origin_, .since = now};
  origin_->idle.push_back(pool.idle_.insert(pool.idle_.end(), std::move(idle)));
  pool.arm_sweep();
}

std::shared_ptr<TlsSession> ConnectionPool::Lease::session() const {
  return origin_->session;
}

ConnectionPool::ConnectionPool(const asio::any_io_executor& executor, PoolLimits limits)
    : limits_(limits), executor_(executor), sweep_timer_(executor) {}

ConnectionPool::~ConnectionPool() = default;

std::shared_ptr<ConnectionPool> ConnectionPool::of(const asio::any_io_executor& executor, std::uint64_t client,
                                                   const PoolLimits& limits) {
  asio::execution_context& context = asio::query(executor, asio::execution::context);
  std::shared_ptr<ConnectionPool>& pool = asio::use_service<Pools>(context).at(client);
  if (!pool) pool = std::make_shared<ConnectionPool>(executor, limits);
  return pool;
}

std::optional<ConnectionPool::Lease> ConnectionPool::try_lease(const std::string& origin) {
  std::shared_ptr<Origin> place = find(origin);
  // Those in line go first: a place that is free for a moment is theirs.
  if (place->in_use >= limits_.in_use_per_origin || !place->waiters.empty()) return std::nullopt;
  ++place->in_use;
  return Lease(shared_from_this(), std::move(place));
}

Task<std::optional<ConnectionPool::Lease>> ConnectionPool::wait(std::string origin, std::chrono::milliseconds limit) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const std::shared_ptr<ConnectionPool> self = shared_from_this();
  const std::shared_ptr<Origin> place = find(origin);
  Waiter waiter(executor, *this, *place);
  waiter.timer.expires_after(limit);
  boost::system::error_code ended;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  if (!waiter.granted) co_return std::nullopt;
  waiter.granted = false;  // the lease's from here on
  co_return std::optional<Lease>(std::in_place, self, place);
}

void ConnectionPool::close_idle() {
  for (Idle& idle : idle_)
    idle.origin->idle.clear();
  idle_.clear();
  if (sweep_timer_) sweep_timer_->cancel();
}

void ConnectionPool::shut_down() {
  shut_down_ = true;
  close_idle();
  sweep_timer_.reset();
}

std::shared_ptr<ConnectionPool::Origin> ConnectionPool::find(const std::string& name) {
  if (const auto at = origins_.find(name); at != origins_.end()) return at->second;
  if (origins_.size() >= limits_.origins)
    std::erase_if(origins_, [](const auto& entry) { return entry.second.use_count() == 1; });
  return origins_.emplace(name, std::make_shared<Origin>()).first->second;
}

void ConnectionPool::free_place(Origin& origin) {
  while (!origin.waiters.empty() && !shut_down_) {
    Waiter* next = origin.waiters.front();
    origin.waiters.pop_front();
    next->granted = true;
    next->timer.cancel();
    return;  // in_use stays: the place changed hands
  }
  --origin.in_use;
}

void ConnectionPool::drop(IdleList::iterator at) {
  std::erase(at->origin->idle, at);
  idle_.erase(at);
}

void ConnectionPool::arm_sweep() {
  if (sweeping_ || !sweep_timer_) return;
  sweeping_ = true;
  sweep_timer_->expires_after(limits_.idle_time);
  const auto on_end = [weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!self) return;
    self->sweeping_ = false;
    if (!error) self->sweep();
    if (!self->idle_.empty()) self->arm_sweep();
  };
  sweep_timer_->async_wait(on_end);
}

// Closes what was idle at the sweep before already, so each at most twice its idle time after its last use. No clock is
// read: the pool may outlive it.
void ConnectionPool::sweep() {
  while (!idle_.empty() && idle_.front().swept)
    drop(idle_.begin());
  for (Idle& idle : idle_)
    idle.swept = true;
}

}  // namespace galley::net
