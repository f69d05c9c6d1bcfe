// A store with two accounts: one with two sites, the other with one. And rows to fill it with.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/temp_store.hpp"

namespace galley::test {

// The value of a result that must have one.
template <class T>
T must(Result<T> result) {
  if (result.has_error()) FAIL(result.error().message + " " + result.error().cause);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

struct TwoSites {
  TempStore store{};
  Account mine = make_account(1);
  Account other = make_account(2);
  Project site = make_project(1, mine.id);
  Project second = make_project(2, mine.id);
  Project foreign = make_project(3, other.id);

  template <class Body>
  auto write(Body body) {
    return store->write_and_wait(std::move(body));
  }
  template <class Body>
  auto read(Body body) {
    return store->read(std::move(body));
  }

  TwoSites() {
    must(write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(mine));
      GALLEY_TRY(t.accounts().insert(other));
      GALLEY_TRY(t.projects().insert(site, Secret("secret of the site")));
      GALLEY_TRY(t.projects().insert(second, Secret("secret of the second site")));
      return t.projects().insert(foreign, Secret("secret of the foreign site"));
    }));
  }
};

inline Article make_article(std::int64_t number, const Project& project) {
  Article article;
  article.id = numbered<ArticleId>(number);
  article.account = project.account;
  article.project = project.id;
  article.text = {.title = "Title " + std::to_string(number), .markdown = "Body " + std::to_string(number)};
  article.slug = "slug-" + std::to_string(number);
  article.created_at = article.updated_at = at(number);
  return article;
}

inline Connection make_connection(std::int64_t number, const Project& project) {
  Connection connection;
  connection.id = numbered<ConnectionId>(number);
  connection.account = project.account;
  connection.project = project.id;
  connection.name = "Connection " + std::to_string(number);
  connection.created_at = connection.updated_at = at(number);
  return connection;
}

inline Publication make_publication(std::int64_t number, const Article& article) {
  Publication publication;
  publication.id = numbered<PublicationId>(number);
  publication.account = article.account;
  publication.project = article.project;
  publication.article = article.id;
  publication.created_at = publication.updated_at = at(number);
  return publication;
}

inline Webhook make_webhook(std::int64_t number, const Project& project) {
  Webhook webhook;
  webhook.id = numbered<WebhookId>(number);
  webhook.account = project.account;
  webhook.project = project.id;
  webhook.url = "https://receiver.example/" + std::to_string(number);
  webhook.events = {"*"};
  webhook.created_at = webhook.updated_at = at(number);
  return webhook;
}

inline Event make_event(std::int64_t number, const Project& project) {
  Event event;
  event.id = numbered<EventId>(number);
  event.account = project.account;
  event.project = project.id;
  event.snapshot = TestSnapshot{"Message " + std::to_string(number)};
  event.created_at = at(number);
  return event;
}

// Pending, due at its creation.
inline Delivery make_delivery(std::int64_t number, const Webhook& webhook, const Event& event) {
  Delivery delivery;
  delivery.id = numbered<DeliveryId>(number);
  delivery.account = webhook.account;
  delivery.project = webhook.project;
  delivery.webhook = webhook.id;
  delivery.event = event.id;
  delivery.type = event.type;
  delivery.created_at = at(number);
  delivery.next_attempt_at = at(number);
  return delivery;
}

inline Job make_job(std::int64_t number, const Project& project) {
  Job job;
  job.id = numbered<JobId>(number);
  job.account = project.account;
  job.project = project.id;
  job.created_at = job.updated_at = at(number);
  return job;
}

inline JobItem make_item(std::int64_t article, const Job& job, Time due) {
  JobItem item;
  item.job = job.id;
  item.account = job.account;
  item.kind = job.kind;
  item.article = numbered<ArticleId>(article);
  item.due_at = due;
  return item;
}

// "12 7 3": the numbers of rows made by the functions above, in their order.
template <class Rows>
std::string numbers(const Rows& rows) {
  std::string text;
  for (const auto& row : rows) {
    const std::string& id = row.id.text();
    text += (text.empty() ? "" : " ") + std::to_string(std::stoll(id.substr(id.find('_') + 1)));
  }
  return text;
}

}  // namespace galley::test
