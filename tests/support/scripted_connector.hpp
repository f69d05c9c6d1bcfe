// A CMS that answers what a test put into it, and keeps what it was sent.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "domain/cms_connector.hpp"

namespace galley::test {

class ScriptedConnector final : public CmsConnector {
 public:
  struct Call {
    bool takes_down = false;
    ConnectorTarget target{};
    PublishOrder order{};
  };

  ConnectionType type() const override { return ConnectionType::webhook; }

  // Takes any settings with the text "url", and keeps credentials as they are.
  Result<Accepted> validate(const json::Value& settings, const json::Value& credentials) const override {
    const json::Value* url = settings.find("url");
    if (url == nullptr || url->text() == nullptr) return invalid("settings.url", "must be a URL");
    Accepted accepted{.settings = settings, .credentials = {}, .hint = {}};
    if (credentials.object() != nullptr && !credentials.object()->empty()) {
      accepted.credentials = Secret(json::to_text(credentials));
      accepted.hint = accepted.credentials.hint();
    }
    return accepted;
  }

  Task<ConnectorResult<>> verify(ConnectorTarget target) override {
    verified.push_back(std::move(target));
    if (before) co_await before();
    co_return verification;
  }

  Task<ConnectorResult<RemotePost>> publish(ConnectorTarget target, PublishOrder order) override {
    calls.push_back({.target = std::move(target), .order = order});
    if (before) co_await before();
    if (answers.empty()) co_return post_of(order);
    ConnectorResult<RemotePost> answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }

  Task<ConnectorResult<>> unpublish(ConnectorTarget target, PublishOrder order) override {
    calls.push_back({.takes_down = true, .target = std::move(target), .order = std::move(order)});
    if (before) co_await before();
    if (answers.empty()) co_return ConnectorResult<>();
    const ConnectorResult<RemotePost> answer = std::move(answers.front());
    answers.pop_front();
    if (answer) co_return ConnectorResult<>();
    co_return answer.error();
  }

  // What it answers where nothing else was put in: a post of its own for each article.
  static RemotePost post_of(const PublishOrder& order) {
    return {.external_id = "post-" + order.article.slug, .external_url = "https://cms.example/" + order.article.slug};
  }
  static ConnectorError passing(std::string message, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
    return {.error = {.code = ErrorCode::unavailable, .message = std::move(message)},
            .transient = true,
            .retry_after = retry_after};
  }
  static ConnectorError refusal(std::string message, bool connection_is_broken = false) {
    return {.error = {.code = ErrorCode::connection_rejected, .message = std::move(message)},
            .connection_is_broken = connection_is_broken};
  }

  std::deque<ConnectorResult<RemotePost>> answers{};
  ConnectorResult<> verification{};
  std::function<Task<>()> before{};
  std::vector<Call> calls{};
  std::vector<ConnectorTarget> verified{};
};

}  // namespace galley::test
