#include "storage/webhook_repo.hpp"

#include <catch2/catch.hpp>

#include "support/planned_connection.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_webhook;
using test::must;
using test::numbered;
using test::numbers;
using test::TwoSites;

struct Hooked : TwoSites {
  void insert(const Webhook& webhook, const std::optional<Secret>& secret = std::nullopt) {
    must(write([&](Transaction& t) { return t.webhooks().insert(webhook, secret); }));
  }
  Webhook find(std::int64_t number) {
    return must(read([&](const Transaction& t) { return t.webhooks().find(mine.id, numbered<WebhookId>(number)); }));
  }
  Projects::WebhookSecrets secrets(std::int64_t number) {
    return must(read([&](const Transaction& t) { return t.webhooks().secrets(mine.id, numbered<WebhookId>(number)); }));
  }
};

TEST_CASE("webhooks: every field comes back as it was inserted and as it was updated", "[storage]") {
  Hooked f;
  Webhook webhook = make_webhook(1, f.site);
  webhook.events = {"article.*", "job.completed"};
  webhook.format = BodyFormat::custom;
  webhook.body_template = "{\"a\":{{title}}}";
  webhook.headers = {{"X-One", "1"}, {"X-Two", "\"2\""}};
  webhook.rate_limit = 7;
  webhook.max_in_flight = 3;
  f.insert(webhook);
  const Webhook first = f.find(1);
  CHECK(first.project == f.site.id);
  CHECK(first.url == webhook.url);
  CHECK(first.events == webhook.events);
  CHECK(first.format == BodyFormat::custom);
  CHECK(first.body_template == webhook.body_template);
  CHECK(first.headers == webhook.headers);
  CHECK(first.rate_limit == 7);
  CHECK(first.max_in_flight == 3);
  CHECK(first.status == WebhookStatus::active);
  CHECK_FALSE(first.own_secret);
  CHECK(first.created_at == at(1));

  webhook.url = "https://other.example/";
  webhook.format = BodyFormat::flat;
  webhook.body_template.reset();
  webhook.headers.clear();
  webhook.rate_limit.reset();
  webhook.status = WebhookStatus::disabled;
  webhook.disabled_reason = "gone";
  webhook.failing_since = at(8);
  webhook.version = 2;
  webhook.updated_at = at(9);
  must(f.write([&](Transaction& t) { return t.webhooks().update(webhook); }));
  const Webhook second = f.find(1);
  CHECK(second.url == "https://other.example/");
  CHECK(second.format == BodyFormat::flat);
  CHECK_FALSE(second.body_template.has_value());
  CHECK(second.headers.empty());
  CHECK_FALSE(second.rate_limit.has_value());
  CHECK(second.status == WebhookStatus::disabled);
  CHECK(second.disabled_reason == "gone");
  CHECK(second.failing_since == at(8));
  CHECK(second.version == 2);
  CHECK(second.updated_at == at(9));
}

TEST_CASE("webhooks: they sign with their own secret, else with the project's", "[storage]") {
  Hooked f;
  f.insert(make_webhook(1, f.site));
  f.insert(make_webhook(2, f.site), Secret("its own"));
  CHECK(f.secrets(1).current.reveal() == "secret of the site");
  CHECK(f.secrets(2).current.reveal() == "its own");
  CHECK(f.find(2).own_secret);

  Projects::WebhookSecrets rotated;
  rotated.current = Secret("new");
  rotated.previous = Secret("old");
  rotated.previous_until = at(99);
  must(f.write([&](Transaction& t) { return t.projects().set_webhook_secrets(f.mine.id, f.site.id, rotated); }));
  CHECK(f.secrets(1).current.reveal() == "new");
  CHECK(f.secrets(1).previous.value().reveal() == "old");
  CHECK(f.secrets(1).previous_until == at(99));
  CHECK(f.secrets(2).current.reveal() == "its own");
  CHECK_FALSE(f.secrets(2).previous.has_value());

  rotated.current = Secret("own new");
  rotated.previous.reset();
  must(f.write([&](Transaction& t) { return t.webhooks().set_secrets(f.mine.id, numbered<WebhookId>(1), rotated); }));
  CHECK(f.secrets(1).current.reveal() == "own new");
  CHECK_FALSE(f.secrets(1).previous.has_value());
  CHECK(f.find(1).own_secret);
}

