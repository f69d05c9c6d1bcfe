#include "domain/article.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <utility>

using namespace galley;

namespace {

using Status = ArticleStatus;
using Action = ArticleAction;

Article good_article() {
  Article article;
  article.id = ArticleId("art_abcdefghijkl");
  article.text.title = "Ten apple trees";
  article.text.markdown = "# Apples\n\tand\r\nmore";
  article.slug = "ten-apple-trees";
  return article;
}

Project site() {
  Project project;
  project.name = "Site";
  project.target_domain = "https://example.com/blog";
  return project;
}

std::vector<std::string> bad_fields(const Article& article) {
  std::vector<std::string> names;
  const Result<void> result = check(article);
  if (result.has_error()) {
    for (const FieldError& field : result.error().fields)
      names.push_back(field.field);
  }
  return names;
}

}  // namespace

TEST_CASE("article: each state allows exactly these actions", "[domain]") {
  const std::map<std::pair<Status, Stage>, std::vector<Action>> expected = {
      {{Status::draft, Stage::none},
       {Action::edit, Action::approve, Action::regenerate, Action::publish, Action::schedule, Action::remove}},
      {{Status::queued, Stage::generation}, {}},
      {{Status::queued, Stage::publication}, {}},
      {{Status::generating, Stage::generation}, {}},
      {{Status::ready, Stage::none},
       {Action::edit, Action::return_to_draft, Action::regenerate, Action::publish, Action::schedule, Action::remove}},
      {{Status::scheduled, Stage::none},
       {Action::edit, Action::publish, Action::schedule, Action::unschedule, Action::remove}},
      {{Status::published, Stage::none}, {Action::edit, Action::publish, Action::unpublish, Action::remove}},
      {{Status::error, Stage::generation}, {Action::edit, Action::regenerate, Action::retry, Action::remove}},
      {{Status::error, Stage::publication},
       {Action::edit, Action::publish, Action::unpublish, Action::schedule, Action::retry, Action::remove}},
  };
  for (const auto& [state, actions] : expected) {
    CAPTURE(to_text(state.first), to_text(state.second));
    CHECK(allowed_actions(state.first, state.second) == actions);
    for (const NameOf<Action>& name : Names<Action>::all) {
      CAPTURE(name.text);
      const bool listed = std::find(actions.begin(), actions.end(), name.value) != actions.end();
      CHECK(allows(state.first, state.second, name.value) == listed);
    }
  }
}

TEST_CASE("article: an action that is not allowed answers the state and what is allowed", "[domain]") {
  Article article = good_article();
  article.status = Status::scheduled;
  const Result<void> result = require(article, Action::regenerate);
  REQUIRE(result.has_error());
  CHECK(result.error().code == ErrorCode::conflict);
  CHECK(result.error().message == "The article cannot be regenerated while its status is scheduled.");
  const std::vector<Detail> details{
      {"status", std::string("scheduled")},
      {"allowed", std::vector<std::string>{"edit", "publish", "schedule", "unschedule", "remove"}}};
  CHECK(result.error().details == details);
  CHECK(require(article, Action::unschedule).has_value());
}

TEST_CASE("article: one in work allows nothing", "[domain]") {
  Article article = good_article();
  for (const Status status : {Status::queued, Status::generating}) {
    article.status = status;
    article.stage = Stage::generation;
    const Result<void> result = require(article, Action::remove);
    REQUIRE(result.has_error());
    CHECK(result.error().message.starts_with("The article cannot be deleted while its status is "));
    CHECK(get<std::vector<std::string>>(result.error().details.at(1).value).empty());
  }
}

TEST_CASE("article: a good one passes and every bad field is named at once", "[domain]") {
  CHECK(bad_fields(good_article()).empty());
  Article article = good_article();
  article.text.title = " ";
  article.text.markdown = std::string("a\0b", 3);
  article.text.excerpt = std::string(2001, 'x');
  article.text.meta_title = "two\nlines";
  article.text.meta_description = std::string(1001, 'x');
  article.text.meta_keywords = {""};
  article.slug = "";
  article.categories = {std::string(101, 'c')};
  article.tags.assign(101, "tag");
  article.author_name = "a\x01";
  article.canonical_url = "/relative";
  article.featured_image_url = "javascript:alert(1)";
  CHECK(bad_fields(article) == std::vector<std::string>{"title", "markdown", "excerpt", "meta_title",
                                                        "meta_description", "meta_keywords.0", "slug", "categories.0",
                                                        "tags", "author_name", "canonical_url", "featured_image_url"});
}

