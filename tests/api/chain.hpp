// A server at work, a project on it, and a receiver of what it sends.
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "support/api_server.hpp"
#include "support/loopback_server.hpp"

namespace galley::test {

struct StreamedEvent {
  std::string id;
  std::string name;
  std::string data;
  json::Value news;  // the same, parsed
};

// A stream of server-sent events, read to its end.
class EventStream {
 public:
  EventStream(const ApiServer& server, const ApiClient& api, const std::string& target, const Fields& fields = {})
      : wire_(server.port()) {
    wire_.send(api.to_bytes({.target = target, .fields = fields}));
    head = ApiClient::receive_head(wire_);
  }

  std::vector<StreamedEvent> read_all() {
    std::vector<StreamedEvent> events;
    while (std::optional<StreamedEvent> event = next())
      events.push_back(*std::move(event));
    return events;
  }
  std::optional<StreamedEvent> next() {
    for (;;) {
      const std::size_t end = text_.find("\n\n");
      if (end == std::string::npos) {
        const std::string chunk = ApiClient::receive_chunk(wire_);
        if (chunk.empty()) return std::nullopt;
        text_ += chunk;
        continue;
      }
      std::istringstream block(text_.substr(0, end + 1));
      text_.erase(0, end + 2);
      StreamedEvent event;
      bool any = false;
      for (std::string line; std::getline(block, line);) {
        if (line.starts_with("id: ")) last_id = event.id = line.substr(4);
        if (line.starts_with("event: ")) event.name = line.substr(7);
        if (line.starts_with("data: ")) {
          event.data = line.substr(6);
          event.news = *json::parse(event.data);
          any = true;
        }
      }
      if (any) return event;
    }
  }

  ApiAnswer head;
  std::string last_id;  // also where no event had it

 private:
  RawClient wire_;
  std::string text_;
};

inline std::string signature_over(std::string_view secret, std::string_view body) {
  return to_hex(hmac_sha256(secret, body));
}

// As the reference's receiver does: over the bytes, and over JSON that was parsed and written again.
inline void check_signature(const ReceivedRequest& request, const std::string& secret) {
  const std::string given = request.header("x-icf-signature");
  CHECK(given == signature_over(secret, request.body));
  const Result<json::Value> parsed = json::parse(request.body);
  REQUIRE(parsed.has_value());
  CHECK(given == signature_over(secret, json::to_text(*parsed)));
  CHECK(request.header("content-type") == "application/json");
}

struct Chain {
  LoopbackServer hook{[](const ReceivedRequest& request) {
    if (request.target == "/cms") return answer(200, R"({"id":"77","url":"https://cms.example/p/77"})");
    return answer(200);
  }};
  ApiServer server{};
  ApiClient api = server.client(server.first().owner);
  ApiClient nobody = server.client("");
  std::string id;
  std::string project;
  std::string secret;

  Chain() {
    const ApiAnswer made =
        api.post("/api/v1/projects",
                 R"({"name":"Home Espresso","targetDomain":"https://espresso.example","permalink":"/blog/{slug}"})");
    REQUIRE(made.status == 201);
    id = made.text("id");
    project = "/api/v1/projects/" + id;
    secret = made.text("webhookSecret");
  }

  std::string status_of(const std::string& article) { return api.get("/api/v1/articles/" + article).text("status"); }
  void wait_for_job(const std::string& job, const std::string& status) {
    wait_until([&] { return api.get("/api/v1/jobs/" + job).text("status") == status; });
  }
  // Articles that are ready, made by hand.
  std::string new_article(const std::string& title) {
    const ApiAnswer made =
        api.post(project + "/articles", R"({"title":")" + title + R"(","markdown":"Text & more.","status":"ready"})");
    REQUIRE(made.status == 201);
    return made.text("id");
  }
  std::string connect(const std::string& target) {
    const ApiAnswer made = api.post(project + "/connections", R"({"name":"CMS","type":"webhook","settings":{"url":")" +
                                                                  hook.url(target) + R"("}})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    return made.text("id");
  }
  std::vector<ReceivedRequest> received(const std::string& target, const std::string& event) const {
    std::vector<ReceivedRequest> found;
    for (const ReceivedRequest& request : hook.requests())
      if (request.target == target && request.header("x-icf-event") == event) found.push_back(request);
    return found;
  }
};

}  // namespace galley::test
