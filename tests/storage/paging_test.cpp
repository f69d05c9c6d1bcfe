#include "storage/paging.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "support/temp_store.hpp"

namespace galley {
namespace {

using test::at;
using test::make_account;
using test::make_keyword;
using test::make_project;
using test::TempStore;

struct Fixture {
  TempStore store;
  Account account = make_account(1);
  Project project = make_project(1, account.id);
  std::int64_t made = 0;

  Fixture() {
    store.write([&](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(account));
      return t.projects().insert(project, Secret("secret"));
    });
  }
  void add(std::int64_t count, const std::function<void(Keyword&)>& shape) {
    store.write([&](Transaction& t) -> Result<void> {
      for (std::int64_t i = 0; i < count; ++i) {
        Keyword keyword = make_keyword(++made, project);
        shape(keyword);
        GALLEY_TRY(t.keywords().insert(keyword));
      }
      return {};
    });
  }
  Result<Page<Keyword>> list(const PageRequest& request, const KeywordFilter& filter = {}) {
    return store->read(
        [&](const Transaction& t) { return t.keywords().list(account.id, project.id, filter, request); });
  }
};

TEST_CASE("paging: every order, direction and size lists each row once, in order", "[storage]") {
  Fixture fixture;
  std::mt19937 random(7);
  // Few different times and names, so that ties cross the edges of pages.
  fixture.add(57, [&](Keyword& keyword) {
    keyword.created_at = at(static_cast<std::int64_t>(random() % 4));
    keyword.updated_at = at(static_cast<std::int64_t>(random() % 40));
    keyword.text = std::string(1, static_cast<char>('a' + random() % 3)) + keyword.text;
  });
  for (const SortField field : {SortField::created_at, SortField::updated_at, SortField::title}) {
    for (const bool descending : {false, true}) {
      for (const int size : {1, 2, 7, 19, 57, 58, 100}) {
        INFO(to_text(field) << (descending ? " falling " : " rising ") << size);
        PageRequest request{.size = size, .sort = {.field = field, .descending = descending}};
        std::vector<Keyword> by_cursor, by_number;
        for (;;) {
          const auto page = fixture.list(request);
          REQUIRE(page);
          CHECK(page->total == 57);
          CHECK(page->total_is_exact);
          by_cursor.insert(by_cursor.end(), page->rows.begin(), page->rows.end());
          if (!page->next) break;
          CHECK(static_cast<int>(page->rows.size()) == size);
          // As it travels: through its text.
          request.after = *Cursor::decode(page->next->encode(), request.sort);
        }
        request.after.reset();
        for (request.page = 1; request.page <= (57 + size - 1) / size; ++request.page) {
          const auto page = fixture.list(request);
          REQUIRE(page);
          by_number.insert(by_number.end(), page->rows.begin(), page->rows.end());
          CHECK(page->next.has_value() == (by_number.size() < 57));
        }
        const auto ids = [](const std::vector<Keyword>& rows) {
          std::vector<std::string> texts;
          for (const Keyword& row : rows)
            texts.push_back(row.id.text());
          return texts;
        };
        const auto key = [&](const Keyword& row) {
          const std::int64_t time =
              (field == SortField::created_at ? row.created_at : row.updated_at).time_since_epoch().count();
          return std::tuple(field == SortField::title ? row.text : std::string(), field == SortField::title ? 0 : time,
                            row.id.text());
        };
        CHECK(ids(by_cursor) == ids(by_number));
        const std::vector<std::string> listed = ids(by_cursor);
        CHECK(std::set<std::string>(listed.begin(), listed.end()).size() == 57);
        REQUIRE(by_cursor.size() == 57);
        CHECK(std::ranges::is_sorted(by_cursor, [&](const Keyword& a, const Keyword& b) {
          return descending ? key(b) < key(a) : key(a) < key(b);
        }));
      }
    }
  }
}

TEST_CASE("paging: rows inserted meanwhile neither repeat nor hide one", "[storage]") {
  for (const bool descending : {false, true}) {
    Fixture fixture;
    std::mt19937 random(11);
    const auto somewhere = [&](Keyword& keyword) { keyword.created_at = at(static_cast<std::int64_t>(random() % 10)); };
    fixture.add(40, somewhere);
    const std::int64_t at_first = fixture.made;
    PageRequest request{.size = 3, .sort = {.field = SortField::created_at, .descending = descending}};
    std::vector<std::string> seen;
    for (;;) {
      const auto page = fixture.list(request);
      REQUIRE(page);
      for (const Keyword& row : page->rows)
        seen.push_back(row.id.text());
      if (!page->next) break;
      request.after = page->next;
      if (fixture.made < 80) fixture.add(2, somewhere);
    }
    const std::set<std::string> once(seen.begin(), seen.end());
    CHECK(once.size() == seen.size());
    for (std::int64_t i = 1; i <= at_first; ++i)
      CHECK(once.contains(test::numbered<KeywordId>(i).text()));
  }
}

TEST_CASE("paging: an empty list is one empty page", "[storage]") {
  Fixture fixture;
  const auto page = fixture.list({});
  REQUIRE(page);
  CHECK(page->rows.empty());
  CHECK(page->total == 0);
  CHECK(page->total_is_exact);
  CHECK_FALSE(page->next);
  CHECK(fixture.list({.page = 1000000, .size = 100})->rows.empty());
}

TEST_CASE("paging: forged cursors, pages and sizes are refused or harmless", "[storage]") {
  Fixture fixture;
  fixture.add(5, [](Keyword&) {});
  const Sort sort{};
  const auto with = [&](Cursor cursor) {
    PageRequest request;
    request.after = std::move(cursor);
    return fixture.list(request);
  };
  for (const std::string value :
       {"", "x", "12x", " 12", "1e9", "99999999999999999999", "0 OR 1=1", "'; DROP TABLE keywords; --"}) {
    INFO(value);
    const auto page = with({.sort = sort, .value = value, .row = 1});
    REQUIRE(page.has_error());
    CHECK(page.error().code == ErrorCode::validation_failed);
    CHECK(page.error().fields.front().field == "cursor");
  }
  const auto other_order = with({.sort = {.field = SortField::title}, .value = "1", .row = 1});
  REQUIRE(other_order.has_error());
  CHECK(other_order.error().fields.front().field == "cursor");
  // Places that no row has are places all the same.
  CHECK(with({.sort = sort, .value = "-9223372036854775808", .row = -1})->rows.empty());
  CHECK(with({.sort = sort, .value = "9223372036854775807", .row = 9223372036854775807})->rows.size() == 5);
  PageRequest by_title{.sort = {.field = SortField::title, .descending = false}};
  by_title.after = Cursor{.sort = by_title.sort, .value = "'; DROP TABLE keywords; --", .row = 1};
  CHECK(fixture.list(by_title)->rows.size() == 5);

  for (const PageRequest& request :
       {PageRequest{.page = 0}, PageRequest{.page = -3}, PageRequest{.size = 0}, PageRequest{.size = 101}}) {
    const auto page = fixture.list(request);
    REQUIRE(page.has_error());
    CHECK(page.error().code == ErrorCode::validation_failed);
  }
  CHECK(fixture.list({})->rows.size() == 5);
}

TEST_CASE("paging: an order that a list does not have is refused", "[storage]") {
  Fixture fixture;
  const auto keys = fixture.store->read([&](const Transaction& t) {
    return t.api_keys().list(fixture.account.id, {.sort = {.field = SortField::updated_at}});
  });
  REQUIRE(keys.has_error());
  CHECK(keys.error().fields.front().field == "sort");
}

TEST_CASE("paging: totals are exact to their bound and say when they are not", "[storage]") {
  Fixture fixture;
  fixture.add(counted_exactly, [](Keyword&) {});
  const KeywordFilter counted{.search = "keyword"};  // counts rows
  const KeywordFilter known{};                       // knows without counting
  for (const KeywordFilter& filter : {counted, known}) {
    CHECK(fixture.list({}, filter)->total == counted_exactly);
    CHECK(fixture.list({}, filter)->total_is_exact);
  }
  fixture.add(1, [](Keyword&) {});
  for (const KeywordFilter& filter : {counted, known}) {
    CHECK(fixture.list({}, filter)->total == counted_exactly);
    CHECK_FALSE(fixture.list({}, filter)->total_is_exact);
  }
}

}  // namespace
}  // namespace galley
