#include "storage/event_repo.hpp"

#include <catch2/catch.hpp>

#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::at;
using test::make_article;
using test::make_event;
using test::must;
using test::numbered;
using test::TwoSites;

TEST_CASE("events: the snapshot comes back as it was, even when its article has gone", "[storage]") {
  TwoSites f;
  Article article = make_article(1, f.site);
  article.text.markdown = "Ein \"Text\"\nmit ümläuten";
  Event event = make_event(1, f.site);
  event.type = EventType::article_published;
  event.article = article.id;
  event.snapshot = snapshot_of(f.site, article);
  must(f.write([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.articles().insert(article, "user"));
    GALLEY_TRY(t.events().insert(event));
    return t.articles().remove(f.mine.id, article.id);
  }));
  const Event found = must(f.read([&](const Transaction& t) { return t.events().find(f.mine.id, event.id); }));
  CHECK(found.project == f.site.id);
  CHECK(found.type == EventType::article_published);
  CHECK(found.article == article.id);
  CHECK(found.snapshot == event.snapshot);
  CHECK(found.created_at == at(1));
}

TEST_CASE("events: another account sees none, and they go with their project", "[storage]") {
  TwoSites f;
  const Event event = make_event(1, f.site);
  must(f.write([&](Transaction& t) { return t.events().insert(event); }));
  const auto find = [&](const AccountId& account) {
    return f.read([&](const Transaction& t) { return t.events().find(account, event.id); });
  };
  CHECK(find(f.other.id).error().code == ErrorCode::not_found);
  CHECK(find(f.mine.id).has_value());
  must(f.write([&](Transaction& t) { return t.projects().remove(f.mine.id, f.site.id); }));
  CHECK(find(f.mine.id).error().code == ErrorCode::not_found);
}

}  // namespace
}  // namespace galley
