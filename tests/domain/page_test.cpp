#include "domain/page.hpp"

#include <catch2/catch.hpp>

#include "base/encoding.hpp"

using namespace galley;

namespace {

constexpr Sort newest_first{.field = SortField::created_at, .descending = true};
constexpr Sort by_title{.field = SortField::title, .descending = false};

void check_refused(const Result<Cursor>& result) {
  REQUIRE(result.has_error());
  CHECK(result.error().code == ErrorCode::validation_failed);
  REQUIRE(result.error().fields.size() == 1);
  CHECK(result.error().fields[0].field == "cursor");
}

}  // namespace

TEST_CASE("cursor: what was encoded is decoded again in every order", "[domain]") {
  for (const SortField field : {SortField::created_at, SortField::updated_at, SortField::title}) {
    for (const bool descending : {true, false}) {
      const Sort sort{.field = field, .descending = descending};
      const Cursor cursor{.sort = sort, .value = "1774882800000", .row = 9223372036854775807};
      const std::string text = cursor.encode();
      CHECK(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
            std::string::npos);
      const Result<Cursor> back = Cursor::decode(text, sort);
      REQUIRE(back.has_value());
      CHECK(back->sort == sort);
      CHECK(back->value == cursor.value);
      CHECK(back->row == cursor.row);
    }
  }
}

TEST_CASE("cursor: titles with colons, any script and the longest length come back", "[domain]") {
  std::string longest;
  for (int i = 0; i < 300; ++i)
    longest += "\xF0\x9F\x98\x80";
  for (const std::string& title : {std::string("a: b: c"), std::string("日本語"), std::string(), longest}) {
    const Cursor cursor{.sort = by_title, .value = title, .row = 7};
    const Result<Cursor> back = Cursor::decode(cursor.encode(), by_title);
    REQUIRE(back.has_value());
    CHECK(back->value == title);
  }
}

TEST_CASE("cursor: one of another order is refused and says so", "[domain]") {
  const Cursor cursor{.sort = newest_first, .value = "5", .row = 1};
  const Result<Cursor> other = Cursor::decode(cursor.encode(), {.field = SortField::created_at, .descending = false});
  check_refused(other);
  CHECK(other.error().fields[0].reason == "belongs to a list in another order");
  check_refused(Cursor::decode(cursor.encode(), by_title));
}

TEST_CASE("cursor: what is not ours is refused", "[domain]") {
  for (const std::string plain :
       {"", "c", "cd", "cd1", "cd:5", "cd1:", "cd1:x", "cd1:5 ", "cd01:5", "cd+1:5", "cd-1:5", "cd1:05",
        "cd1:99999999999999999999", "cd99999999999999999999:1", "xd1:5", "cx1:5", "cd1:5:6", "CD1:5", "cd1:1e3"}) {
    CAPTURE(plain);
    check_refused(Cursor::decode(to_base64url(plain), newest_first));
  }
  check_refused(Cursor::decode(to_base64url(std::string("ta1:\xff")), by_title));
  check_refused(Cursor::decode(to_base64url(std::string("ta1:a\0b", 7)), by_title));
  check_refused(Cursor::decode("not base64!", newest_first));
  check_refused(Cursor::decode(to_base64url("cd1:5") + "=", newest_first));
  check_refused(Cursor::decode(std::string(Cursor::max_text + 1, 'A'), newest_first));
  CHECK(Cursor::decode(to_base64url("cd1:5"), newest_first).has_value());
}
