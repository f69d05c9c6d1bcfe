#include "service/connection_service.hpp"

#include <catch2/catch.hpp>

#include "service/service_bench.hpp"

using namespace galley;
using namespace galley::test;
using service::ConnectionDraft;
using service::ConnectionService;

namespace {

json::Value object_of(std::string name, std::string text) {
  json::Object object;
  object.emplace_back(std::move(name), json::Value(std::move(text)));
  return json::Value(std::move(object));
}

ConnectionDraft draft_of(std::string name) {
  return {.name = std::move(name), .settings = object_of("url", "https://cms.example/")};
}

Secret stored_credentials(ServiceBench& bench, const ConnectionId& id) {
  return bench.must(bench.store->read(
      [&](const Transaction& transaction) { return transaction.connections().credentials(bench.account.id, id); }));
}

}  // namespace

TEST_CASE("connections: a new one is being checked until its CMS was asked who we are", "[service]") {
  ServiceBench bench;
  ConnectionDraft draft = draft_of("  My \n CMS ");
  draft.credentials = object_of("token", "a-long-secret-token");
  const Connection unasked = bench.must(bench.connections.create(bench.owner, bench.project.id, draft));
  CHECK(unasked.status == ConnectionStatus::checking);
  CHECK_FALSE(unasked.last_used_at);
  CHECK(bench.connector.verified.empty());
  const Connection made = bench.must(bench.connections.ask(bench.owner, unasked.id));
  CHECK(made.name == "My CMS");
  CHECK(made.status == ConnectionStatus::connected);
  CHECK(made.last_used_at == bench.clock.now());
  CHECK(made.credentials_hint == R"(•••en"})");
  REQUIRE(bench.connector.verified.size() == 1);
  CHECK(bench.connector.verified[0].credentials.reveal() == R"({"token":"a-long-secret-token"})");
}

TEST_CASE("connections: one whose CMS refuses is kept, marked with its words", "[service]") {
  ServiceBench bench;
  bench.connector.verification = ScriptedConnector::refusal("Who are you?", true);
  const Connection unasked = bench.must(bench.connections.create(bench.owner, bench.project.id, draft_of("CMS")));
  const Connection made = bench.must(bench.connections.ask(bench.owner, unasked.id));
  CHECK(made.status == ConnectionStatus::error);
  CHECK(made.last_error == "Who are you?");
  CHECK(bench.must(bench.connections.list(bench.owner, bench.project.id, {})).total == 1);
}

TEST_CASE("connections: a test answers the CMS's refusal, and a later success clears it", "[service]") {
  ServiceBench bench;
  const Connection made = bench.make_connection("CMS");
  bench.connector.verification = ScriptedConnector::refusal("Go away.");
  const auto refused = bench.run(bench.connections.test(bench.owner, made.id));
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::connection_rejected);
  CHECK(refused.error().message == "Go away.");
  CHECK(detail_of(refused.error(), "connection_id") == made.id.text());
  CHECK(bench.must(bench.connections.get(bench.owner, made.id)).status == ConnectionStatus::error);
  bench.connector.verification = ConnectorResult<>();
  const Connection good = bench.must(bench.connections.test(bench.owner, made.id));
  CHECK(good.status == ConnectionStatus::connected);
  CHECK_FALSE(good.last_error);
  // A test is no change that somebody's If-Match should stumble over.
  CHECK(good.version == made.version);
}

TEST_CASE("connections: what the connector or the draft's form refuses is not stored", "[service]") {
  ServiceBench bench;
  ConnectionDraft wrong = draft_of(" \t ");
  wrong.settings = json::Value(json::Array{});
  wrong.credentials = json::Value(std::string("secret"));
  const auto form = bench.run(bench.connections.create(bench.owner, bench.project.id, wrong));
  CHECK(fields_of(form.error()) == Texts{"name", "settings", "credentials"});
  ConnectionDraft no_url = draft_of("CMS");
  no_url.settings = json::Value(json::Object{});
  const auto settings = bench.run(bench.connections.create(bench.owner, bench.project.id, no_url));
  CHECK(fields_of(settings.error()) == Texts{"settings.url"});
  CHECK(bench.must(bench.connections.list(bench.owner, bench.project.id, {})).total == 0);
  CHECK(bench.connector.verified.empty());
}

