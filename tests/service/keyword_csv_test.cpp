#include <catch2/catch.hpp>

#include "service/keyword_service.hpp"
#include "support/result_text.hpp"

using namespace galley;
using service::ImportRow;
using service::read_keyword_csv;

namespace {

std::string only_reason(const Result<std::vector<ImportRow>>& read) {
  if (read || read.error().fields.size() != 1) return "not one bad field";
  const Error error = read.error();
  return error.fields[0].field + " " + error.fields[0].reason;
}

}  // namespace

TEST_CASE("keyword csv: columns stand in any order, in any case, behind a byte order mark", "[service]") {
  const auto rows = read_keyword_csv(
      "\xEF\xBB\xBF"
      "Cluster, PRIORITY ,keyword,intent,Volume,difficulty\r\n"
      "Tea,HIGH,green tea,Commercial,\"12,000\",40\r\n");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 1);
  const ImportRow row = rows->at(0);
  CHECK(row.number == 2);
  REQUIRE(row.draft.has_value());
  CHECK(row.draft->text == "green tea");
  CHECK(row.draft->cluster == "Tea");
  CHECK(row.draft->priority == Priority::high);
  CHECK(row.draft->intent == Intent::commercial);
  CHECK(row.draft->volume == 12000);
  CHECK(row.draft->difficulty == 40);
}

TEST_CASE("keyword csv: empty and missing fields are left open", "[service]") {
  const auto rows = read_keyword_csv("keyword,volume,priority\ntea,,\ncoffee\n");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 2);
  for (const ImportRow& row : *rows) {
    REQUIRE(row.draft.has_value());
    CHECK_FALSE(row.draft->volume);
    CHECK_FALSE(row.draft->priority);
    CHECK_FALSE(row.draft->cluster);
  }
}

TEST_CASE("keyword csv: each bad row says everything that is wrong with it, and the others are read", "[service]") {
  const auto rows = read_keyword_csv(
      "keyword,volume,difficulty,intent,priority\n"
      "tea,many,101,curious,urgent\n"
      "coffee,1.5,-1,,\n"
      ",5,,,\n"
      "milk,12000.0,7,,\n"
      "a,b,c,d,e,f\n"
      "\"open,1\n");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 6);
  const auto fields = [&](std::size_t i) {
    std::vector<std::string> names;
    const Error error = rows->at(i).draft.error();
    for (const FieldError& field : error.fields)
      names.push_back(field.field);
    return names;
  };
  using Texts = std::vector<std::string>;
  CHECK(fields(0) == Texts{"volume", "difficulty", "intent", "priority"});
  CHECK(fields(1) == Texts{"volume", "difficulty"});
  CHECK(fields(2) == Texts{"keyword"});
  CHECK(rows->at(3).draft.value().volume == 12000);
  CHECK(fields(4) == Texts{"row"});
  CHECK(fields(5) == Texts{"row"});
  for (std::size_t i = 0; i < rows->size(); ++i)
    CHECK(rows->at(i).number == static_cast<std::int64_t>(i) + 2);
}

TEST_CASE("keyword csv: numbers that no counter holds are refused", "[service]") {
  for (const char* number : {"99999999999999999999", "1e3", "0x10", "+5", "--5", ".0", "1.0.0", "٣"}) {
    const auto rows = read_keyword_csv("keyword,volume\ntea,\"" + std::string(number) + "\"\n");
    INFO(number);
    REQUIRE(rows.has_value());
    CHECK(rows->at(0).draft.has_error());
  }
}

TEST_CASE("keyword csv: an unknown, a doubled or a missing column refuses the whole", "[service]") {
  CHECK(only_reason(read_keyword_csv("keyword,cpc\ntea,1\n")).find("\"cpc\"") != std::string::npos);
  CHECK(only_reason(read_keyword_csv("keyword,volume,Keyword\n")).find("keyword twice") != std::string::npos);
  CHECK(only_reason(read_keyword_csv("volume,priority\n1,high\n")) == "header must name the column keyword");
  CHECK(only_reason(read_keyword_csv("")) == "body must have a header row that names its columns");
  CHECK(only_reason(read_keyword_csv("\n\r\n")) == "body must have a header row that names its columns");
}

TEST_CASE("keyword csv: a header alone is no rows, ten thousand rows are read, one more refuses the whole",
          "[service]") {
  CHECK(read_keyword_csv("keyword\n").value().empty());
  std::string csv = "keyword\n";
  for (std::size_t i = 0; i < service::max_import; ++i)
    csv += "k" + std::to_string(i) + "\n";
  CHECK(read_keyword_csv(csv).value().size() == service::max_import);
  csv += "one more\n";
  CHECK(only_reason(read_keyword_csv(csv)) == "body must have at most 10000 rows below its header");
}
