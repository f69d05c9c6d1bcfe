// Both that send, and everything that could lead them to a forbidden address: how many connections such addresses see.
#include <catch2/catch.hpp>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "fault_site.hpp"
#include "support/figure.hpp"
#include "support/forbidden_hosts.hpp"
#include "support/loopback_server.hpp"

using namespace galley;
using namespace galley::test;

namespace {

net::ClientOptions reaching(std::vector<Cidr> allowed) {
  return {.guard = net::EgressGuard({.allowed_networks = std::move(allowed), .allow_insecure = true})};
}

LoopbackServer::Script always(const ScriptedAnswer& scripted) {
  return [scripted](const ReceivedRequest&) { return scripted; };
}

// The tries that came to the end of a connection, and to whom.
struct Reached {
  std::size_t allowed = 0;
  std::size_t others = 0;

  void add(const Told& told) {
    for (const Attempt& attempt : told.attempts) {
      if (attempt.peer.starts_with("127.0.0.1:"))
        ++allowed;
      else if (!attempt.peer.empty() || attempt.phases.connect_us != 0)
        ++others;
    }
  }
};

constexpr std::string_view blocked_delivery = "pending in 5 s, - guard";
constexpr std::string_view refused_job = "failed, not tried";  // its settings are read anew, and refused

}  // namespace

TEST_CASE("outbound guard: nothing leads to a forbidden address", "[webhook]") {
  std::size_t forbidden = 0;  // connections

  // Addresses as they may be written, in rows that no check at saving time has seen.
  {
    LoopbackServer server(always(answer(200)));
    FaultSite closed(reaching({}));
    Reached reached;
    for (const std::string_view host : forbidden_hosts) {
      CAPTURE(host);
      const std::string url = "http://" + std::string(host) + ":" + std::to_string(server.port()) + "/";
      const Told delivered = closed.deliver(url, {});
      CHECK(delivered.outcome == blocked_delivery);
      const Told published = closed.publish(url, {});
      CHECK(published.outcome == refused_job);
      reached.add(delivered);
      reached.add(published);
    }
    CHECK(reached.allowed == 0);
    forbidden += reached.others + server.connection_count();
  }

  // Names. 127.0.0.1 plays the harmless address, 127.0.0.2 a forbidden one; the server takes both.
  using Answers = std::vector<std::vector<std::string>>;
  const Answers changing[] = {
      {{"127.0.0.2"}},
      {{"127.0.0.1"}, {"127.0.0.2"}},
      {{"127.0.0.2"}, {"127.0.0.1"}},
      {{"127.0.0.1", "127.0.0.2"}, {"127.0.0.2", "10.0.0.1"}},
      {{"10.0.0.1", "127.0.0.2", "127.0.0.1"}, {"::1", "127.0.0.1"}},
      {{"::ffff:127.0.0.1"}, {"64:ff9b::7f00:1"}},
      {{"::1"}, {"2002:7f00:1::"}},
      {{"169.254.169.254"}, {"fd00:ec2::254"}},
  };
  {
    LoopbackServer server(always(answer(200, "", "Connection: close\r\n")));
    FaultSite site(reaching({cidr("127.0.0.1/32")}));
    Reached reached;
    for (const Answers& answers : changing) {
      CAPTURE(answers);
      site.resolver.answers["changing.example"] = answers;
      const std::size_t asked = site.resolver.asked;
      reached.add(site.deliver(server.url("/", "changing.example"), {}));
      reached.add(site.publish(server.url("/", "changing.example"), {}));
      CHECK(site.resolver.asked == asked + 2);  // what was judged is what is connected to
    }
    CHECK(reached.allowed == 5);
    CHECK(server.connection_count() >= reached.allowed);
    forbidden += reached.others + server.connection_count() - reached.allowed;
  }

  // Redirects, from a place that is allowed.
  std::size_t redirects = 0;
  {
    LoopbackServer secret(always(answer(200)));
    FaultSite site(reaching({cidr("127.0.0.1/32")}));
    site.resolver.answers["inside.example"] = {{"127.0.0.2"}};
    const std::string port = ":" + std::to_string(secret.port()) + "/";
    for (const int status : {300, 301, 302, 303, 307, 308})
      for (const std::string& host :
           {std::string("127.0.0.1"), std::string("127.0.0.2"), std::string("inside.example")}) {
        LoopbackServer server(always(answer(status, "", "Location: http://" + host + port + "\r\n")));
        const std::string code = std::to_string(status);
        CHECK(site.deliver(server.url(), {}).outcome == "pending in 5 s, " + code + " status");
        CHECK(site.publish(server.url(), {}).outcome == "failed, " + code + " status");
        ++redirects;
      }
    forbidden += secret.connection_count();
  }

  CHECK(forbidden == 0);
  print_figure("outbound guard: " + std::to_string(std::size(forbidden_hosts)) + " spellings, " +
               std::to_string(std::size(changing)) + " names that change, " + std::to_string(redirects) +
               " redirects, by subscription and connection: " + std::to_string(forbidden) +
               " connections to a forbidden address");
}