TEST_CASE("connections: an update keeps the credentials that it does not name, and refuses an older version",
          "[service]") {
  ServiceBench bench;
  ConnectionDraft draft = draft_of("CMS");
  draft.credentials = object_of("token", "the-first-token");
  const Connection made = bench.must(bench.connections.create(bench.owner, bench.project.id, draft));
  const ConnectionService::Edit rename = [](ConnectionDraft& edited) -> Result<void> {
    CHECK_FALSE(edited.credentials);
    edited.name = "Renamed";
    return {};
  };
  const Connection renamed = bench.must(bench.connections.update(bench.owner, made.id, 1, rename, false));
  CHECK(renamed.name == "Renamed");
  CHECK(renamed.version == 2);
  CHECK(stored_credentials(bench, made.id).reveal() == R"({"token":"the-first-token"})");
  CHECK(bench.run(bench.connections.update(bench.owner, made.id, 1, rename, false)).error().code ==
        ErrorCode::precondition_failed);
  const ConnectionService::Edit rekey = [](ConnectionDraft& edited) -> Result<void> {
    edited.credentials = object_of("token", "another-token");
    return {};
  };
  bench.must(bench.connections.update(bench.owner, made.id, 2, rekey, true));
  CHECK(stored_credentials(bench, made.id).reveal() == R"({"token":"another-token"})");
  CHECK(bench.connector.verified.at(0).credentials.reveal() == R"({"token":"another-token"})");
}

TEST_CASE("connections: removal takes the project's default with it, and what was published stays", "[service]") {
  ServiceBench bench;
  const Connection made = bench.make_connection("CMS");
  const service::ProjectService::Edit choose = [&](Project& project) -> Result<void> {
    project.default_connection = made.id;
    return {};
  };
  bench.must(bench.projects.update(bench.owner, bench.project.id, std::nullopt, choose));
  const ArticleId id = bench.make_article("Tea").id;
  bench.must(bench.publishing.publish(bench.owner, id, {}));
  bench.work();
  CHECK(bench.run(bench.connections.remove(bench.owner, made.id, 99)).error().code == ErrorCode::precondition_failed);
  REQUIRE(bench.run(bench.connections.remove(bench.owner, made.id, std::nullopt)).has_value());
  CHECK_FALSE(bench.must(bench.projects.get(bench.owner, bench.project.id)).project.default_connection);
  CHECK(bench.article(id).status == ArticleStatus::published);
  CHECK(bench.article(id).external_url == "https://cms.example/tea");
  CHECK(bench.connector.calls.size() == 1);
  // There is no CMS to tell any more.
  const auto unpublished = bench.must(bench.publishing.unpublish(bench.owner, id, std::nullopt));
  CHECK_FALSE(unpublished.job);
  CHECK(unpublished.detail.article.status == ArticleStatus::ready);
}

TEST_CASE("connections: removed while it is tested, the answer is that it is not there", "[service]") {
  ServiceBench bench;
  const Connection made = bench.make_connection("CMS");
  Gate gate(bench.context);
  bench.connector.before = [&] { return gate.wait(); };
  std::optional<Error> answer;
  boost::asio::co_spawn(bench.context, bench.connections.test(bench.owner, made.id),
                        [&](std::exception_ptr, Result<Connection> tested) { answer = tested.error(); });
  bench.run_until([&] { return bench.connector.verified.size() == 1; });
  REQUIRE(bench.run(bench.connections.remove(bench.owner, made.id, std::nullopt)).has_value());
  gate.open();
  bench.run_until([&] { return answer.has_value(); });
  CHECK(answer->code == ErrorCode::not_found);
}

TEST_CASE("connections: a project holds fifty", "[service]") {
  ServiceBench bench;
  for (int i = 0; i < 50; ++i)
    bench.make_connection("CMS");
  CHECK(bench.run(bench.connections.create(bench.owner, bench.project.id, draft_of("CMS"))).error().code ==
        ErrorCode::conflict);
  CHECK(bench.run(bench.connections.create(bench.owner, bench.other_project.id, draft_of("CMS"))).has_value());
}
