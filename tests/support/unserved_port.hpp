// UnservedPort: an address on 127.0.0.1 behind which nobody works.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace galley::test {

// A port that is held but not served: it refuses connections, or lets the system take them and some of their bytes.
class UnservedPort {
 public:
  enum class Kind : std::uint8_t { refusing, listening };

  explicit UnservedPort(Kind kind) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, plain, size) != 0 || (kind == Kind::listening && ::listen(socket_, 1) != 0) ||
        ::getsockname(socket_, plain, &size) != 0)
      throw std::runtime_error("no loopback port");
    port_ = ntohs(address.sin_port);
  }
  ~UnservedPort() { ::close(socket_); }
  UnservedPort(const UnservedPort&) = delete;
  UnservedPort& operator=(const UnservedPort&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace galley::test