TEST_CASE("webhooks: a secret is sealed, and one that was copied to another row does not open", "[storage]") {
  Hooked f;
  f.insert(make_webhook(1, f.site), Secret("canary-4711"));
  f.insert(make_webhook(2, f.site), Secret("another"));
  f.store.close();
  {
    auto raw = must(
        storage::SqliteConnection::open(f.store.folder() / "galley.db", storage::SqliteConnection::Access::writer));
    storage::Query stored = raw->query("SELECT secret FROM webhooks WHERE id = 'wh_000000000001'");
    REQUIRE(stored.step().value());
    CHECK(stored.row().bytes(0).find("canary-4711") == std::string_view::npos);
    CHECK(stored.row().bytes(0).size() > 20);
    REQUIRE(stored.run().has_value());
    REQUIRE(raw->run_script("UPDATE webhooks SET secret = (SELECT secret FROM webhooks WHERE id = 'wh_000000000001') "
                            "WHERE id = 'wh_000000000002';")
                .has_value());
  }
  f.store.reopen();
  CHECK(f.secrets(1).current.reveal() == "canary-4711");
  CHECK(f.read([&](const Transaction& t) { return t.webhooks().secrets(f.mine.id, numbered<WebhookId>(2)); })
            .error()
            .code == ErrorCode::internal);
}

TEST_CASE("webhooks: lists and counts are of one project, and only active ones are told", "[storage]") {
  Hooked f;
  for (int i = 1; i <= 4; ++i) {
    Webhook webhook = make_webhook(i, i == 4 ? f.second : f.site);
    if (i == 2) webhook.status = WebhookStatus::paused;
    webhook.updated_at = at(10 - i);
    f.insert(webhook);
  }
  const auto list = [&](const AccountId& account, const Sort& sort) {
    return must(f.read([&](const Transaction& t) { return t.webhooks().list(account, f.site.id, {.sort = sort}); }));
  };
  CHECK(numbers(list(f.mine.id, {}).rows) == "3 2 1");
  CHECK(list(f.mine.id, {}).total == 3);
  CHECK(numbers(list(f.mine.id, {SortField::updated_at, true}).rows) == "1 2 3");
  CHECK(list(f.other.id, {}).rows.empty());
  const auto active = [&](const AccountId& account) {
    return numbers(must(f.read([&](const Transaction& t) { return t.webhooks().active(account, f.site.id); })));
  };
  CHECK(active(f.mine.id) == "1 3");
  CHECK(active(f.other.id).empty());
  const auto count = [&](const AccountId& account) {
    return must(f.read([&](const Transaction& t) { return t.webhooks().count(account, f.site.id); }));
  };
  CHECK(count(f.mine.id) == 3);
  CHECK(count(f.other.id) == 0);
}

TEST_CASE("webhooks: another account neither sees nor changes one", "[storage]") {
  Hooked f;
  f.insert(make_webhook(1, f.site));
  const WebhookId id = numbered<WebhookId>(1);
  const AccountId& other = f.other.id;
  CHECK(f.read([&](const Transaction& t) { return t.webhooks().find(other, id); }).error().code ==
        ErrorCode::not_found);
  CHECK(f.read([&](const Transaction& t) { return t.webhooks().secrets(other, id); }).error().code ==
        ErrorCode::not_found);
  CHECK(f.write([&](Transaction& t) { return t.webhooks().remove(other, id); }).error().code == ErrorCode::not_found);
  CHECK(f.write([&](Transaction& t) {
           return t.webhooks().set_secrets(other, id, {.current = Secret("x"), .previous_until = at(0)});
         })
            .error()
            .code == ErrorCode::not_found);
  Webhook stolen = make_webhook(1, f.site);
  stolen.account = other;
  CHECK(f.write([&](Transaction& t) { return t.webhooks().update(stolen); }).error().code == ErrorCode::not_found);
  CHECK(f.secrets(1).current.reveal() == "secret of the site");
  must(f.write([&](Transaction& t) { return t.webhooks().remove(f.mine.id, id); }));
  CHECK(f.read([&](const Transaction& t) { return t.webhooks().find(f.mine.id, id); }).has_error());
}

TEST_CASE("webhooks: no statement walks or sorts a table", "[storage]") {
  test::PlannedConnection connection;
  const SealingKey key = test::test_key();
  const storage::Sealer sealer(key);
  const storage::WebhookRepo repo(connection, sealer);
  const AccountId account("acc_1");
  must(repo.list(account, ProjectId("proj_1"), {}));
  must(repo.list(account, ProjectId("proj_1"), {.sort = {SortField::updated_at, false}}));
  must(repo.active(account, ProjectId("proj_1")));
  must(repo.count(account, ProjectId("proj_1")));
  CHECK(repo.secrets(account, WebhookId("wh_1")).has_error());
  CHECK_THAT(connection.take_plans(), test::uses_indexes());
}

}  // namespace
}  // namespace galley
