#include "http/listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "http/network_threads.hpp"

namespace galley::http::test {

TEST_CASE("listener: port 0 becomes a real one", "[http]") {
  const Result<Listener> listener = Listener::bind({"127.0.0.1", 0});
  REQUIRE(listener.has_value());
  CHECK(listener->local().port != 0);
  CHECK(listener->local().host == "127.0.0.1");
}

TEST_CASE("listener: a port in use is an error that names the address", "[http]") {
  const Result<Listener> first = Listener::bind({"127.0.0.1", 0});
  REQUIRE(first.has_value());
  const Result<Listener> second = Listener::bind(first->local());
  REQUIRE(second.has_error());
  CHECK(second.error().code == ErrorCode::unavailable);
  CHECK(second.error().message ==
        "The port of 127.0.0.1:" + std::to_string(first->local().port) + " is in use by another program.");
}

TEST_CASE("listener: names are no addresses", "[http]") {
  for (const char* const host : {"localhost", "", "1.2.3", "256.0.0.1", "[::1]", "fe80::1%lo"}) {
    INFO(host);
    const Result<Listener> listener = Listener::bind({host, 0});
    REQUIRE(listener.has_error());
    CHECK(listener.error().code == ErrorCode::validation_failed);
  }
}

TEST_CASE("listener: an address of another machine is an error that names it", "[http]") {
  const Result<Listener> listener = Listener::bind({"192.0.2.1", 80});
  REQUIRE(listener.has_error());
  CHECK(listener.error().message.find("192.0.2.1:80") != std::string::npos);
}

TEST_CASE("listener: an inherited socket is taken over, anything else is refused", "[http]") {
  Result<Listener> bound = Listener::bind({"127.0.0.1", 0});
  REQUIRE(bound.has_value());
  const ListenAddress address = bound->local();
  const int descriptor = bound->release();
  {
    const Result<Listener> adopted = Listener::adopt(descriptor);
    REQUIRE(adopted.has_value());
    CHECK(adopted->local().port == address.port);
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
  }
  CHECK(::fcntl(descriptor, F_GETFD) == -1);  // closed with its owner
  CHECK(Listener::adopt(descriptor).has_error());
  const int not_listening = ::socket(AF_INET, SOCK_STREAM, 0);
  CHECK(Listener::adopt(not_listening).has_error());
  ::close(not_listening);
}

TEST_CASE("listener: nothing is inherited that was meant for another process", "[http]") {
  ::setenv("LISTEN_FDS", "1", 1);
  ::setenv("LISTEN_PID", "1", 1);
  CHECK(inherited_descriptors().empty());
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::setenv("LISTEN_FDS", "2x", 1);
  CHECK(inherited_descriptors().empty());
  ::setenv("LISTEN_FDS", "100000", 1);
  CHECK(inherited_descriptors().empty());
  ::unsetenv("LISTEN_PID");
  ::unsetenv("LISTEN_FDS");
  CHECK(inherited_descriptors().empty());
}

TEST_CASE("listener: addresses are written with brackets where they need them", "[http]") {
  CHECK(to_text(ListenAddress{"127.0.0.1", 80}) == "127.0.0.1:80");
  CHECK(to_text(ListenAddress{"::1", 8080}) == "[::1]:8080");
}

TEST_CASE("network threads: posted work runs on its own thread, and its exception comes out of run", "[http]") {
  NetworkThreads threads(2);
  int ran = 0;
  threads.post(1, [&] {
    ++ran;
    throw std::runtime_error("broken");
  });
  CHECK_THROWS_WITH(threads.run(), "broken");
  CHECK(ran == 1);
}

}  // namespace galley::http::test
