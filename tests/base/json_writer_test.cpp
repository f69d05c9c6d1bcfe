#include <bit>
#include <catch2/catch.hpp>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/ecmascript_numbers.hpp"
#include "base/ecmascript_texts.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

using namespace galley;
using json::Writer;

namespace {

// The rows "left=right" of a table.
std::vector<std::pair<std::string_view, std::string_view>> rows_of(std::string_view table) {
  std::vector<std::pair<std::string_view, std::string_view>> rows;
  while (!(table = trim_ascii(table)).empty()) {
    const std::string_view row = table.substr(0, table.find_first_of(" \n"));
    const std::size_t equals = row.find('=');
    rows.emplace_back(row.substr(0, equals), row.substr(equals + 1));
    table.remove_prefix(row.size());
  }
  return rows;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

template <class T>
std::string written(const T& value) {
  std::string out;
  Writer(out).value(value);
  return out;
}

}  // namespace

TEST_CASE("json: numbers are written as JavaScript writes them, and read back the same", "[base][json]") {
  const auto rows = rows_of(test::ecmascript_numbers);
  REQUIRE(rows.size() == 440);
  for (const auto& [hex, text] : rows) {
    std::uint64_t bits = 0;
    std::from_chars(hex.data(), hex.data() + hex.size(), bits, 16);
    const auto number = std::bit_cast<double>(bits);
    CHECK(written(number) == text);
    const auto read = json::parse(text);
    REQUIRE(read.has_value());
    CHECK(read->number() == number);
  }
}

TEST_CASE("json: texts are written as JavaScript writes them, ill-formed UTF-8 replaced", "[base][json]") {
  const auto rows = rows_of(test::ecmascript_texts);
  REQUIRE(rows.size() == 420);
  for (const auto& [bytes, text] : rows) {
    INFO(bytes);
    const std::string source = from_hex(bytes);
    CHECK(written(source) == from_hex(text));
    CHECK(is_utf8(written(source)));
    // At every place of the eight bytes that are looked at together.
    for (std::size_t i = 1; i < 8; ++i) {
      const std::string head(i, 'x');
      CHECK(written(head + source + "tail, longer than eight") ==
            "\"" + head + written(source + "tail, longer than eight").substr(1));
    }
  }
}

TEST_CASE("json: numbers that JSON lacks are null", "[base][json]") {
  CHECK(written(std::numeric_limits<double>::infinity()) == "null");
  CHECK(written(-std::numeric_limits<double>::infinity()) == "null");
  CHECK(written(std::numeric_limits<double>::quiet_NaN()) == "null");
}

TEST_CASE("json: integers of all kinds are written in full", "[base][json]") {
  CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(written(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
  CHECK(written(7) == "7");
  CHECK(written(std::size_t{7}) == "7");
}

TEST_CASE("json: commas and colons stand where they must, at every depth", "[base][json]") {
  std::string out = "before ";
  Writer writer(out);
  writer.begin_object().key("a").begin_array().end_array().key("b").begin_object().end_object();
  writer.key("c").begin_array().value(1).begin_array().value(2).value(3).end_array().begin_object().end_object().null();
  writer.end_array().member("d", "text").member("e", true).member("f", 1.5).key("g").raw("[1]").member("h", 2);
  writer.end_object();
  CHECK(out == R"(before {"a":[],"b":{},"c":[1,[2,3],{},null],"d":"text","e":true,"f":1.5,"g":[1],"h":2})");
}

TEST_CASE("json: a text is never taken for a boolean", "[base][json]") {
  const char* const pointer = "x";
  CHECK(written(pointer) == "\"x\"");
  CHECK(written(std::string("x")) == "\"x\"");
  CHECK(written(std::string_view("x")) == "\"x\"");
  CHECK(json::to_text(json::Value("x")) == "\"x\"");
  CHECK(json::to_text(json::Value(std::string_view("x"))) == "\"x\"");
}

TEST_CASE("json: names are escaped like texts", "[base][json]") {
  std::string out;
  Writer(out).begin_object().member("a\"\n\xFF", 1).end_object();
  CHECK(out == "{\"a\\\"\\n\uFFFD\":1}");
}

TEST_CASE("json: a value is written as it was read", "[base][json]") {
  const std::string text = R"({"z":[1,-2.5,1e+21,true,false,null,"ä\u0001"],"a":{"":[[],{}]}})";
  const auto value = json::parse(text);
  REQUIRE(value.has_value());
  CHECK(json::to_text(*value) == text);
}
