#include <catch2/catch.hpp>

#include "service/article_steps.hpp"

using namespace galley;
using namespace galley::test;

TEST_CASE("articles: lists are searched by words of title, keyword and text", "[service]") {
  ServiceBench bench;
  bench.must(bench.articles.create(bench.owner, bench.project.id, titled("Green tea", "About leaves.\n")));
  bench.must(bench.articles.create(bench.owner, bench.project.id, titled("Coffee", "Nothing on the TEA leaf.\n")));
  bench.must(bench.articles.create(bench.owner, bench.project.id, titled("Milk", "White.\n")));
  const auto search = [&](const std::string& words) {
    Texts found = titles(bench.must(bench.articles.list(bench.owner, {.search = words}, {})));
    std::sort(found.begin(), found.end());
    return found;
  };
  CHECK(search("tea") == Texts{"Coffee", "Green tea"});
  CHECK(search("green tea") == Texts{"Green tea"});
  CHECK(search("leaves") == Texts{"Green tea"});
  CHECK(search("nothing-like-it").empty());
  CHECK(search("\" OR 1=1 --").empty());
}

TEST_CASE("articles: lists are filtered by state, project and change, and leave bodies out", "[service]") {
  ServiceBench bench;
  bench.make_article("Draft", ArticleStatus::draft);
  bench.make_article("Ready");
  bench.must(bench.articles.create(bench.owner, bench.other_project.id, titled("Elsewhere")));
  bench.clock.advance(std::chrono::hours(1));
  bench.make_article("Late");
  const auto list = [&](ArticleFilter filter) {
    return bench.must(bench.articles.list(bench.owner, std::move(filter), {.sort = {.descending = false}}));
  };
  CHECK(titles(list({})) == Texts{"Draft", "Ready", "Elsewhere", "Late"});
  CHECK(titles(list({.statuses = {ArticleStatus::ready}})) == Texts{"Ready", "Late"});
  CHECK(titles(list({.project = bench.other_project.id})) == Texts{"Elsewhere"});
  CHECK(titles(list({.updated_since = bench.clock.now()})) == Texts{"Late"});
  const auto bare = list({.project = bench.other_project.id}).rows.at(0);
  CHECK(bare.article.text.markdown.empty());
  CHECK_FALSE(bare.texts);
  const auto full = list({.project = bench.other_project.id, .with_bodies = true}).rows.at(0);
  CHECK(full.article.text.markdown == "Some text.\n");
  REQUIRE(full.texts);
  CHECK(full.texts->html.find("Some text.") != std::string::npos);
}

TEST_CASE("articles: a cursor goes on behind its row while others are inserted", "[service]") {
  ServiceBench bench;
  for (const char* title : {"A", "B", "C", "D", "E"}) {
    bench.make_article(title);
    bench.clock.advance(std::chrono::seconds(1));
  }
  PageRequest request{.size = 2};
  auto page = bench.must(bench.articles.list(bench.owner, {}, request));
  CHECK(titles(page) == Texts{"E", "D"});
  CHECK(page.total == 5);
  bench.make_article("F");
  REQUIRE(page.next);
  request.after = page.next;
  page = bench.must(bench.articles.list(bench.owner, {}, request));
  CHECK(titles(page) == Texts{"C", "B"});
  request.after = page.next;
  page = bench.must(bench.articles.list(bench.owner, {}, request));
  CHECK(titles(page) == Texts{"A"});
  CHECK_FALSE(page.next);
}

TEST_CASE("articles: a key that is bound to one project lists and reaches its articles alone", "[service]") {
  ServiceBench bench;
  const ArticleId hidden = bench.make_article("Hidden").id;
  const ArticleId seen =
      bench.must(bench.articles.create(bench.owner, bench.other_project.id, titled("Seen"))).article.id;
  CHECK(titles(bench.must(bench.articles.list(bench.bound, {}, {}))) == Texts{"Seen"});
  CHECK(bench.articles.list(bench.bound, {.project = bench.project.id}, {}).error().code == ErrorCode::not_found);
  CHECK(bench.articles.get(bench.bound, seen).has_value());
  const Error error = bench.articles.get(bench.bound, hidden).error();
  CHECK(error.message == "The requested article could not be found.");
  CHECK(detail_of(error, "article_id") == hidden.text());
}
