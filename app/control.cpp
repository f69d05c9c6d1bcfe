#include "app/control.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <iterator>
#include <sstream>
#include <thread>

#include "base/json.hpp"

namespace galley::app {

namespace {

// A message is a decimal length, a line feed and that many bytes of JSON.
constexpr std::size_t max_message = std::size_t{32} << 20;
constexpr std::size_t max_length_digits = 10;
// With a caller that does not send its request or take its answer; a command itself takes as long as it takes.
constexpr timeval patience{.tv_sec = 30, .tv_usec = 0};
// A backup of minutes and a rotation leave two for the others. Who comes then waits in the socket's queue.
constexpr std::size_t max_callers = 4;
constexpr int max_queued = 32;
constexpr int out_of_descriptors_wait = 200;  // milliseconds

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

std::optional<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool send_message(int socket, const std::string& text) {
  return send_all(socket, std::to_string(text.size()) + "\n") && send_all(socket, text);
}

std::optional<std::string> receive(int socket, std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t got = ::recv(socket, bytes.data() + have, count - have, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::optional<json::Value> receive_message(int socket) {
  std::string digits;
  for (;;) {
    const std::optional<std::string> byte = receive(socket, 1);
    if (!byte) return std::nullopt;
    if (*byte == "\n") break;
    if ((*byte)[0] < '0' || (*byte)[0] > '9' || digits.size() == max_length_digits) return std::nullopt;
    digits += *byte;
  }
  const std::size_t length = digits.empty() ? 0 : std::stoul(digits);
  if (length == 0 || length > max_message) return std::nullopt;
  const std::optional<std::string> text = receive(socket, length);
  if (!text) return std::nullopt;
  Result<json::Value> value = json::parse(*text);
  if (!value) return std::nullopt;
  return *std::move(value);
}

bool reads_input(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments)
    if (argument == "-" || argument.ends_with("-stdin")) return true;
  return false;
}

void serve_one(int socket, const ControlServer::Runner& run) {
  const std::optional<json::Value> request = receive_message(socket);
  if (!request) return;
  std::vector<std::string> arguments;
  if (const json::Value* list = request->find("arguments"); list != nullptr && list->array() != nullptr)
    for (const json::Value& argument : *list->array())
      if (argument.text() != nullptr) arguments.push_back(*argument.text());
  std::istringstream in(request->text_at({"input"}));
  std::ostringstream out;
  std::ostringstream err;
  Terminal terminal{out, err, in};
  const int status = run(std::move(arguments), terminal);
  std::string answer;
  json::Writer(answer)
      .begin_object()
      .member("status", status)
      .member("out", out.str())
      .member("err", err.str())
      .end_object();
  send_message(socket, answer);
}

}  // namespace

std::filesystem::path control_socket(const std::filesystem::path& data) {
  return data / "control.sock";
}

struct ControlServer::State {
  std::filesystem::path path;
  Runner run;
  Descriptor listener;
  Descriptor wake_read;
  Descriptor wake_write;
  std::vector<std::thread> threads;  // each serves one caller after the other

  void serve() const {
    for (;;) {
      std::array<pollfd, 2> waiting{pollfd{listener.get(), POLLIN, 0}, pollfd{wake_read.get(), POLLIN, 0}};
      if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
      if (waiting[1].revents != 0) return;
      const Descriptor caller(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!caller) {
        // Another thread was faster; or descriptors ran out, and asking again at once would keep a core busy.
        if (errno == EMFILE || errno == ENFILE) ::poll(&waiting[1], 1, out_of_descriptors_wait);
        continue;
      }
      ::setsockopt(caller.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      ::setsockopt(caller.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
      serve_one(caller.get(), run);
    }
  }
};

ControlServer::ControlServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

ControlServer::~ControlServer() {
  const char byte = 0;
  while (::write(state_->wake_write.get(), &byte, 1) < 0 && errno == EINTR) {
  }
  for (std::thread& thread : state_->threads)
    thread.join();
  ::unlink(state_->path.c_str());
}

Result<std::unique_ptr<ControlServer>> ControlServer::open(const std::filesystem::path& socket, Runner run) {
  const std::optional<sockaddr_un> address = address_of(socket);
  if (!address) return conflict("The path of the control socket is too long: " + socket.string());
  auto state = std::make_unique<State>();
  state->path = socket;
  state->run = std::move(run);
  // Not blocking: of the threads that a caller wakes, one gets it.
  state->listener = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ::unlink(socket.c_str());
  // The mask, so that there is no moment in which others may connect.
  const mode_t before = ::umask(0177);
  const bool bound = ::bind(state->listener.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0;
  ::umask(before);
  std::array<int, 2> pipe{};
  if (!bound || ::listen(state->listener.get(), max_queued) != 0 || ::pipe2(pipe.data(), O_CLOEXEC) != 0)
    return internal_error("control socket: " + std::string(std::strerror(errno)));
  state->wake_read = Descriptor(pipe[0]);
  state->wake_write = Descriptor(pipe[1]);
  for (std::size_t i = 0; i < max_callers; ++i)
    state->threads.emplace_back([raw = state.get()] { raw->serve(); });
  return std::unique_ptr<ControlServer>(new ControlServer(std::move(state)));
}

std::optional<int> run_in_server(const std::filesystem::path& socket, const std::vector<std::string>& arguments,
                                 Terminal& terminal) {
  const std::optional<sockaddr_un> address = address_of(socket);
  if (!address) return std::nullopt;
  const Descriptor caller(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(caller.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) return std::nullopt;
  std::string input;
  if (reads_input(arguments)) input.assign(std::istreambuf_iterator<char>(terminal.in), {});
  std::string request;
  json::Writer writer(request);
  writer.begin_object().key("arguments").begin_array();
  for (const std::string& argument : arguments)
    writer.value(argument);
  writer.end_array().member("input", input).end_object();
  std::optional<json::Value> answer;
  if (send_message(caller.get(), request)) answer = receive_message(caller.get());
  if (!answer) {
    terminal.err << "galley: the server that holds the data folder did not answer\n";
    return static_cast<int>(Exit::failed);
  }
  terminal.out << answer->text_at({"out"});
  terminal.err << answer->text_at({"err"});
  const json::Value* status = answer->find("status");
  return status != nullptr && status->integer() != nullptr ? static_cast<int>(*status->integer())
                                                           : static_cast<int>(Exit::failed);
}

}  // namespace galley::app
