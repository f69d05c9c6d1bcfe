#include "net/resolver.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

namespace galley::net {
namespace {

namespace asio = boost::asio;
using Addresses = std::vector<Address>;

// A caller's place in a look-up.
struct Waiting {
  explicit Waiting(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer;
  std::optional<Result<Addresses>> answer;
};

std::optional<Address> to_address(const sockaddr& socket_address) {
  if (socket_address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &socket_address, sizeof(in));
    return Address(asio::ip::address_v4(ntohl(in.sin_addr.s_addr)));
  }
  if (socket_address.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &socket_address, sizeof(in));
    asio::ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return Address(asio::ip::address_v6(bytes, in.sin6_scope_id));
  }
  return std::nullopt;
}

Error failed(const std::string& host, int status) {
  std::string message = "The name " + host + " could not be looked up.";
  if (status == EAI_NONAME || status == EAI_NODATA) message = "The name " + host + " has no address.";
  Error error = unavailable(std::move(message));
  error.cause = ::gai_strerror(status);
  return error;
}

Result<Addresses> look_up(const std::string& host, std::size_t max) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (const int status = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found); status != 0)
    return failed(host, status);
  Addresses addresses;
  for (const addrinfo* at = found; at != nullptr && addresses.size() < max; at = at->ai_next) {
    const std::optional<Address> address = to_address(*at->ai_addr);
    if (address && std::ranges::find(addresses, *address) == addresses.end()) addresses.push_back(*address);
  }
  ::freeaddrinfo(found);
  if (addresses.empty()) return failed(host, EAI_NODATA);
  return addresses;
}

}  // namespace

struct SystemResolver::Lookups : std::enable_shared_from_this<SystemResolver::Lookups> {
  using Callers = std::vector<std::shared_ptr<Waiting>>;

  // The caller's entry, gone when his coroutine is: a thread never reaches for the timer of a destroyed io_context.
  // The Waiting is shared by the coroutine, its entry here, and the message that wakes it.
  struct Entry {
    Entry(std::shared_ptr<Lookups> of, std::string name, std::shared_ptr<Waiting> caller)
        : lookups(std::move(of)), host(std::move(name)), waiting(std::move(caller)) {}
    ~Entry() { lookups->leave(host, waiting); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    std::shared_ptr<Lookups> lookups;
    std::string host;
    std::shared_ptr<Waiting> waiting;
  };

  // False where too many names wait, or no thread can be had.
  bool join(const std::string& host, const std::shared_ptr<Waiting>& caller, const ResolverLimits& limits) {
    const std::lock_guard lock(mutex);
    if (const auto at = under_way.find(host); at != under_way.end()) {
      at->second.push_back(caller);
      return true;
    }
    if (closed || queue.size() >= limits.waiting) return false;
    if (idle_threads <= queue.size() && threads < limits.threads && !start_thread(limits) && threads == 0) return false;
    under_way.emplace(host, Callers{caller});
    queue.push_back(host);
    wake.notify_one();
    return true;
  }

  bool start_thread(const ResolverLimits& limits) {
    try {
      std::thread([self = shared_from_this(), max = limits.addresses] { self->work(max); }).detach();
    } catch (const std::system_error&) {
      return false;
    }
    ++threads;
    return true;
  }

  void leave(const std::string& host, const std::shared_ptr<Waiting>& caller) {
    const std::lock_guard lock(mutex);
    if (const auto at = under_way.find(host); at != under_way.end()) std::erase(at->second, caller);
  }

  void work(std::size_t max) {
    std::unique_lock lock(mutex);
    while (true) {
      ++idle_threads;
      wake.wait(lock, [this] { return closed || !queue.empty(); });
      --idle_threads;
      if (closed) return;
      const std::string host = std::move(queue.front());
      queue.pop_front();
      if (under_way.at(host).empty()) {  // all gave up while it waited
        under_way.erase(host);
        continue;
      }
      lock.unlock();
      const Result<Addresses> answer = look_up(host, max);
      lock.lock();
      const auto at = under_way.find(host);
      if (at == under_way.end()) continue;  // closed meanwhile
      answer_all(at->second, answer);
      under_way.erase(at);
    }
  }

  // Under the mutex, so that no caller can leave, and take his io_context along, between the look and the post.
  static void answer_all(const Callers& callers, const Result<Addresses>& answer) {
    for (const std::shared_ptr<Waiting>& caller : callers) {
      caller->answer = answer;
      asio::post(caller->timer.get_executor(), [caller] { caller->timer.cancel(); });
    }
  }

  void close() {
    const std::lock_guard lock(mutex);
    closed = true;
    for (const auto& [host, callers] : under_way)
      answer_all(callers, unavailable("The program is shutting down."));
    under_way.clear();
    queue.clear();
    wake.notify_all();
  }

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::string> queue;
  std::unordered_map<std::string, Callers> under_way;  // queued ones too
  std::size_t threads = 0;
  std::size_t idle_threads = 0;
  bool closed = false;
};

SystemResolver::SystemResolver(ResolverLimits limits) : limits_(limits), lookups_(std::make_shared<Lookups>()) {}

// Its threads are detached: getaddrinfo cannot be interrupted, and waiting for one could hold up a shutdown for a
// minute.
SystemResolver::~SystemResolver() {
  lookups_->close();
}

Task<Result<std::vector<Address>>> SystemResolver::resolve(std::string host, std::chrono::milliseconds limit) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto waiting = std::make_shared<Waiting>(executor);
  const std::shared_ptr<Lookups> lookups = lookups_;
  waiting->timer.expires_after(std::min(limit, limits_.limit));
  if (!lookups->join(host, waiting, limits_)) co_return unavailable("Too many names are being looked up just now.");
  const Lookups::Entry entry(lookups, host, waiting);
  boost::system::error_code ended;
  co_await waiting->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  if (!ended) co_return unavailable("Looking up the name " + host + " took too long.");
  // Under the mutex: where the wait was cancelled from outside, a thread may be writing the answer just now.
  std::unique_lock lock(lookups->mutex);
  std::optional<Result<Addresses>> answer = std::move(waiting->answer);
  lock.unlock();
  if (!answer) co_return unavailable("The look-up was cancelled.");
  co_return *std::move(answer);
}

}  // namespace galley::net
