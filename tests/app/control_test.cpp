#include "app/control.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <future>
#include <sstream>
#include <thread>

#include "app/command_runs.hpp"
#include "app/settings.hpp"
#include "support/temp_store.hpp"

using namespace galley;
using namespace galley::app;
using galley::test::run_command;
using galley::test::TempFolder;

namespace {

constexpr const char* email = "ada@example.com";

Config config_of(const TempFolder& folder) {
  Config config;
  config.data = folder.path();
  return config;
}

// What a running server does for commands: the store is open, the socket answers.
class Server {
 public:
  explicit Server(const TempFolder& folder) {
    auto backend = Backend::open(config_of(folder));
    REQUIRE(backend);
    backend_ = *std::move(backend);
    auto control = ControlServer::open(control_socket(folder.path()), [this](auto arguments, Terminal& terminal) {
      ++commands_;
      return run_command_line(std::move(arguments), terminal, backend_.get());
    });
    REQUIRE(control);
    control_ = *std::move(control);
  }
  ~Server() {
    control_.reset();
    backend_->store->stop();
  }
  int commands() const { return commands_; }

 private:
  std::unique_ptr<Backend> backend_;
  std::atomic<int> commands_ = 0;
  std::unique_ptr<ControlServer> control_;
};

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.string().size());
  return address;
}

// A listening socket that is left behind when this goes, as by a server that was killed.
class DeadSocket {
 public:
  explicit DeadSocket(const std::filesystem::path& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    const sockaddr_un address = address_of(path);
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(socket_, 1) == 0);
  }
  ~DeadSocket() { ::close(socket_); }
  int get() const { return socket_; }

 private:
  int socket_;
};

std::vector<std::string> with_data(std::vector<std::string> arguments, const TempFolder& folder) {
  arguments.insert(arguments.end(), {"--data", folder.path().string()});
  return arguments;
}

}  // namespace

TEST_CASE("control: a command inside the server prints and ends as in a process of its own", "[app]") {
  const TempFolder folder;
  const auto run = [&](std::vector<std::string> arguments) {
    return run_command(with_data(std::move(arguments), folder));
  };
  REQUIRE(run({"user", "create", "--email", email, "--password", "long enough"}).status == 0);
  const std::vector<std::vector<std::string>> commands{{"user", "list"},
                                                       {"user", "list", "--json"},
                                                       {"key", "list", "--account", email},
                                                       {"plan", "set", "--account", email, "pro"},
                                                       {"plan", "set", "--account", "nobody", "pro"},
                                                       {"plan", "set", "--account", email, "gold"},
                                                       {"user", "disable", "--email", "nobody@example.com"}};
  std::vector<test::CommandRun> alone;
  for (const auto& command : commands)
    alone.push_back(run(command));
  const Server server(folder);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto inside = run(commands[i]);
    INFO(commands[i].front() << ' ' << commands[i].at(1));
    CHECK(inside.status == alone[i].status);
    CHECK(inside.out == alone[i].out);
    CHECK(inside.err == alone[i].err);
  }
  // "gold" is refused before anybody is asked.
  CHECK(server.commands() == 6);
}

TEST_CASE("control: what the server's command changed is on the disk afterwards", "[app]") {
  const TempFolder folder;
  {
    const Server server(folder);
    CHECK(run_command(with_data({"user", "create", "--email", email, "--password-stdin"}, folder), "long enough\n")
              .status == 0);
    CHECK(server.commands() == 1);
  }
  CHECK(run_command(with_data({"user", "list"}, folder)).out.find(email) != std::string::npos);
}

TEST_CASE("control: a file that seed names is read by the caller", "[app]") {
  const TempFolder folder;
  const std::string file = (folder.path() / "words.csv").string();
  test::write_file(file, "keyword\nsome words\n");
  const Server server(folder);
  REQUIRE(run_command(with_data({"user", "create", "--email", email, "--password", "long enough"}, folder)).status ==
          0);
  const auto seeded = run_command(with_data({"seed", file, "--account", email}, folder));
  CHECK(seeded.status == 0);
  CHECK(seeded.out.find("1 created") != std::string::npos);
  CHECK(server.commands() == 2);
}

TEST_CASE("control: only the folder's owner may use the socket, and it goes with the server", "[app]") {
  const TempFolder folder;
  const std::filesystem::path socket = control_socket(folder.path());
  {
    const Server server(folder);
    struct stat status{};
    REQUIRE(::stat(socket.c_str(), &status) == 0);
    CHECK(S_ISSOCK(status.st_mode));
    CHECK((status.st_mode & 0777) == 0600);
  }
  CHECK_FALSE(std::filesystem::exists(socket));
}

