#include "service/event_recorder.hpp"

#include <catch2/catch.hpp>

#include "service/webhook_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::WebhookDraft;

TEST_CASE("events: each endpoint hears of what its patterns name and its format carries", "[service]") {
  ServiceBench bench;
  const WebhookId all = make_webhook(bench, webhook_draft({"*"})).webhook.id;
  const WebhookId articles = make_webhook(bench, webhook_draft({"article.*"})).webhook.id;
  const WebhookId named = make_webhook(bench, webhook_draft({"job.completed", "article.published"})).webhook.id;
  WebhookDraft flat_draft = webhook_draft({"*"});
  flat_draft.format = BodyFormat::flat;
  const WebhookId flat = make_webhook(bench, flat_draft).webhook.id;
  WebhookDraft custom_draft = webhook_draft({"job.*", "article.published"});
  custom_draft.format = BodyFormat::custom;
  custom_draft.body_template = "{}";
  const WebhookId custom = make_webhook(bench, custom_draft).webhook.id;
  const ArticleId id = bench.make_article("Tea").id;
  bench.must(bench.publishing.publish_many(bench.owner, {id}, {}));
  CHECK(types_of(bench, all) == Texts{"article.created", "article.published", "job.completed"});
  CHECK(types_of(bench, articles) == Texts{"article.created", "article.published"});
  CHECK(types_of(bench, named) == Texts{"article.published", "job.completed"});
  CHECK(types_of(bench, flat) == Texts{"article.created", "article.published"});
  CHECK(types_of(bench, custom) == Texts{"article.published"});
  // One event, told to all of them.
  CHECK(deliveries_of(bench, all)[0].event == deliveries_of(bench, flat)[0].event);
  CHECK(deliveries_of(bench, all)[0].article == id);
}

TEST_CASE("events: paused and disabled endpoints, and those of other projects, get no delivery", "[service]") {
  ServiceBench bench;
  WebhookDraft paused_draft = webhook_draft({"*"});
  paused_draft.status = WebhookStatus::paused;
  const WebhookId paused = make_webhook(bench, paused_draft).webhook.id;
  const WebhookId disabled = make_webhook(bench, webhook_draft({"*"})).webhook.id;
  disable(bench, disabled);
  const WebhookId elsewhere =
      bench.must(bench.webhooks.create(bench.owner, bench.other_project.id, webhook_draft({"*"}))).webhook.id;
  bench.make_article("Tea");
  for (const WebhookId& id : {paused, disabled, elsewhere})
    CHECK(deliveries_of(bench, id).empty());
  CHECK(bench.told() == Texts{"article.created"});
}

TEST_CASE("events: where nobody asked for it the dispatcher is not woken", "[service]") {
  ServiceBench bench;
  REQUIRE(bench.run(bench.webhooks.remove(bench.owner, bench.probe, std::nullopt)).has_value());
  make_webhook(bench, webhook_draft({"article.deleted"}));
  const Listening listening(bench, topic::deliveries);
  bench.make_article("Tea");
  CHECK(listening.count() == 0);
}

TEST_CASE("events: a change that is rolled back leaves none", "[service]") {
  ServiceBench bench;
  const ArticleId id = bench.make_article("Tea").id;
  bench.told();
  const auto refused = bench.run(bench.store->write([&](Transaction& transaction) -> Result<int> {
    Article article = GALLEY_TRY(transaction.articles().find(bench.account.id, id));
    GALLEY_TRY(bench.transitions.published(transaction, bench.project, article, "test"));
    return conflict("On second thoughts, no.");
  }));
  REQUIRE(refused.has_error());
  CHECK(bench.told().empty());
  CHECK(bench.sitemap_pages().empty());
}
