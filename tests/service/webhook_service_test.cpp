#include "service/webhook_service.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "service/webhook_steps.hpp"

using namespace galley;
using namespace galley::test;
using service::WebhookDetail;
using service::WebhookDraft;
using service::WebhookService;

TEST_CASE("webhooks: everything wrong with a draft is named at once", "[service]") {
  ServiceBench bench;
  WebhookDraft draft{.url = "https://bad.example/",
                     .events = {"article.nothing", "nobody.*"},
                     .body_template = "{}",
                     .headers = {{"bad", "x"}},
                     .status = WebhookStatus::disabled,
                     .secret = Secret("short")};
  const auto refused = bench.run(bench.webhooks.create(bench.owner, bench.project.id, draft));
  REQUIRE(refused.has_error());
  CHECK(fields_of(refused.error()) ==
        Texts{"url", "url", "events", "events", "headers", "headers", "template", "status", "secret"});
  draft.format = BodyFormat::custom;
  draft.body_template = "bad";
  const auto custom = bench.run(bench.webhooks.create(bench.owner, bench.project.id, draft));
  CHECK(fields_of(custom.error()) ==
        Texts{"url", "url", "events", "events", "headers", "headers", "template", "template", "status", "secret"});
  CHECK(bench.must(bench.webhooks.list(bench.owner, bench.project.id, {})).total == 1);
}

TEST_CASE("webhooks: a template belongs to its format and to no other", "[service]") {
  ServiceBench bench;
  WebhookDraft draft = webhook_draft({"*"});
  draft.format = BodyFormat::custom;
  CHECK(fields_of(bench.run(bench.webhooks.create(bench.owner, bench.project.id, draft)).error()) == Texts{"template"});
  draft.body_template = R"({"t":"{{title}}"})";
  CHECK(make_webhook(bench, draft).webhook.body_template == draft.body_template);
  draft.format = BodyFormat::flat;
  CHECK(fields_of(bench.run(bench.webhooks.create(bench.owner, bench.project.id, draft)).error()) == Texts{"template"});
}

TEST_CASE("webhooks: the secret is the project's unless one is given or asked for, and shown once", "[service]") {
  ServiceBench bench;
  const WebhookDetail shared = make_webhook(bench, webhook_draft({"*"}));
  CHECK_FALSE(shared.secret);
  CHECK_FALSE(shared.webhook.own_secret);
  CHECK(secrets_of(bench, shared.webhook.id).current.reveal() == "project-secret-" + bench.project.id.text());
  WebhookDraft draft = webhook_draft({"*"});
  draft.secret = Secret("generate");
  const WebhookDetail generated = make_webhook(bench, draft);
  REQUIRE(generated.secret);
  CHECK(generated.secret->reveal().starts_with("whsec_"));
  CHECK(generated.webhook.own_secret);
  CHECK(secrets_of(bench, generated.webhook.id).current.reveal() == generated.secret->reveal());
  CHECK_FALSE(bench.must(bench.webhooks.get(bench.owner, generated.webhook.id)).secret);
  draft.secret = Secret("my own secret of blanks");
  CHECK(fields_of(bench.run(bench.webhooks.create(bench.owner, bench.project.id, draft)).error()) == Texts{"secret"});
  draft.secret = Secret("my-own-secret-of-16");
  CHECK(secrets_of(bench, make_webhook(bench, draft).webhook.id).current.reveal() == "my-own-secret-of-16");
}

TEST_CASE("webhooks: a rotation gives the endpoint a secret of its own, and the former one holds for the overlap",
          "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"*"})).webhook.id;
  const WebhookDetail rotated = bench.must(bench.webhooks.rotate_secret(bench.owner, id, std::chrono::hours(24)));
  REQUIRE(rotated.secret);
  CHECK(rotated.webhook.own_secret);
  const Projects::WebhookSecrets secrets = secrets_of(bench, id);
  CHECK(secrets.current.reveal() == rotated.secret->reveal());
  REQUIRE(secrets.previous);
  CHECK(secrets.previous->reveal() == "project-secret-" + bench.project.id.text());
  CHECK(secrets.previous_until == bench.clock.now() + std::chrono::hours(24));
  // The receiver may say earlier that it knows the new one.
  const WebhookDetail confirmed = bench.must(bench.webhooks.confirm_secret(bench.owner, id));
  CHECK(confirmed.webhook.version == rotated.webhook.version + 1);
  CHECK_FALSE(confirmed.secret);
  CHECK(secrets_of(bench, id).current.reveal() == rotated.secret->reveal());
  CHECK_FALSE(secrets_of(bench, id).previous);
  // The project's own, and the other endpoints, are as they were.
  CHECK(secrets_of(bench, bench.probe).current.reveal() == "project-secret-" + bench.project.id.text());
}

