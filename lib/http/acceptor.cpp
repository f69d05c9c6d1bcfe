#include "http/acceptor.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "base/out_of_memory.hpp"
#include "http/session.hpp"

namespace galley::http {
namespace {

namespace asio = boost::asio;

// A burst does not keep the thread from the sessions that it has.
constexpr int most_at_once = 64;
// While all connections are taken, or no descriptor is left.
constexpr Milliseconds pause_time{50};
// For handshakes that are half-way when a drain begins: on one machine they take microseconds, and some milliseconds
// where it is busy.
constexpr Milliseconds settle_time{20};

std::string address_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return text.data();
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    // An inherited socket may take both families: one client has one address all the same.
    inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
    return text.data();
  }
  inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  return text.data();
}

// A connection's part of its lane's load, until it is closed or could not be served.
class Place {
 public:
  explicit Place(std::shared_ptr<Lane> lane) : lane_(std::move(lane)) {
    lane_->load.fetch_add(1, std::memory_order_relaxed);
  }
  Place(Place&& other) noexcept = default;
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (lane_) lane_->load.fetch_sub(1, std::memory_order_relaxed);
  }
  const std::shared_ptr<Lane>& lane() const { return lane_; }

 private:
  std::shared_ptr<Lane> lane_;  // as every coroutine that runs on it
};

Task<void> serve(Place place, Socket socket, std::string peer) {
  Session session(place.lane(), std::move(socket), std::move(peer));
  co_await session.run();
}

void start(Place place, Socket socket, std::string peer) {
  const std::shared_ptr<Lane> lane = place.lane();
  asio::co_spawn(lane->context, serve(std::move(place), std::move(socket), std::move(peer)),
                 [lane](const std::exception_ptr& failure) {
                   if (!failure) return;
                   try {
                     std::rethrow_exception(failure);
                   } catch (const std::exception& error) {
                     lane->log.write(LogLevel::error, "a connection failed",
                                     {{"cause", std::string_view(error.what())}});
                   }
                 });
}

// Closes the descriptor where it fails.
bool adopt(int descriptor, const asio::ip::tcp& protocol, Socket& socket) {
  boost::system::error_code error;
  try {
    socket.assign(protocol, descriptor, error);
  } catch (const std::bad_alloc&) {
    error = boost::system::errc::make_error_code(boost::system::errc::not_enough_memory);
  }
  if (error) ::close(descriptor);
  return !error;
}

}  // namespace

std::size_t total_load(const Lanes& lanes) {
  std::size_t total = 0;
  for (const std::shared_ptr<Lane>& lane : *lanes)
    total += lane->load.load(std::memory_order_relaxed);
  return total;
}

Acceptor::Acceptor(Lanes lanes, std::size_t lane, int descriptor, bool is_v6, bool inherited)
    : lanes_(std::move(lanes)),
      lane_(*(*lanes_)[lane]),
      protocol_(is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4()),
      inherited_(inherited),
      socket_(lane_.context, protocol_, descriptor),
      pause_(lane_.context) {
  lane_.acceptors.fetch_add(1, std::memory_order_relaxed);
}

Task<void> Acceptor::run() {
  while (!stopped_) {
    bool short_of_memory = false;
    try {
      co_await accept_or_pause();
    } catch (const std::bad_alloc&) {
      short_of_memory = true;
    }
    // Whoever ends here is never served again. Blocking the thread needs no memory, and gives others time to free some.
    if (short_of_memory) wait_for_memory();
  }
  if (!inherited_) co_await turn_newcomers_away();
  boost::system::error_code error;
  take_waiting();
  socket_.close(error);
  lane_.acceptors.fetch_sub(1, std::memory_order_release);
}

// The kernel resets what it has accepted and we have not when the socket closes, and between a last look and the close
// there is always a moment. So first nothing more is let through to the socket, and what is half-way comes to its end.
Task<void> Acceptor::turn_newcomers_away() {
  // Drops what begins a connection, that is has SYN (RFC 9293 §3.1: 0x02 of the 14th byte), and passes all else. The
  // sockets of connections that are accepted now inherit it, and never see one.
  std::array<sock_filter, 4> drop_syn{
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13), sock_filter BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x02, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, 0), sock_filter BPF_STMT(BPF_RET | BPF_K, 0xffffffff)};
  const sock_fprog program{.len = drop_syn.size(), .filter = drop_syn.data()};
  // Where it is not allowed there is that moment.
  if (::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) != 0) co_return;
  boost::system::error_code ignored;
  pause_.expires_after(settle_time);
  co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

Task<void> Acceptor::accept_or_pause() {
  boost::system::error_code error;
  bool room = total_load(lanes_) < lane_.limits.connections;
  if (room) {
    co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
    room = stopped_ || take_waiting();
  }
  if (room || stopped_) co_return;
  pause_.expires_after(pause_time);
  co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, error));
}

void Acceptor::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  pause_.cancel();
}

bool Acceptor::take_waiting() {
  for (int taken = 0; taken < most_at_once; ++taken) {
    if (total_load(lanes_) >= lane_.limits.connections) return true;
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    const int descriptor =
        ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      failing_ = false;
      hand_over(descriptor, address_text(address));
      continue;
    }
    // EAGAIN: another thread was faster, or no more wait. The other two concern that one connection.
    if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
    if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO) continue;
    lane_.counts.accept_failures.add();
    // Once, and not twenty times a second while it lasts.
    if (std::exchange(failing_, true)) return false;
    lane_.log.write(LogLevel::warning, "accepting a connection failed",
                    {{"cause", std::string_view(std::system_category().message(errno))}});
    return false;
  }
  return true;
}

void Acceptor::hand_over(int descriptor, std::string peer) {
  // All requests of a connection stay on one thread, so an even number of connections is what spreads the work.
  const std::shared_ptr<Lane>* target = nullptr;
  for (const std::shared_ptr<Lane>& lane : *lanes_) {
    const auto load = [](const Lane& of) { return of.load.load(std::memory_order_relaxed); };
    if (target == nullptr || load(*lane) < load(**target) || (lane.get() == &lane_ && load(*lane) == load(**target)))
      target = &lane;
  }
  Place place(*target);
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  galley::http::Socket socket((*target)->context);
  if (!adopt(descriptor, protocol_, socket)) return;
  if (target->get() == &lane_) return start(std::move(place), std::move(socket), std::move(peer));
  asio::post((*target)->context,
             [place = std::move(place), socket = std::move(socket), peer = std::move(peer)]() mutable {
               start(std::move(place), std::move(socket), std::move(peer));
             });
}

}  // namespace galley::http
