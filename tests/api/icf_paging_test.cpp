// Lists, page by page.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "api/site.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: a list comes page by page, by number and by cursor, each row once", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.api.post("/api/v1/projects", R"({"name":"Paged"})").text("id");
  const std::string keywords = "/api/v1/projects/" + project + "/keywords";
  constexpr int count = 23;
  for (int i = 0; i < count; ++i)
    REQUIRE(fixture.api.post(keywords, R"({"keyword":"word )" + std::to_string(i) + "\"}").status == 201);

  const ApiAnswer plain = fixture.api.get(keywords);
  CHECK(plain.number("pagination.page") == 1);
  CHECK(plain.number("pagination.pageSize") == 20);
  CHECK(plain.number("pagination.total") == count);
  CHECK(plain.value("data").array()->size() == 20);
  CHECK_FALSE(plain.value("pagination.nextCursor").is_null());
  CHECK(plain.body.find("totalIsExact") == std::string::npos);
  // The newest first.
  CHECK(plain.text("data.0.keyword") == "word 22");

  std::set<std::string> numbered;
  for (int page = 1; page <= 5; ++page) {
    const ApiAnswer given = fixture.api.get(keywords + "?limit=5&page=" + std::to_string(page));
    CHECK(given.number("pagination.page") == page);
    CHECK(given.number("pagination.pageSize") == 5);
    const json::Value rows = given.value("data");
    CHECK(rows.array()->size() == (page == 5 ? 3U : 5U));
    for (const json::Value& row : *rows.array())
      CHECK(numbered.insert(*row.find("id")->text()).second);
    CHECK(given.value("pagination.nextCursor").is_null() == (page == 5));
  }
  CHECK(numbered.size() == count);
  const ApiAnswer beyond = fixture.api.get(keywords + "?page=7");
  CHECK(beyond.status == 200);
  CHECK(beyond.value("data").array()->empty());

  for (const std::string& sort :
       std::vector<std::string>{"createdAt", "-createdAt", "updatedAt", "-updatedAt", "title"}) {
    INFO(sort);
    std::vector<std::string> rows;
    std::string next;
    do {
      const ApiAnswer given = fixture.api.get(keywords + "?pageSize=4&sort=" + sort + next);
      REQUIRE(given.status == 200);
      // What is made meanwhile is counted.
      CHECK(given.number("pagination.total") == count + (sort == "-createdAt" && rows.size() == 4 ? 1 : 0));
      const json::Value page = given.value("data");
      for (const json::Value& row : *page.array())
        rows.push_back(*row.find("keyword")->text());
      next = given.value("pagination.nextCursor").is_null() ? "" : "&cursor=" + given.text("pagination.nextCursor");
      // What is made meanwhile moves nothing.
      if (rows.size() == 4 && sort == "-createdAt")
        REQUIRE(fixture.api.post(keywords, R"({"keyword":"late"})").status == 201);
      if (rows.size() == 8 && sort == "-createdAt") {
        const std::string late = fixture.api.get(keywords + "?limit=1").text("data.0.id");
        REQUIRE(fixture.api.del("/api/v1/keywords/" + late).status == 204);
      }
    } while (!next.empty() && rows.size() < 100);
    CHECK(rows.size() == count);
    CHECK(std::set<std::string>(rows.begin(), rows.end()).size() == count);
    if (sort == "title") CHECK(std::is_sorted(rows.begin(), rows.end()));
    if (sort == "createdAt") CHECK(rows.front() == "word 0");
    if (sort == "-createdAt") CHECK(rows.front() == "word 22");
  }
}

TEST_CASE("icf: the cursor behind the longest title is taken back", "[api][icf]") {
  Site fixture;
  const std::string project = fixture.api.post("/api/v1/projects", R"({"name":"Long"})").text("id");
  std::string title;
  for (int i = 0; i < 300; ++i)
    title += "\xf0\x9f\xab\x96";
  for (const std::string& start : std::vector<std::string>{"a", "b"}) {
    const std::string body = R"({"title":")" + start + title.substr(4) + R"("})";
    REQUIRE(fixture.api.post("/api/v1/projects/" + project + "/articles", body).status == 201);
  }
  const ApiAnswer first = fixture.api.get("/api/v1/articles?sort=title&limit=1");
  const ApiAnswer second =
      fixture.api.get("/api/v1/articles?sort=title&limit=1&cursor=" + first.text("pagination.nextCursor"));
  INFO(second.body);
  REQUIRE(second.status == 200);
  CHECK(second.text("data.0.title").starts_with("b"));
}

}  // namespace
}  // namespace galley::test