TEST_CASE("webhooks: a confirmation of a webhook that signs with the project's secret leaves that as it is",
          "[service]") {
  ServiceBench bench;
  bench.must(bench.projects.rotate_webhook_secret(bench.owner, bench.project.id, std::chrono::hours(1)));
  const std::string current(secrets_of(bench, bench.probe).current.reveal());
  const WebhookDetail confirmed = bench.must(bench.webhooks.confirm_secret(bench.owner, bench.probe));
  CHECK_FALSE(confirmed.webhook.own_secret);
  CHECK(secrets_of(bench, bench.probe).current.reveal() == current);
  CHECK(secrets_of(bench, bench.probe).previous);
}

TEST_CASE("webhooks: an update merges, keeps an own secret and refuses an older version", "[service]") {
  ServiceBench bench;
  WebhookDraft draft = webhook_draft({"article.*"});
  draft.secret = Secret("generate");
  const WebhookDetail made = make_webhook(bench, draft);
  const WebhookService::Edit edit = [](WebhookDraft& edited) -> Result<void> {
    CHECK_FALSE(edited.secret);
    edited.events = {"article.published"};
    edited.rate_limit = 5;
    return {};
  };
  const WebhookDetail updated = bench.must(bench.webhooks.update(bench.owner, made.webhook.id, 1, edit));
  CHECK(updated.webhook.events == Texts{"article.published"});
  CHECK(updated.webhook.rate_limit == 5);
  CHECK(updated.webhook.url == "https://hook.example/");
  CHECK(updated.webhook.version == 2);
  CHECK(updated.webhook.own_secret);
  CHECK_FALSE(updated.secret);
  CHECK(secrets_of(bench, made.webhook.id).current.reveal() == made.secret->reveal());
  CHECK(bench.run(bench.webhooks.update(bench.owner, made.webhook.id, 1, edit)).error().code ==
        ErrorCode::precondition_failed);
}

TEST_CASE("webhooks: a disabled one stays so until it is enabled, which forgets its failures", "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"*"})).webhook.id;
  disable(bench, id);
  const WebhookService::Edit move = [](WebhookDraft& draft) -> Result<void> {
    draft.url = "https://elsewhere.example/";
    return {};
  };
  const Webhook moved = bench.must(bench.webhooks.update(bench.owner, id, std::nullopt, move)).webhook;
  CHECK(moved.url == "https://elsewhere.example/");
  CHECK(moved.status == WebhookStatus::disabled);
  CHECK(moved.disabled_reason == "It answered 410.");
  const Listening listening(bench, topic::deliveries);
  const Webhook enabled = bench.must(bench.webhooks.enable(bench.owner, id)).webhook;
  CHECK(enabled.status == WebhookStatus::active);
  CHECK_FALSE(enabled.disabled_reason);
  CHECK_FALSE(enabled.failing_since);
  CHECK(listening.count() == 1);
}

TEST_CASE("webhooks: a caller pauses and resumes, but cannot disable", "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"*"})).webhook.id;
  CHECK(bench.must(bench.webhooks.update(bench.owner, id, std::nullopt, set_status(WebhookStatus::paused)))
            .webhook.status == WebhookStatus::paused);
  CHECK(fields_of(bench.run(bench.webhooks.update(bench.owner, id, std::nullopt, set_status(WebhookStatus::disabled)))
                      .error()) == Texts{"status"});
  CHECK(bench.must(bench.webhooks.update(bench.owner, id, std::nullopt, set_status(WebhookStatus::active)))
            .webhook.status == WebhookStatus::active);
}