TEST_CASE("control: a socket that a killed server left stands in nobody's way", "[app]") {
  const TempFolder folder;
  {
    const DeadSocket dead(control_socket(folder.path()));
  }
  REQUIRE(std::filesystem::exists(control_socket(folder.path())));
  const auto alone = run_command(with_data({"user", "create", "--email", email, "--password", "long enough"}, folder));
  CHECK(alone.status == 0);
  const Server server(folder);
  CHECK(run_command(with_data({"user", "list"}, folder)).out.find(email) != std::string::npos);
  CHECK(server.commands() == 1);
}

TEST_CASE("control: a server that goes in the middle of a command is a failure, told on standard error", "[app]") {
  const TempFolder folder;
  const DeadSocket listener(control_socket(folder.path()));
  std::thread server([&] { ::close(::accept(listener.get(), nullptr, nullptr)); });
  const auto ended = run_command(with_data({"user", "list"}, folder));
  server.join();
  CHECK(ended.status == 1);
  CHECK(ended.out.empty());
  CHECK(ended.err.find("did not answer") != std::string::npos);
}

TEST_CASE("control: nonsense on the socket is dropped and the next command served", "[app]") {
  const TempFolder folder;
  const Server server(folder);
  for (const std::string& nonsense : {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("99999999999\n"),
                                      std::string("3\n{]}"), std::string("0\n"), std::string("\n")}) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = address_of(control_socket(folder.path()));
    REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::send(socket, nonsense.data(), nonsense.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(nonsense.size()));
    char byte = 0;
    CHECK(::recv(socket, &byte, 1, 0) <= 0);
    ::close(socket);
  }
  CHECK(run_command(with_data({"user", "list"}, folder)).status == 0);
  CHECK(server.commands() == 1);
}

TEST_CASE("control: a command that takes long keeps no other from its work", "[app]") {
  const TempFolder folder;
  std::promise<void> gate;
  const std::shared_future<void> opened = gate.get_future().share();
  std::atomic<int> waiting = 0;
  const std::filesystem::path socket = control_socket(folder.path());
  auto control = ControlServer::open(socket, [&](std::vector<std::string> arguments, Terminal& terminal) {
    if (arguments.front() == "long") {
      ++waiting;
      opened.wait();
    }
    terminal.out << arguments.front() << '\n';
    return 0;
  });
  REQUIRE(control);
  const auto ask = [&](const char* command) {
    std::ostringstream out, err;
    std::istringstream in;
    Terminal terminal{out, err, in};
    run_in_server(socket, {command}, terminal);
    return out.str();
  };
  // As many as leave one free.
  std::vector<std::future<std::string>> longer;
  for (int i = 0; i < 3; ++i)
    longer.push_back(std::async(std::launch::async, ask, "long"));
  while (waiting < 3)
    std::this_thread::yield();
  for (int i = 0; i < 20; ++i)
    CHECK(ask("short") == "short\n");
  gate.set_value();
  for (auto& one : longer)
    CHECK(one.get() == "long\n");
}

TEST_CASE("control: many callers at once are all served", "[app]") {
  const TempFolder folder;
  const std::filesystem::path socket = control_socket(folder.path());
  std::atomic<int> running = 0, most = 0;
  auto control = ControlServer::open(socket, [&](std::vector<std::string> arguments, Terminal& terminal) {
    const int now = ++running;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    terminal.out << arguments.front();
    --running;
    return 0;
  });
  REQUIRE(control);
  std::vector<std::future<bool>> callers;
  for (int i = 0; i < 24; ++i)
    callers.push_back(std::async(std::launch::async, [&, i] {
      std::ostringstream out, err;
      std::istringstream in;
      Terminal terminal{out, err, in};
      return run_in_server(socket, {std::to_string(i)}, terminal) == 0 && out.str() == std::to_string(i);
    }));
  for (auto& caller : callers)
    CHECK(caller.get());
  CHECK(most <= 4);
}

TEST_CASE("control: commands that are no business of a server's are refused inside it", "[app]") {
  const TempFolder folder;
  auto backend = Backend::open(config_of(folder));
  REQUIRE(backend);
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"serve"}, {"migrate"}, {"restore", "x"}, {"smoke"}, {"doctor"}, {"openapi"}}) {
    const auto ended = run_command(command, "", backend->get());
    CHECK(ended.status == 2);
    CHECK(ended.err.find("inside a server") != std::string::npos);
  }
}

TEST_CASE("control: a path that no socket can have is a conflict in words", "[app]") {
  const auto control =
      ControlServer::open("/tmp/" + std::string(200, 'x') + "/control.sock", [](auto, Terminal&) { return 0; });
  REQUIRE_FALSE(control);
  CHECK(control.error().code == ErrorCode::conflict);
}
