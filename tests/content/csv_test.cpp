#include "content/csv.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/unicode.hpp"
#include "support/source_file.hpp"

using namespace galley::content;
using Rows = std::vector<std::vector<std::string>>;

namespace {

// The good rows; the reasons of bad ones go to faults.
Rows read_all(std::string_view text, std::vector<galley::Error>* faults = nullptr) {
  CsvReader reader(text);
  Rows rows;
  while (true) {
    auto row = reader.next();
    if (row.has_error()) {
      REQUIRE(faults != nullptr);
      faults->push_back(row.error());
      continue;
    }
    if (!*row) return rows;
    rows.push_back((*row)->fields);
  }
}

std::int64_t number(const galley::Error& error, std::string_view name) {
  for (const galley::Detail& detail : error.details) {
    if (detail.name == name) return get<std::int64_t>(detail.value);
  }
  return -1;
}

}  // namespace

TEST_CASE("csv: quotes, line breaks and empty fields are read as RFC 4180 says", "[content]") {
  CHECK(read_all("a,b\r\n1,2\r\n") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(read_all("a,b\n1,2") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(read_all("a\rb\r") == Rows{{"a"}, {"b"}});
  CHECK(read_all("\"a,b\",\"c \"\"d\"\"\",\"e\r\nf\"\n") == Rows{{"a,b", "c \"d\"", "e\r\nf"}});
  CHECK(read_all(",\n,,") == Rows{{"", ""}, {"", "", ""}});
  CHECK(read_all("\"\"\n") == Rows{{""}});
  CHECK(read_all("a\"b,c\n") == Rows{{"a\"b", "c"}});
  CHECK(read_all(" a , b \n") == Rows{{" a ", " b "}});
  CHECK(read_all("").empty());
  CHECK(read_all("\n\r\n\n").empty());
}

TEST_CASE("csv: a byte order mark and blank lines are skipped", "[content]") {
  CHECK(read_all("\xEF\xBB\xBFkeyword,volume\n\n\nx,1\n") == Rows{{"keyword", "volume"}, {"x", "1"}});
}

TEST_CASE("csv: rows know their number and the line they begin on", "[content]") {
  CsvReader reader("h\n\n\"a\nb\"\nc\n");
  CHECK((*reader.next())->line == 1);
  const auto second = *reader.next();
  CHECK(second->number == 2);
  CHECK(second->line == 3);
  const auto third = *reader.next();
  CHECK(third->number == 3);
  CHECK(third->line == 5);
  CHECK_FALSE((*reader.next()).has_value());
  CHECK_FALSE((*reader.next()).has_value());
  CHECK(reader.rows() == 3);
}

TEST_CASE("csv: a bad row is named and the next one is read", "[content][hostile]") {
  std::vector<galley::Error> faults;
  std::string columns;
  for (std::size_t i = 0; i <= max_csv_columns; ++i)
    columns += "x,";
  const std::string text = "a\n\"b\"c,d\ne\n" + columns + "\nf\n" + std::string(max_csv_row_bytes + 10, 'g') +
                           "\nh\n\xFF\ni\n\"" + std::string(max_csv_row_bytes + 10, 'j') + "\"\nk\n\"open";
  CHECK(read_all(text, &faults) == Rows{{"a"}, {"e"}, {"f"}, {"h"}, {"i"}, {"k"}});
  REQUIRE(faults.size() == 6);
  CHECK(faults[0].code == galley::ErrorCode::validation_failed);
  CHECK(number(faults[0], "row") == 2);
  CHECK(number(faults[0], "line") == 2);
  CHECK(faults[1].fields.at(0).reason.find("64 columns") != std::string::npos);
  CHECK(faults[2].fields.at(0).reason.find("64 KiB") != std::string::npos);
  CHECK(faults[3].fields.at(0).reason.find("UTF-8") != std::string::npos);
  CHECK(faults[4].fields.at(0).reason.find("64 KiB") != std::string::npos);
  CHECK(faults[5].fields.at(0).reason.find("not closed") != std::string::npos);
}

TEST_CASE("csv: 64 columns and 64 KiB are allowed", "[content]") {
  std::string columns = "x";
  for (std::size_t i = 1; i < max_csv_columns; ++i)
    columns += ",x";
  CHECK(read_all(columns).at(0).size() == max_csv_columns);
  CHECK(read_all(std::string(max_csv_row_bytes - 1, 'x')).size() == 1);
}

TEST_CASE("csv: what is written reads back, formulas and all", "[content]") {
  const Rows rows = {{"keyword", "volume"},
                     {"best, \"cheap\" grinder", "10"},
                     {"line\nbreak\r\n", ""},
                     {"=1+1", "+1"},
                     {"-5", "@sum"},
                     {"\tx", "\rx"},
                     {"'=1", "''-x"},
                     {"it's", "'quoted'"},
                     {"'", " pad "},
                     {""},
                     {"=HYPERLINK(\"http://x.example\")", "café ☕"}};
  std::string out;
  CsvWriter writer(out);
  for (const auto& row : rows)
    writer.row(row);
  CHECK(read_all(out) == rows);
}

TEST_CASE("csv: no written field begins as a formula", "[content][hostile]") {
  std::string out;
  CsvWriter writer(out);
  for (const std::string text : {"=1", "+1", "-1", "@x", "\tx", "\rx", "'=1"})
    writer.row({text});
  std::size_t start = 0;
  while (start < out.size()) {
    CHECK(out.compare(start, 2, "\"'") == 0);
    start = out.find("\"\r\n", start) + 3;
  }
}

TEST_CASE("csv: the example keywords are whole and have no duplicates", "[content]") {
  std::ifstream file(galley::test::source_file("examples/keywords.csv"));
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Rows rows = read_all(text);
  REQUIRE(rows.size() > 220);
  CHECK(rows.front() == std::vector<std::string>{"keyword", "volume", "difficulty", "intent", "priority", "cluster"});
  std::set<std::string> keywords;
  std::set<std::string> clusters;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& row = rows[i];
    REQUIRE(row.size() == 6);
    INFO(row[0]);
    CHECK(keywords.insert(galley::fold_text(row[0])).second);
    clusters.insert(row[5]);
    CHECK(std::stoi(row[1]) >= 10);
    CHECK(std::stoi(row[1]) <= 40'000);
    CHECK(std::stoi(row[2]) >= 0);
    CHECK(std::stoi(row[2]) <= 100);
    CHECK(std::set<std::string>{"informational", "commercial", "transactional", "navigational"}.contains(row[3]));
    CHECK(std::set<std::string>{"high", "medium", "low"}.contains(row[4]));
  }
  CHECK(clusters.size() >= 12);
  CHECK(clusters.size() <= 18);
}