TEST_CASE("webhooks: a test goes to the one endpoint alone, whatever it asked for", "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"article.deleted"})).webhook.id;
  const Listening listening(bench, topic::deliveries);
  const Delivery delivery = bench.must(bench.webhooks.test(bench.owner, id));
  CHECK(delivery.type == EventType::webhook_test);
  CHECK(delivery.status == DeliveryStatus::pending);
  CHECK(delivery.next_attempt_at == bench.clock.now());
  CHECK(types_of(bench, id) == Texts{"webhook.test"});
  CHECK(bench.told().empty());
  CHECK(listening.count() == 1);
  for (const WebhookStatus status : {WebhookStatus::paused, WebhookStatus::disabled}) {
    if (status == WebhookStatus::disabled)
      disable(bench, id);
    else
      bench.must(bench.webhooks.update(bench.owner, id, std::nullopt, set_status(status)));
    const auto refused = bench.run(bench.webhooks.test(bench.owner, id));
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(detail_of(refused.error(), "status") == to_text(status));
  }
  CHECK(deliveries_of(bench, id).size() == 1);
}

TEST_CASE("webhooks: a failed or cancelled delivery is tried again at once, no other", "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"*"})).webhook.id;
  const DeliveryId delivery = bench.must(bench.webhooks.test(bench.owner, id)).id;
  CHECK(detail_of(bench.run(bench.webhooks.retry(bench.owner, delivery)).error(), "status") == "pending");
  finish(bench, delivery, DeliveryStatus::succeeded);
  CHECK(detail_of(bench.run(bench.webhooks.retry(bench.owner, delivery)).error(), "status") == "succeeded");
  for (const DeliveryStatus status : {DeliveryStatus::failed, DeliveryStatus::cancelled}) {
    finish(bench, delivery, status);
    bench.clock.advance(std::chrono::hours(1));
    const Listening listening(bench, topic::deliveries);
    const auto detail = bench.must(bench.webhooks.retry(bench.owner, delivery));
    CHECK(detail.delivery.status == DeliveryStatus::pending);
    CHECK(detail.delivery.next_attempt_at == bench.clock.now());
    CHECK_FALSE(detail.delivery.finished_at);
    CHECK(listening.count() == 1);
  }
  CHECK(deliveries_of(bench, id).size() == 1);
}

TEST_CASE("webhooks: recovery brings back what failed since then, and wakes nobody for nothing", "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"*"})).webhook.id;
  std::vector<DeliveryId> made;
  for (int i = 0; i < 4; ++i) {
    made.push_back(bench.must(bench.webhooks.test(bench.owner, id)).id);
    bench.clock.advance(std::chrono::hours(1));
  }
  finish(bench, made[0], DeliveryStatus::failed);
  finish(bench, made[1], DeliveryStatus::failed);
  finish(bench, made[2], DeliveryStatus::succeeded);
  finish(bench, made[3], DeliveryStatus::failed);
  CHECK(bench.must(bench.webhooks.recover(bench.owner, id, ManualClock::start + std::chrono::minutes(30))) == 2);
  const std::vector<Delivery> all = deliveries_of(bench, id);
  CHECK(all[0].status == DeliveryStatus::failed);
  CHECK(all[1].status == DeliveryStatus::pending);
  CHECK(all[1].next_attempt_at == bench.clock.now());
  CHECK(all[2].status == DeliveryStatus::succeeded);
  CHECK(all[3].status == DeliveryStatus::pending);
  const Listening listening(bench, topic::deliveries);
  CHECK(bench.must(bench.webhooks.recover(bench.owner, id, bench.clock.now())) == 0);
  CHECK(listening.count() == 0);
}

