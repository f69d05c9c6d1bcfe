// The whole chain over HTTP, as a customer's program goes it: from a project to its sitemap.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/smoke/receiver.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "net/http_client.hpp"

namespace galley::app {

class Chain {
 public:
  // What was seen, in a few words; or what was not as it should be.
  using Outcome = Result<std::string>;
  struct Step {
    std::string_view name;
    Task<Outcome> (Chain::*run)();
  };

  // server and receiver: "http://127.0.0.1:8080". client and messages outlive this, as do server's and receiver's
  // texts.
  Chain(net::HttpClient& client, const std::string& server, const Secret& key, Receiver& messages,
        const std::string& receiver)
      : client_(client), server_(server), key_(key), messages_(messages), receiver_(receiver) {}

  // In the order in which they build upon each other.
  static std::span<const Step> steps();

 private:
  struct Sent {
    net::Method method = net::Method::get;
    std::string path{};
    std::string body{};
    std::string content_type = "application/json";
    net::Headers headers{};
    int expected = 200;
  };
  Task<Result<net::HttpResponse>> send(Sent sent);
  Task<Result<json::Value>> send_json(Sent sent);
  Task<Outcome> expect_message(std::string path, std::string event, std::string article);

  Task<Outcome> check_ready();
  Task<Outcome> make_project();
  Task<Outcome> import_keywords();
  Task<Outcome> subscribe();
  Task<Outcome> generate();
  Task<Outcome> follow_job();
  Task<Outcome> approve();
  Task<Outcome> publish_natively();
  Task<Outcome> receive_event();
  Task<Outcome> connect();
  Task<Outcome> publish_through_connection();
  Task<Outcome> fetch_sitemap();

  net::HttpClient& client_;
  const std::string& server_;
  const Secret& key_;
  Receiver& messages_;
  const std::string& receiver_;
  std::string project_{};
  Secret secret_{};
  std::string job_{};
  std::string connection_{};
  std::vector<std::string> articles_{};
  std::vector<std::string> urls_{};  // of what is published
};

}  // namespace galley::app
