// A client over loopback: real sockets and the real client, a resolver that the test answers for, and a clock that
// stands still until it is turned.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/pooled_http_client.hpp"
#include "support/manual_clock.hpp"
#include "support/run_task.hpp"

namespace galley::test {

class ScriptedResolver final : public net::Resolver {
 public:
  // The answers to successive questions; the last one stays.
  std::map<std::string, std::vector<std::vector<std::string>>> answers{};
  std::size_t asked = 0;

  Task<Result<std::vector<net::Address>>> resolve(std::string host, std::chrono::milliseconds) override {
    ++asked;
    auto& left = answers[host];
    if (left.empty()) co_return unavailable("The name " + host + " has no address.");
    std::vector<net::Address> addresses;
    for (const std::string& text : left.front())
      addresses.push_back(boost::asio::ip::make_address(text));
    if (left.size() > 1) left.erase(left.begin());
    co_return addresses;
  }
};

inline Cidr cidr(std::string_view text) {
  return parse_cidr(text).value();
}

struct ClientSetup {
  std::vector<Cidr> allowed = {cidr("127.0.0.0/8")};
  bool allow_insecure = true;
  std::optional<std::filesystem::path> trusted_ca_file{};
  net::PoolLimits pool{};
};

struct ClientFixture {
  explicit ClientFixture(const ClientSetup& setup = {}) {
    net::ClientOptions options{
        .guard = net::EgressGuard({.allowed_networks = setup.allowed, .allow_insecure = setup.allow_insecure}),
        .trusted_ca_file = setup.trusted_ca_file,
        .pool = setup.pool};
    client = net::PooledHttpClient::create(std::move(options), resolver, clock).value();
  }

  net::SendResult send(net::HttpRequest request) { return run_task(context, client->send(std::move(request))); }
  net::SendResult get(std::string_view url) { return send(request(url)); }

  static net::HttpRequest request(std::string_view url) {
    return {.url = net::parse_url(url).value(),
            .limits = {.connect = std::chrono::seconds(10), .total = std::chrono::seconds(20)}};
  }
  static net::HttpRequest post(std::string_view url, std::string body) {
    net::HttpRequest made = request(url);
    made.method = net::Method::post;
    made.body = net::RequestBody(std::move(body));
    return made;
  }

  ManualClock clock;
  ScriptedResolver resolver;
  std::unique_ptr<net::PooledHttpClient> client;
  boost::asio::io_context context{1};
};

}  // namespace galley::test
