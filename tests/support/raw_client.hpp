// A TCP client on loopback that sends and reads bytes as they are, good or bad. Nothing waits longer than its deadline.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace galley::test {

class RawClient {
 public:
  // receive_buffer: bytes that the kernel keeps for a reader that does not read; 0 for its own choice.
  explicit RawClient(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (socket_ < 0) throw std::runtime_error("no socket");
    if (receive_buffer != 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      close();
      throw std::runtime_error("the connection was refused");
    }
  }
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;

  // False where the peer has closed; throws where it does not read.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      wait_for(POLLOUT);
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (sent < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // All that comes until the peer closes or resets.
  std::string read_until_close() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }
  // Up to and including mark. Throws where the peer closes before.
  std::string read_until(std::string_view mark) {
    while (true) {
      const std::size_t at = received_.find(mark);
      if (at != std::string::npos) return take(at + mark.size());
      if (!receive()) throw std::runtime_error("closed before the mark; got: " + received_);
    }
  }
  std::string read_bytes(std::size_t count) {
    while (received_.size() < count)
      if (!receive()) throw std::runtime_error("closed before the last byte");
    return take(count);
  }
  // One answer with a Content-Length, or without a body.
  std::string read_answer(bool has_body = true) {
    std::string answer = read_until("\r\n\r\n");
    const std::string_view field = "Content-Length: ";
    const std::size_t at = answer.find(field);
    if (has_body && at != std::string::npos) answer += read_bytes(std::stoul(answer.substr(at + field.size())));
    return answer;
  }
  // True where the peer closes without sending more.
  bool reads_end() { return received_.empty() && !receive(); }

  void finish_sending() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  // Closes with a reset instead of an end.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close();
  }

 private:
  static constexpr std::chrono::seconds deadline{20};

  void wait_for(short events) {
    pollfd waiting{socket_, events, 0};
    const int milliseconds = static_cast<int>(std::chrono::milliseconds(deadline).count());
    if (::poll(&waiting, 1, milliseconds) <= 0) throw std::runtime_error("nothing happened in time; got: " + received_);
  }
  bool receive() {
    wait_for(POLLIN);
    char buffer[65536];
    const ssize_t count = ::recv(socket_, buffer, sizeof(buffer), 0);
    if (count <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  std::string take(std::size_t count) {
    std::string taken = received_.substr(0, count);
    received_.erase(0, count);
    return taken;
  }

  int socket_;
  std::string received_;
};

}  // namespace galley::test
