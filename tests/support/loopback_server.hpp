// LoopbackServer: an HTTP peer on 127.0.0.1 that does what the test says, good or bad. One thread accepts, one serves
// each connection; none waits longer than the deadline, and destroying the server ends them all.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace galley::test {

struct ReceivedRequest {
  std::string method;
  std::string target;
  std::string head;                                            // as it came, with the empty line
  std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
  std::string body;
  std::size_t connection = 0;  // 1 for the first that was accepted

  // The first value; empty where there is none. name in lower case.
  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return "";
  }
};

// What the server does after it has sent an answer's bytes.
enum class Afterwards : std::uint8_t { keep_alive, close, reset, hang };

struct ScriptedAnswer {
  std::string bytes{};  // the whole answer on the wire, whatever it is
  Afterwards afterwards = Afterwards::keep_alive;
  // Sent after bytes again and again, until the peer goes away or 64 MiB are sent.
  std::string endlessly{};
  std::chrono::milliseconds pause{0};  // before each repetition
  // Over TLS, close without the closing alert.
  bool rudely = false;
};

// "HTTP/1.1 200 OK" with a length and the given header lines ("Name: value\r\n…").
inline ScriptedAnswer answer(int status, std::string_view body = "", std::string_view header_lines = "") {
  std::string bytes =
      "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  bytes.append(header_lines).append("\r\n").append(body);
  return {.bytes = std::move(bytes)};
}

class LoopbackServer {
 public:
  // Called on the connection's thread, so from several at once.
  using Script = std::function<ScriptedAnswer(const ReceivedRequest&)>;

  struct Options {
    std::string certificate_pem{};  // with private_key_pem: the server speaks TLS
    std::string private_key_pem{};
    // Of each wait for bytes or room.
    std::chrono::milliseconds deadline{20000};
    // What happens to connection number n before anything is read; nothing to go on.
    std::function<std::optional<ScriptedAnswer>(std::size_t)> on_accept{};
    bool record = true;       // keep what was received for requests()
    int max_tls_version = 0;  // TLS1_2_VERSION …; 0: the newest
  };

