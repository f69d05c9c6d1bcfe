#include "webhook/webhook_connector.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "base/json.hpp"
#include "delivery_site.hpp"
#include "support/loopback_server.hpp"
#include "support/run_task.hpp"
#include "webhook/signature.hpp"

using namespace galley;
using namespace galley::test;
using namespace galley::webhook;
using namespace std::chrono_literals;

namespace {

json::Value object(std::string_view text) {
  return json::parse(text).value();
}

class ConnectorSite : public DeliverySite {
 public:
  ConnectorTarget target(const std::string& url, const std::string& extra = "", const std::string& credentials = "") {
    Connection connection;
    connection.id = ids.make<ConnectionId>();
    connection.account = account.id;
    connection.project = project.id;
    connection.name = "Own CMS";
    connection.settings = object("{\"url\":\"" + url + "\"" + extra + "}");
    connection.created_at = connection.updated_at = clock.now();
    store.write([&](Transaction& t) { return t.connections().insert(connection, Secret(credentials)); });
    return {.connection = connection,
            .credentials = Secret(credentials),
            .project_secrets = {.current = Secret(project_secret)}};
  }

  PublishOrder order(int attempt = 1) const {
    return {.article = sample_snapshot(), .message = EventId("evt_00000000000000000777"), .attempt = attempt};
  }
  Delivery logged() {
    Delivery which;
    which.id = DeliveryId("dlv_00000000000000000777");
    return delivery(which);
  }

  ConnectorResult<RemotePost> publish(const ConnectorTarget& to, const PublishOrder& what) {
    return run_task(context, connector.publish(to, what));
  }

  WebhookConnector connector{*store, *client, loopback_guard(), clock, ids, log};
};

std::vector<std::string> fields_of(const Result<CmsConnector::Accepted>& judged) {
  std::vector<std::string> names;
  if (judged.has_error())
    for (const FieldError& fault : judged.error().fields)
      names.push_back(fault.field);
  return names;
}

}  // namespace

TEST_CASE("webhook connection: publishing sends the signed article and takes the remote address", "[webhook]") {
  LoopbackServer server(
      [](const ReceivedRequest&) { return answer(200, R"({"id":42,"url":"https://cms.example/p/42"})"); });
  ConnectorSite site;
  const auto target = site.target(server.url("/publish"));
  const auto post = site.publish(target, site.order());
  REQUIRE(post.has_value());
  CHECK(post->external_id == "42");
  CHECK(post->external_url == "https://cms.example/p/42");
  const ReceivedRequest request = server.requests().at(0);
  CHECK(request.header("x-icf-event") == "article.published");
  CHECK(request.header("webhook-id") == "evt_00000000000000000777");
  CHECK(request.header("x-icf-signature") ==
        icf_signature({.current = Secret(site.project_secret)}, site.clock.now(), request.body));
  CHECK(*object(request.body).find("article")->find("title")->text() == sample_snapshot().text.title);
}

TEST_CASE("webhook connection: its messages are in the log of deliveries", "[webhook]") {
  LoopbackServer server(
      [](const ReceivedRequest& request) { return answer(request.header("x-icf-attempt") == "1" ? 500 : 200); });
  ConnectorSite site;
  const auto target = site.target(server.url("/publish"));
  CHECK(site.publish(target, site.order(1)).has_error());
  CHECK(site.logged().status == DeliveryStatus::failed);
  CHECK(site.logged().connection == target.connection.id);
  CHECK_FALSE(site.logged().webhook.has_value());
  site.clock.advance(5s);
  PublishOrder again = site.order(2);
  again.article.text.title = "Edited meanwhile";
  REQUIRE(site.publish(target, again).has_value());
  const Delivery delivery = site.logged();
  CHECK(delivery.status == DeliveryStatus::succeeded);
  CHECK(delivery.attempts == 2);
  CHECK(site.attempts(delivery).size() == 2);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].body == requests[1].body);
  CHECK(requests[0].header("x-icf-delivery") == requests[1].header("x-icf-delivery"));
  CHECK(requests[1].header("x-icf-attempt") == "2");
  CHECK_FALSE(site.next_due().has_value());  // none of it is the dispatcher's
}

TEST_CASE("webhook connection: its own secret, headers and format are used", "[webhook]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(204); });
  ConnectorSite site;
  const auto target = site.target(
      server.url("/publish"), R"(,"format":"template","template":"{\"t\": \"{{title}}\"}","headers":{"X-Key":"k1"})",
      R"({"secret":"own words"})");
  const auto post = site.publish(target, site.order());
  REQUIRE(post.has_value());
  CHECK_FALSE(post->external_id.has_value());
  const ReceivedRequest request = server.requests().at(0);
  CHECK(request.body == R"({"t":"Ten \"quiet\" pumps"})");
  CHECK(request.header("x-key") == "k1");
  CHECK(request.header("x-icf-signature") ==
        icf_signature({.current = Secret("own words")}, site.clock.now(), request.body));
}

TEST_CASE("webhook connection: a draft is not announced as published", "[webhook]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ConnectorSite site;
  const auto target = site.target(server.url("/publish"));
  PublishOrder draft = site.order();
  draft.wanted = PublicationStatus::draft;
  REQUIRE(site.publish(target, draft).has_value());
  draft.message = EventId("evt_00000000000000000778");
  draft.external_id = "42";
  REQUIRE(site.publish(target, draft).has_value());
  CHECK(server.requests().at(0).header("x-icf-event") == "article.created");
  CHECK(server.requests().at(1).header("x-icf-event") == "article.updated");
}