TEST_CASE("webhooks: what happened in a stretch of time is sent again, step by step, under the same ids", "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"article.created"})).webhook.id;
  bench.make_article("Before");
  bench.clock.advance(std::chrono::hours(1));
  const Time since = bench.clock.now();
  for (int i = 0; i < 5; ++i)
    bench.make_article("Article " + std::to_string(i));
  bench.clock.advance(std::chrono::hours(1));
  const Time until = bench.clock.now();
  bench.make_article("After");
  for (const Delivery& delivery : deliveries_of(bench, id))
    finish(bench, delivery.id, DeliveryStatus::succeeded);

  const Job job = bench.must(bench.webhooks.replay(bench.owner, id, since, until, {}));
  const auto pending = [&] {
    std::vector<Delivery> found;
    for (const Delivery& delivery : deliveries_of(bench, id))
      if (delivery.status == DeliveryStatus::pending) found.push_back(delivery);
    return found;
  };
  bench.work();
  CHECK(pending().size() == 2);  // a step looks at two
  CHECK(bench.must(bench.jobs.get(bench.owner, job.id)).job.done == 2);
  bench.clock.advance(std::chrono::milliseconds(200));
  bench.work();
  CHECK(pending().size() == 4);
  // It waits for what it queued: three may wait.
  bench.clock.advance(std::chrono::milliseconds(200));
  bench.work();
  CHECK(pending().size() == 4);
  const std::vector<Delivery> again = pending();
  for (const Delivery& delivery : again)
    finish(bench, delivery.id, DeliveryStatus::succeeded);
  bench.clock.advance(std::chrono::seconds(2));
  bench.work();
  REQUIRE(pending().size() == 1);
  const Job ended = bench.must(bench.jobs.get(bench.owner, job.id)).job;
  CHECK(ended.status == JobStatus::succeeded);
  CHECK(ended.done == 5);
  CHECK(ended.total == 5);
  // Each event a second time, and no other.
  std::map<std::string, int> times;
  for (const Delivery& delivery : deliveries_of(bench, id))
    ++times[delivery.event.text()];
  CHECK(times.size() == 7);
  CHECK(std::ranges::count_if(times, [](const auto& entry) { return entry.second == 2; }) == 5);
}

TEST_CASE("webhooks: a replay sends the kinds that are asked for, and ends with its webhook or its job", "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"webhook.test"})).webhook.id;
  bench.make_article("One");
  const Time since = bench.clock.now() - std::chrono::hours(1);
  bench.clock.advance(std::chrono::seconds(1));
  const Job wanted = bench.must(bench.webhooks.replay(bench.owner, id, since, {}, {"article.*"}));
  bench.work();
  CHECK(types_of(bench, id) == Texts{"article.created"});
  CHECK(bench.must(bench.jobs.get(bench.owner, wanted.id)).job.status == JobStatus::succeeded);
  const Job cancelled = bench.must(bench.webhooks.replay(bench.owner, id, since, {}, {"*"}));
  bench.must(bench.jobs.cancel(bench.owner, cancelled.id));
  bench.work();
  CHECK(types_of(bench, id).size() == 1);
  const Job lost = bench.must(bench.webhooks.replay(bench.owner, id, since, {}, {"*"}));
  bench.must(bench.run(bench.webhooks.remove(bench.owner, id, {})));
  bench.work();
  const Job ended = bench.must(bench.jobs.get(bench.owner, lost.id)).job;
  CHECK(ended.status == JobStatus::failed);
  CHECK(ended.error->code == "WEBHOOK_DELETED");
}

TEST_CASE("webhooks: a replay of no stretch of time, or of no event, is refused by name", "[service]") {
  ServiceBench bench;
  const WebhookId id = make_webhook(bench, webhook_draft({"*"})).webhook.id;
  const Time now = bench.clock.now();
  const auto refused = [&](Time since, std::optional<Time> until, std::vector<std::string> events) {
    return bench.run(bench.webhooks.replay(bench.owner, id, since, until, std::move(events)))
        .error()
        .fields.at(0)
        .field;
  };
  CHECK(refused(now, {}, {}) == "since");
  CHECK(refused(now - std::chrono::hours(1), now - std::chrono::hours(1), {}) == "since");
  CHECK(refused(now - std::chrono::hours(1), {}, {"article.nothing"}) == "events");
}

TEST_CASE("webhooks: a project holds a hundred", "[service]") {
  ServiceBench bench;
  for (int i = 1; i < Webhook::max_per_project; ++i)
    make_webhook(bench, webhook_draft({"webhook.test"}));
  CHECK(bench.run(bench.webhooks.create(bench.owner, bench.project.id, webhook_draft({"*"}))).error().code ==
        ErrorCode::conflict);
}