  explicit LoopbackServer(Script script) : LoopbackServer(std::move(script), Options()) {}
  LoopbackServer(Script script, Options options) : script_(std::move(script)), options_(std::move(options)) {
    // OpenSSL writes with write(): to a peer that is gone that is a signal.
    std::signal(SIGPIPE, SIG_IGN);
    if (!options_.certificate_pem.empty()) tls_ = make_tls(options_);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, plain, size) != 0 || ::listen(listener_, 128) != 0 ||
        ::getsockname(listener_, plain, &size) != 0)
      throw std::runtime_error("no loopback socket");
    port_ = ntohs(address.sin_port);
    stop_ = ::eventfd(0, EFD_CLOEXEC);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~LoopbackServer() {
    const std::uint64_t one = 1;
    if (::write(stop_, &one, sizeof(one)) != sizeof(one)) std::abort();
    acceptor_.join();
    for (std::thread& thread : connections_)
      thread.join();
    ::close(listener_);
    ::close(stop_);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const { return port_; }
  // "http://127.0.0.1:40001/hook", or https; host: another name for it, where the test's resolver knows it.
  std::string url(std::string_view target = "/", std::string_view host = "127.0.0.1") const {
    return std::string(tls_ ? "https://" : "http://") + std::string(host) + ":" + std::to_string(port_) +
           std::string(target);
  }
  // Complete requests, in the order of their arrival.
  std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t request_count() const {
    const std::lock_guard lock(mutex_);
    return request_count_;
  }
  // Closed by the server so far. On loopback the peer's system knows of it once it is counted here.
  std::size_t closed_count() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  // Accepted so far.
  std::size_t connection_count() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
  }

 private:
  struct FreeTls {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  struct Wire {
    int descriptor = -1;
    std::unique_ptr<SSL, FreeTls> ssl{};
    std::string pending{};  // received beyond the request
  };

  static std::unique_ptr<SSL_CTX, FreeTls> make_tls(const Options& options) {
    std::unique_ptr<SSL_CTX, FreeTls> context(SSL_CTX_new(TLS_server_method()));
    // The server takes everything, as weak keys and the oldest versions: it is the client that is to refuse them.
    SSL_CTX_set_security_level(context.get(), 0);
    std::unique_ptr<BIO, decltype(&BIO_free)> certificate_text(
        BIO_new_mem_buf(options.certificate_pem.data(), static_cast<int>(options.certificate_pem.size())), BIO_free);
    std::unique_ptr<BIO, decltype(&BIO_free)> key_text(
        BIO_new_mem_buf(options.private_key_pem.data(), static_cast<int>(options.private_key_pem.size())), BIO_free);
    std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr), X509_free);
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    if (!context || SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
      throw std::runtime_error("no TLS context");
    const unsigned char session_id[] = "loopback";
    SSL_CTX_set_session_id_context(context.get(), session_id, sizeof(session_id));
    if (options.max_tls_version != 0) {
      SSL_CTX_set_min_proto_version(context.get(), 0);
      SSL_CTX_set_max_proto_version(context.get(), options.max_tls_version);
    }
    return context;
  }

  // False where the server stops, or the deadline ends first.
  bool wait_for(int descriptor, short events) const {
    pollfd watched[] = {{descriptor, events, 0}, {stop_, POLLIN, 0}};
    const int ready = ::poll(watched, 2, static_cast<int>(options_.deadline.count()));
    return ready > 0 && watched[1].revents == 0;
  }

  void accept_all() {
    pollfd watched[] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
    while (::poll(watched, 2, -1) > 0 && watched[1].revents == 0) {
      const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (descriptor < 0) continue;
      const std::lock_guard lock(mutex_);
      connections_.emplace_back([this, descriptor, number = ++accepted_] { serve(descriptor, number); });
    }
  }

  void serve(int descriptor, std::size_t number) {
    Wire wire{.descriptor = descriptor};
    if (serve_first(wire, number)) {
      while (std::optional<ReceivedRequest> request = receive(wire, number))
        if (!perform(wire, script_(*request))) return;
    }
    finish(wire, false);
  }

  bool serve_first(Wire& wire, std::size_t number) {
    if (options_.on_accept) {
      if (const std::optional<ScriptedAnswer> first = options_.on_accept(number)) {
        if (!perform(wire, *first)) wire.descriptor = -1;
        return false;
      }
    }
    if (!tls_) return true;
    wire.ssl.reset(SSL_new(tls_.get()));
    SSL_set_fd(wire.ssl.get(), wire.descriptor);
    return step(wire, [&wire] { return SSL_accept(wire.ssl.get()); }) > 0;
  }

  // False where the server stops meanwhile.
  bool rest(std::chrono::milliseconds pause) const {
    pollfd watched[] = {{stop_, POLLIN, 0}};
    return pause.count() == 0 || ::poll(watched, 1, static_cast<int>(pause.count())) == 0;
  }

  // Repeats a TLS operation until it is done; 0 or less where it fails.
  template <class Operation>
  int step(Wire& wire, const Operation& operation) const {
    while (true) {
      const int outcome = operation();
      if (outcome > 0) return outcome;
      const int wanted = SSL_get_error(wire.ssl.get(), outcome);
      if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return 0;
      if (!wait_for(wire.descriptor, wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return 0;
    }
  }

  bool receive_some(Wire& wire) const {
    char bytes[16384];
    long got = 0;
    if (wire.ssl) {
      got = step(wire, [&] { return SSL_read(wire.ssl.get(), bytes, sizeof(bytes)); });
    } else {
      while ((got = ::recv(wire.descriptor, bytes, sizeof(bytes), 0)) < 0 && errno == EAGAIN)
        if (!wait_for(wire.descriptor, POLLIN)) return false;
    }
    if (got <= 0) return false;
    wire.pending.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  bool transmit(Wire& wire, std::string_view bytes) const {
    while (!bytes.empty()) {
      long sent = 0;
      if (wire.ssl) {
        sent = step(wire, [&] { return SSL_write(wire.ssl.get(), bytes.data(), static_cast<int>(bytes.size())); });
      } else {
        while ((sent = ::send(wire.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL)) < 0 && errno == EAGAIN)
          if (!wait_for(wire.descriptor, POLLOUT)) return false;
      }
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  std::optional<ReceivedRequest> receive(Wire& wire, std::size_t number) {
    std::size_t end = 0;
    while ((end = wire.pending.find("\r\n\r\n")) == std::string::npos)
      if (!receive_some(wire)) return std::nullopt;
    ReceivedRequest request = parse(wire.pending.substr(0, end + 4));
    request.connection = number;
    const std::string length = request.header("content-length");
    const std::size_t whole = end + 4 + (length.empty() ? 0 : std::stoul(length));
    while (wire.pending.size() < whole)
      if (!receive_some(wire)) return std::nullopt;
    request.body = wire.pending.substr(end + 4, whole - end - 4);
    wire.pending.erase(0, whole);
    const std::lock_guard lock(mutex_);
    ++request_count_;
    if (options_.record) requests_.push_back(request);
    return request;
  }

  static ReceivedRequest parse(std::string head) {
    ReceivedRequest request;
    request.head = std::move(head);
    const std::string_view text = request.head;
    const std::size_t space = text.find(' ');
    request.method = text.substr(0, space);
    request.target = text.substr(space + 1, text.find(' ', space + 1) - space - 1);
    std::size_t at = text.find("\r\n") + 2;
    while (at + 2 < text.size()) {
      const std::string_view line = text.substr(at, text.find("\r\n", at) - at);
      at += line.size() + 2;
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      std::string name(line.substr(0, colon));
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      std::string_view value = line.substr(colon + 1);
      value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
      request.headers.emplace_back(std::move(name), value);
    }
    return request;
  }

  // True where the connection goes on; otherwise it is closed.
  bool perform(Wire& wire, const ScriptedAnswer& scripted) {
    bool open = transmit(wire, scripted.bytes);
    for (std::size_t sent = 0; open && !scripted.endlessly.empty() && sent < max_endless;
         sent += scripted.endlessly.size())
      open = rest(scripted.pause) && transmit(wire, scripted.endlessly);
    if (open && scripted.afterwards == Afterwards::keep_alive) return true;
    // Until the peer goes away, or the server.
    while (open && scripted.afterwards == Afterwards::hang && receive_some(wire))
      wire.pending.clear();
    if (scripted.afterwards == Afterwards::reset) {
      const linger at_once{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(wire.descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    }
    finish(wire, scripted.rudely || scripted.afterwards == Afterwards::reset);
    return false;
  }

  void finish(Wire& wire, bool rudely) {
    if (wire.descriptor < 0) return;
    if (wire.ssl && !rudely) SSL_shutdown(wire.ssl.get());
    ::close(wire.descriptor);
    wire.descriptor = -1;
    const std::lock_guard lock(mutex_);
    ++closed_;
  }

  static constexpr std::size_t max_endless = std::size_t{64} * 1024 * 1024;

  Script script_;
  Options options_;
  std::unique_ptr<SSL_CTX, FreeTls> tls_;
  int listener_ = -1;
  int stop_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;  // of all below
  std::vector<std::thread> connections_;
  std::vector<ReceivedRequest> requests_;
  std::size_t request_count_ = 0;
  std::size_t accepted_ = 0;
  std::size_t closed_ = 0;
  std::thread acceptor_;
};

}  // namespace galley::test
