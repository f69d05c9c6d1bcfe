// Each fault of a peer against both that send, with its stated outcome.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fault_site.hpp"
#include "faults.hpp"
#include "support/figure.hpp"
#include "support/loopback_server.hpp"
#include "support/unserved_port.hpp"

using namespace galley;
using namespace galley::test;

namespace {

constexpr std::size_t kept_body = 4096;
constexpr std::size_t replacement = 3;  // bytes for one that is not UTF-8

class FaultyPeer {
 public:
  explicit FaultyPeer(const Fault& fault) {
    if (fault.peer == PeerKind::nameless) return;
    if (fault.peer == PeerKind::refusing) {
      refusing_.emplace(UnservedPort::Kind::refusing);
      return;
    }
    LoopbackServer::Options options;
    options.certificate_pem = fault.certificate.certificate_pem;
    options.private_key_pem = fault.certificate.private_key_pem;
    options.max_tls_version = fault.max_tls_version;
    if (fault.at_accept) options.on_accept = [&fault](std::size_t) { return std::optional(fault.answer); };
    server_.emplace([&fault](const ReceivedRequest&) { return fault.answer; }, options);
  }

  std::string url(const Fault& fault) const {
    if (fault.peer == PeerKind::nameless) return "http://nowhere.example/";
    if (refusing_) return refusing_->url();
    if (fault.peer == PeerKind::http) return server_->url();
    return "https://hooks.example:" + std::to_string(server_->port()) + "/";
  }
  std::size_t requests() const { return server_ ? server_->request_count() : 0; }

 private:
  std::optional<UnservedPort> refusing_{};
  std::optional<LoopbackServer> server_{};
};

bool is_bounded(const Attempt& attempt) {
  return attempt.response_body.size() <= kept_body * replacement && attempt.response_headers.size() <= 50;
}

}  // namespace

TEST_CASE("outbound faults: each has its stated outcome, for subscriptions and for connections", "[webhook]") {
  const TestAuthority trusted;
  const TestAuthority stranger;
  std::vector<Fault> faults;
  add_statuses(faults);
  add_retry_afters(faults);
  add_broken_wires(faults);
  add_floods(faults);
  add_bad_tls(faults, trusted, stranger);

  FaultSite site({.guard = net::EgressGuard({.allowed_networks = {cidr("127.0.0.0/8")}, .allow_insecure = true}),
                  .trusted_ca_file = trusted.file()});
  site.resolver.answers["hooks.example"] = {{"127.0.0.1"}};
  std::size_t as_stated = 0;
  for (const Fault& fault : faults) {
    CAPTURE(fault.name);
    const FaultyPeer peer(fault);
    const net::TimeLimits limits{.connect = fault.limit, .total = fault.limit};
    const Told delivered = site.deliver(peer.url(fault), limits);
    CAPTURE(delivered.outcome, fault.delivery);
    CHECK(fault.states(fault.delivery, delivered.outcome));
    const Told published = site.publish(peer.url(fault), limits);
    CAPTURE(published.outcome, fault.job);
    CHECK(fault.states(fault.job, published.outcome));
    for (const Told* told : {&delivered, &published}) {
      // Once each: what is tried again waits for the clock.
      CHECK(told->attempts.size() == 1);
      CHECK(std::ranges::all_of(told->attempts, is_bounded));
    }
    CHECK(peer.requests() <= 2);
    as_stated += (fault.states(fault.delivery, delivered.outcome) ? 1U : 0U) +
                 (fault.states(fault.job, published.outcome) ? 1U : 0U);
  }
  print_figure("outbound faults: " + std::to_string(as_stated) + " of " + std::to_string(2 * faults.size()) +
               " cells as stated, " + std::to_string(faults.size()) +
               " faults of a peer by subscription and connection");
}