TEST_CASE("webhook connection: unpublishing sends article.unpublished, verifying a test", "[webhook]") {
  LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
  ConnectorSite site;
  const auto target = site.target(server.url("/publish"), R"(,"format":"flat")");
  CHECK(run_task(site.context, site.connector.unpublish(target, site.order())).has_value());
  CHECK(run_task(site.context, site.connector.verify(target)).has_value());
  const auto requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].header("x-icf-event") == "article.unpublished");
  CHECK(object(requests[0].body).find("pageId") != nullptr);
  CHECK(requests[1].header("x-icf-event") == "webhook.test");
  CHECK(object(requests[1].body).find("test") != nullptr);
  CHECK(object(requests[1].body).find("article") == nullptr);
}

TEST_CASE("webhook connection: refusals are permanent, and some break the connection", "[webhook]") {
  int status = 0;
  LoopbackServer server([&](const ReceivedRequest&) { return answer(status, "no such space", "Retry-After: 9\r\n"); });
  ConnectorSite site;
  const auto target = site.target(server.url("/publish"));
  const auto failure = [&](int with) {
    status = with;
    return site.publish(target, site.order()).error();
  };
  CHECK(failure(422).error.message == "The endpoint answered 422. It said: no such space");
  CHECK_FALSE(failure(422).transient);
  CHECK(failure(401).connection_is_broken);
  CHECK(failure(410).connection_is_broken);
  CHECK_FALSE(failure(410).transient);
  CHECK(failure(429).transient);
  CHECK(failure(429).retry_after == 9s);
  CHECK_FALSE(failure(302).transient);
}

TEST_CASE("webhook connection: an endpoint that is not there is worth another try", "[webhook]") {
  std::string url;
  {
    LoopbackServer server([](const ReceivedRequest&) { return answer(200); });
    url = server.url("/publish");
  }
  ConnectorSite site;
  const auto post = site.publish(site.target(url), site.order());
  REQUIRE(post.has_error());
  CHECK(post.error().transient);
  CHECK(site.attempts(site.logged()).at(0).error_class == "connect");
}

TEST_CASE("webhook connection: settings are stored with their defaults", "[webhook]") {
  ConnectorSite site;
  const auto accepted = site.connector.validate(object(R"({"url":"https://cms.example/in"})"), json::Value());
  REQUIRE(accepted.has_value());
  CHECK(json::to_text(accepted->settings) == R"({"url":"https://cms.example/in","format":"event"})");
  CHECK(accepted->credentials.empty());
  CHECK(accepted->hint.empty());
  const auto full = site.connector.validate(
      object(
          R"({"headers":{"X-Key":"k"},"template":"{\"t\":{{title}}}","format":"template","url":"https://cms.example/"})"),
      object(R"({"secret":"0123456789abcdef"})"));
  REQUIRE(full.has_value());
  CHECK(full->credentials.reveal() == R"({"secret":"0123456789abcdef"})");
  CHECK(full->hint.find("cdef") != std::string::npos);
  CHECK(full->hint.find("0123") == std::string::npos);
  CHECK(site.connector.validate(full->settings, object(full->credentials.reveal())).has_value());
}

TEST_CASE("webhook connection: every bad setting is named", "[webhook]") {
  ConnectorSite site;
  const auto faults = [&](std::string_view settings, std::string_view credentials = "{}") {
    return fields_of(site.connector.validate(object(settings), object(credentials)));
  };
  using Names = std::vector<std::string>;
  CHECK(faults("{}") == Names{"settings.url"});
  CHECK(faults("[]") == Names{"settings"});
  CHECK(faults(R"({"url":17})") == Names{"settings.url"});
  CHECK(faults(R"({"url":"https://10.0.0.1/"})") == Names{"settings.url"});
  CHECK(faults(R"({"url":"https://a.example/","format":"xml","x":1,"headers":{"Host":"a"}})") ==
        Names{"settings.format", "settings.x", "settings.headers"});
  CHECK(faults(R"({"url":"https://a.example/","format":"template"})") == Names{"settings.template"});
  CHECK(faults(R"({"url":"https://a.example/","template":"{}"})") == Names{"settings.template"});
  CHECK(faults(R"({"url":"https://a.example/","format":"template","template":"{{x}}"})") == Names{"settings.template"});
  CHECK(faults(R"({"url":"https://a.example/","headers":{"X":1}})") == Names{"settings.headers"});
  CHECK(faults(R"({"url":"https://a.example/"})", R"({"secret":""})") == Names{"credentials.secret"});
  CHECK(faults(R"({"url":"https://a.example/"})", R"({"secret":"generate"})") == Names{"credentials.secret"});
  CHECK(faults(R"({"url":"https://a.example/"})", R"({"secret":"a\nb"})") == Names{"credentials.secret"});
  CHECK(faults(R"({"url":"https://a.example/"})", R"({"password":"x"})") == Names{"credentials.password"});
  CHECK(faults(R"({"url":"https://a.example/","format":null,"headers":null})", R"({"secret":null})").empty());
}