TEST_CASE("article: the edges of title and text hold", "[domain]") {
  Article article = good_article();
  article.text.title.clear();
  for (std::size_t i = 0; i < Article::max_title; ++i)
    article.text.title += "é";
  article.text.markdown = std::string(Article::max_markdown, 'm');
  CHECK(bad_fields(article).empty());
  article.text.title += "é";
  article.text.markdown += 'm';
  CHECK(bad_fields(article) == std::vector<std::string>{"title", "markdown"});
}

TEST_CASE("article: slugs are lower-case words joined by single hyphens", "[domain]") {
  Article article = good_article();
  for (const std::string_view slug : {"a", "ten-apple-trees", "2026", "日本語-記事", "größe", "مقالة", "हिन्दी"}) {
    CAPTURE(slug);
    article.slug = slug;
    CHECK(bad_fields(article).empty());
  }
  for (const std::string_view slug : {"",
                                      "-",
                                      "-a",
                                      "a-",
                                      "a--b",
                                      "A",
                                      "Ä",
                                      "a b",
                                      "a_b",
                                      "a.b",
                                      "..",
                                      "a/b",
                                      "a%20b",
                                      "a\n",
                                      "a?b",
                                      "a#b",
                                      "<b>",
                                      "a\xff",
                                      "\xe2\x80\xae"
                                      "a",
                                      "a\xc2\xa0"
                                      "b",
                                      "😀"}) {
    CAPTURE(slug);
    article.slug = slug;
    CHECK(bad_fields(article) == std::vector<std::string>{"slug"});
  }
  article.slug = std::string(200, 'a');
  CHECK(bad_fields(article).empty());
  article.slug += 'a';
  CHECK(bad_fields(article) == std::vector<std::string>{"slug"});
}

TEST_CASE("public url: canonical URL, then the CMS's address, then domain and permalink", "[domain]") {
  Article article = good_article();
  CHECK(public_url(site(), article) == "https://example.com/blog/ten-apple-trees");
  article.external_url = "https://cms.example/p/1";
  CHECK(public_url(site(), article) == "https://cms.example/p/1");
  article.canonical_url = "https://Other.example/ä#top";
  CHECK(public_url(site(), article) == "https://other.example/%C3%A4");
}

TEST_CASE("public url: a CMS's address that is none is passed over", "[domain]") {
  Article article = good_article();
  for (const std::string_view text : {"", "javascript:alert(1)", "/posts/1", "https://"}) {
    article.external_url = text;
    CHECK(public_url(site(), article) == "https://example.com/blog/ten-apple-trees");
  }
}

TEST_CASE("public url: there is none without a domain, unless the article has one of its own", "[domain]") {
  Project project = site();
  project.target_domain.reset();
  Article article = good_article();
  CHECK(public_url(project, article) == std::nullopt);
  article.canonical_url = "https://other.example/a";
  CHECK(public_url(project, article) == "https://other.example/a");
}

TEST_CASE("public url: the permalink's placeholders are filled, dates in UTC", "[domain]") {
  Project project = site();
  Article article = good_article();
  article.published_at = parse_rfc3339("2026-03-05T23:30:00-02:00");
  article.scheduled_for = parse_rfc3339("2020-01-01T00:00:00Z");
  project.permalink = "/{year}/{month}/{day}/{slug}.html";
  CHECK(public_url(project, article) == "https://example.com/blog/2026/03/06/ten-apple-trees.html");
  project.permalink = "/p/{id}/";
  CHECK(public_url(project, article) == "https://example.com/blog/p/art_abcdefghijkl/");
}

TEST_CASE("public url: a permalink with a date waits for the date", "[domain]") {
  Project project = site();
  project.permalink = "/{year}/{slug}";
  Article article = good_article();
  CHECK(public_url(project, article) == std::nullopt);
  article.scheduled_for = parse_rfc3339("2027-01-01T00:00:00Z");
  CHECK(public_url(project, article) == "https://example.com/blog/2027/ten-apple-trees");
}

TEST_CASE("public url: slugs and permalinks of other scripts are percent-encoded", "[domain]") {
  Project project = site();
  project.permalink = "/größe/{slug}";
  Article article = good_article();
  article.slug = "日本";
  CHECK(public_url(project, article) == "https://example.com/blog/gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC");
}
