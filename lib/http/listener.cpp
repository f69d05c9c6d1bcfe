#include "http/listener.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

namespace galley::http {
namespace {

// systemd's first descriptor (SD_LISTEN_FDS_START).
constexpr int first_inherited = 3;
constexpr int most_inherited = 64;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

bool fill(const ListenAddress& from, Address& to) {
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&to.storage);
  if (inet_pton(AF_INET, from.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(from.port);
    to.size = sizeof(sockaddr_in);
    return true;
  }
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&to.storage);
  if (inet_pton(AF_INET6, from.host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(from.port);
    to.size = sizeof(sockaddr_in6);
    return true;
  }
  return false;
}

bool read_local(int descriptor, ListenAddress& local) {
  Address address;
  address.size = sizeof(address.storage);
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0) return false;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.storage.ss_family == AF_INET) {
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    local = {text.data(), ntohs(v4->sin_port)};
    return true;
  }
  if (address.storage.ss_family == AF_INET6) {
    const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
    local = {text.data(), ntohs(v6->sin6_port)};
    return true;
  }
  return false;
}

Error failed(const ListenAddress& address, int error) {
  const std::string cause = std::system_category().message(error);
  if (error == EADDRINUSE) {
    Error in_use = unavailable("The port of " + to_text(address) + " is in use by another program.");
    in_use.cause = cause;
    return in_use;
  }
  Error other = internal_error(cause);
  other.message = "Cannot listen on " + to_text(address) + ": " + cause + ".";
  return other;
}

// The number in an environment variable; -1 where there is none.
int number_in_environment(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return -1;
  int number = -1;
  const char* const end = text + std::strlen(text);
  const auto [at, error] = std::from_chars(text, end, number);
  return error == std::errc{} && at == end ? number : -1;
}

}  // namespace

Listener::Listener(int descriptor, ListenAddress local) : descriptor_(descriptor), local_(std::move(local)) {}

Listener::~Listener() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Listener::Listener(Listener&& other) noexcept
    : descriptor_(other.release()), local_(std::move(other.local_)), inherited_(other.inherited_) {}

Listener& Listener::operator=(Listener&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(local_, other.local_);
  std::swap(inherited_, other.inherited_);
  return *this;
}

int Listener::release() {
  return std::exchange(descriptor_, -1);
}

Result<Listener> Listener::bind(const ListenAddress& wanted) {
  Address address;
  if (!fill(wanted, address)) return invalid("listen", "\"" + wanted.host + "\" is not a numeric IP address.");
  const int descriptor = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return failed(wanted, errno);
  Listener listener(descriptor, wanted);
  const int on = 1;
  // Connections of a former process that are still closing do not hold the port; one that listens does.
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  // "0.0.0.0" and "::" can then both be listened on.
  if (address.storage.ss_family == AF_INET6) ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0)
    return failed(wanted, errno);
  if (::listen(descriptor, 4096) != 0) return failed(wanted, errno);
  if (!read_local(descriptor, listener.local_)) return failed(wanted, errno);
  return listener;
}

Result<Listener> Listener::adopt(int descriptor) {
  int listens = 0;
  socklen_t size = sizeof(listens);
  ListenAddress local;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0 ||
      !read_local(descriptor, local)) {
    Error error = internal_error("descriptor " + std::to_string(descriptor));
    error.message = "The inherited descriptor " + std::to_string(descriptor) + " is not a listening TCP socket.";
    return error;
  }
  Listener listener(descriptor, std::move(local));
  listener.inherited_ = true;
  const int flags = ::fcntl(descriptor, F_GETFL);
  ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return listener;
}

std::vector<int> inherited_descriptors() {
  std::vector<int> found;
  const int count = number_in_environment("LISTEN_FDS");
  if (number_in_environment("LISTEN_PID") != ::getpid() || count < 1 || count > most_inherited) return found;
  for (int i = 0; i < count; ++i) {
    ::fcntl(first_inherited + i, F_SETFD, FD_CLOEXEC);
    found.push_back(first_inherited + i);
  }
  return found;
}

std::string to_text(const ListenAddress& address) {
  const std::string port = std::to_string(address.port);
  if (address.host.find(':') != std::string::npos) return "[" + address.host + "]:" + port;
  return address.host + ":" + port;
}

}  // namespace galley::http
