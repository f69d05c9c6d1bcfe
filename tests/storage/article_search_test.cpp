#include <catch2/catch.hpp>

#include "storage/article_repo.hpp"
#include "storage/search_totals.hpp"
#include "support/two_sites.hpp"

namespace galley {
namespace {

using test::make_article;
using test::must;
using test::numbered;
using test::numbers;
using test::TwoSites;

struct Library : TwoSites {
  std::int64_t count = 0;

  void add(const std::string& title, const std::string& markdown, const Project& project,
           const std::string& keyword = "") {
    Article article = make_article(++count, project);
    article.text.title = title;
    article.text.markdown = markdown;
    if (!keyword.empty()) article.keyword_text = keyword;
    must(write([&](Transaction& t) { return t.articles().insert(article, "user"); }));
  }
  Result<Page<Article>> search(const std::string& words, const PageRequest& page = {}) {
    return read([&](const Transaction& t) { return t.articles().list(mine.id, {.search = words}, page); });
  }
  std::string found(const std::string& words) { return numbers(must(search(words)).rows); }
};

TEST_CASE("search: words are found in title, keyword and text, without regard to case and accents", "[storage]") {
  Library f;
  f.add("Grüne Äpfel", "lagern im Keller", f.site);
  f.add("Pears", "ripen slowly", f.site, "winter storage");
  f.add("Plums", "nothing", f.site);
  CHECK(f.found("äpfel") == "1");
  CHECK(f.found("GRUNE apfel") == "1");
  CHECK(f.found("keller") == "1");
  CHECK(f.found("storage") == "2");
  CHECK(f.found("pears slowly winter") == "2");
  CHECK(f.found("pears keller").empty());
  CHECK(f.found("") == "3 2 1");
  CHECK(f.found(" \t\n ") == "3 2 1");
}

TEST_CASE("search: a last word that stands in no article is a beginning", "[storage]") {
  Library f;
  f.add("walruses", "text", f.site);
  CHECK(f.found("walrus") == "1");
  CHECK(must(f.search("walrus")).total == 1);
  f.add("walrus", "text", f.site);
  CHECK(f.found("walrus") == "2");
  CHECK(f.found("walr") == "2 1");
}

TEST_CASE("search: the last word may be a beginning, the others are whole", "[storage]") {
  Library f;
  f.add("Gardening for beginners", "text", f.site);
  CHECK(f.found("garde") == "1");
  CHECK(f.found("gardening beg") == "1");
  CHECK(f.found("garde beginners").empty());
  CHECK(f.found("ga").empty());
  CHECK(f.found("gardening-for") == "1");
}

TEST_CASE("search: nothing that is typed is query language, and nothing makes it fail", "[storage]") {
  Library f;
  f.add("alpha beta", "gamma", f.site);
  f.add("delta", "OR NOT NEAR", f.site);
  const std::vector<std::string> hostile = {"\"",
                                            "\"\"\"",
                                            "*",
                                            "alpha*beta\"",
                                            "(alpha",
                                            "alpha)",
                                            "title:zeta",
                                            "{title",
                                            "-",
                                            "^alpha zeta",
                                            "alpha AND zeta",
                                            "NEAR(alpha, 2)",
                                            "a + b",
                                            "'; DROP TABLE articles; --",
                                            std::string("al\0pha", 6),
                                            "\xff\xfe",
                                            "account_id : \"000000000002\"",
                                            std::string(20000, '"'),
                                            std::string(20000, 'x')};
  for (const std::string& words : hostile) {
    INFO(words.substr(0, 40));
    const Result<Page<Article>> page = f.search(words);
    CHECK(page.has_value());
  }
  CHECK(f.found("alpha OR delta").empty());
  CHECK(f.found("NOT near") == "2");
  CHECK(f.found("alp* beta").empty());
  CHECK(f.found("*").empty());
  CHECK(f.found("alpha \" beta") == "1");
}

TEST_CASE("search: only the first sixteen words count", "[storage]") {
  Library f;
  f.add("word", "text", f.site);
  std::string words;
  for (int i = 0; i < 16; ++i)
    words += "word ";
  CHECK(f.found(words + "absent") == "1");
  CHECK(f.found("absent " + words).empty());
}

TEST_CASE("search: another account's and another project's articles are not even counted", "[storage]") {
  Library f;
  f.add("shared words", "text", f.foreign);
  f.add("shared words", "text", f.second);
  f.add("shared words", "text", f.site);
  const Page<Article> page = must(f.search("shared"));
  CHECK(numbers(page.rows) == "3 2");
  CHECK(page.total == 2);
  const auto in = [&](const ProjectId& project) {
    return must(f.read([&](const Transaction& t) {
      return t.articles().list(f.mine.id, {.project = project, .search = "shared"}, PageRequest{});
    }));
  };
  CHECK(numbers(in(f.second.id).rows) == "2");
  CHECK(in(f.second.id).total == 1);
  // Ids are not words: neither one's own nor another's.
  CHECK(f.found(f.mine.id.text()).empty());
  CHECK(f.found("acc").empty());
  CHECK(f.found("proj").empty());
}

TEST_CASE("search: a changed text is found by its new words and no longer by its old ones", "[storage]") {
  Library f;
  f.add("before", "oldtext", f.site, "oldkey");
  Article article =
      must(f.read([&](const Transaction& t) { return t.articles().find(f.mine.id, numbered<ArticleId>(1)); }));
  const auto update = [&] { must(f.write([&](Transaction& t) { return t.articles().update(article, "user"); })); };
  article.status = ArticleStatus::ready;
  update();
  CHECK(f.found("before oldtext oldkey") == "1");
  article.text.title = "after";
  article.text.markdown = "newtext";
  article.revision = 2;
  article.keyword_text.reset();
  update();
  CHECK(f.found("after newtext") == "1");
  for (const char* gone : {"before", "oldtext", "oldkey"})
    CHECK(f.found(gone).empty());
}

TEST_CASE("search: an insert that failed leaves no words behind", "[storage]") {
  Library f;
  f.add("first", "text", f.site);
  Article twin = make_article(9, f.site);
  twin.slug = "slug-1";
  twin.text.title = "ghost";
  CHECK(f.write([&](Transaction& t) { return t.articles().insert(twin, "user"); }).has_error());
  CHECK(f.found("ghost").empty());
}

TEST_CASE("search: a total beyond the bound is known again until enough words are gone", "[storage]") {
  storage::SearchTotals totals;
  totals.remember("common", counted_exactly + 5, 100);
  totals.remember("rare", counted_exactly, 100);
  CHECK(totals.finds_many("common", 100));
  CHECK(totals.finds_many("common", 104));
  CHECK_FALSE(totals.finds_many("common", 105));
  CHECK_FALSE(totals.finds_many("rare", 100));
  for (std::size_t i = 0; i < 3 * storage::SearchTotals::max_known; ++i)
    totals.remember("word " + std::to_string(i), counted_exactly + 1, 0);
  CHECK(totals.finds_many("word " + std::to_string(3 * storage::SearchTotals::max_known - 1), 0));
  CHECK_FALSE(totals.finds_many("common", 100));
}

TEST_CASE("search: totals follow what is added, changed and removed on both sides of the bound", "[storage]") {
  Library f;
  const auto fill = [&](std::int64_t upto) {
    must(f.write([&](Transaction& t) -> Result<void> {
      while (f.count < upto) {
        Article article = make_article(++f.count, f.site);
        article.text = {.title = "t", .markdown = "common"};
        GALLEY_TRY(t.articles().insert(article, "user"));
      }
      return {};
    }));
  };
  const auto total = [&] {
    const Page<Article> page = must(f.search("common"));
    return std::pair(page.total, page.total_is_exact);
  };
  fill(counted_exactly);
  CHECK(total() == std::pair(counted_exactly, true));
  fill(counted_exactly + 2);
  CHECK(total() == std::pair(counted_exactly, false));
  must(f.write([&](Transaction& t) { return t.articles().remove(f.mine.id, numbered<ArticleId>(1)); }));
  CHECK(total() == std::pair(counted_exactly, false));
  Article changed =
      must(f.read([&](const Transaction& t) { return t.articles().find(f.mine.id, numbered<ArticleId>(2)); }));
  changed.text.markdown = "seldom";
  changed.revision = 2;
  must(f.write([&](Transaction& t) { return t.articles().update(changed, "user"); }));
  CHECK(total() == std::pair(counted_exactly, true));
  fill(counted_exactly + 4);
  CHECK(total() == std::pair(counted_exactly, false));
  must(f.write([&](Transaction& t) { return t.projects().remove(f.mine.id, f.site.id); }));
  CHECK(total() == std::pair(std::int64_t{0}, true));
}

TEST_CASE("search: a filter of few articles finds them among any number of matches", "[storage]") {
  Library f;
  f.add("common 1", "text", f.site);
  f.add("common 2", "text", f.site);
  f.add("common 3", "text", f.second);
  f.add("other 4", "text", f.site);
  const auto found = [&](ArticleFilter filter, const Sort& sort) {
    filter.search = "common";
    const Page<Article> page =
        must(f.read([&](const Transaction& t) { return t.articles().list(f.mine.id, filter, {.sort = sort}); }));
    CHECK(page.total == static_cast<std::int64_t>(page.rows.size()));
    return numbers(page.rows);
  };
  for (const Sort& sort : {Sort{}, Sort{SortField::title, true}, Sort{SortField::updated_at, true}}) {
    CHECK(found({.statuses = {ArticleStatus::draft}}, sort) == "3 2 1");
    CHECK(found({.statuses = {ArticleStatus::draft}, .project = f.site.id}, sort) == "2 1");
    CHECK(found({.updated_since = test::at(2)}, sort) == "3 2");
    CHECK(found({.statuses = {ArticleStatus::error}}, sort).empty());
  }
}

TEST_CASE("search: other orders sort what was found", "[storage]") {
  Library f;
  f.add("common b", "text", f.site);
  f.add("common a", "text", f.site);
  f.add("common c", "text", f.foreign);
  CHECK(numbers(must(f.search("common", {.sort = {SortField::title, false}})).rows) == "2 1");
  CHECK(numbers(must(f.search("common", {.sort = {SortField::updated_at, false}})).rows) == "1 2");
  CHECK(numbers(must(f.search("common", {.sort = {SortField::created_at, false}})).rows) == "1 2");
}

}  // namespace
}  // namespace galley
