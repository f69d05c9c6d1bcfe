#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "base/json.hpp"

using namespace galley;
using json::parse;
using json::Value;
using namespace std::literals;

namespace {

Value read(std::string_view text) {
  const auto result = parse(text);
  INFO(text);
  REQUIRE(result.has_value());
  return *result;
}

std::string reason_of(std::string_view text) {
  const auto result = parse(text);
  return result.has_value() ? "" : get<std::string>(result.error().details.at(1).value);
}

std::int64_t offset_of(std::string_view text) {
  const auto result = parse(text);
  return result.has_value() ? -1 : get<std::int64_t>(result.error().details.at(0).value);
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i)
    text += i % 2 == 0 ? "[" : "{\"a\":";
  text += "1";
  for (std::size_t i = depth; i > 0; --i)
    text += i % 2 == 1 ? "]" : "}";
  return text;
}

}  // namespace

TEST_CASE("json: a document is read as it stands, members in their order", "[base][json]") {
  const Value value = read(R"( {"b": [1, -2.5, true, false, null, "x\u00e4\n"], "a": {}} )");
  REQUIRE(value.object() != nullptr);
  REQUIRE(value.object()->size() == 2);
  CHECK(value.object()->at(0).first == "b");
  const json::Array& elements = *value.find("b")->array();
  REQUIRE(elements.size() == 6);
  CHECK(*elements[0].integer() == 1);
  CHECK(*elements[1].real() == -2.5);
  CHECK(*elements[2].boolean());
  CHECK_FALSE(*elements[3].boolean());
  CHECK(elements[4].is_null());
  CHECK(*elements[5].text() == "xä\n");
  CHECK(value.find("a")->object()->empty());
  CHECK(value.find("c") == nullptr);
  CHECK(elements[0].find("a") == nullptr);
}

TEST_CASE("json: whole numbers within 2^53-1 are integers however they are written", "[base][json]") {
  for (const std::string_view text : {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.000000000000000000000000"}) {
    INFO(text);
    CHECK(read(text) == Value(1));
  }
  CHECK(read("1e2") == Value(100));
  CHECK(read("-0") == Value(0));
  CHECK(read("-0.0") == Value(0));
  CHECK(read("9007199254740991") == Value(json::max_safe_integer));
  CHECK(read("-9007199254740991") == Value(-json::max_safe_integer));
  CHECK(read("9007199254740992").integer() == nullptr);
  CHECK(*read("9007199254740993").real() == 9007199254740992.0);
  CHECK(*read("9223372036854775808").real() == 9223372036854775808.0);
  CHECK(*read("0.1").real() == 0.1);
  CHECK(*read("1.7976931348623157e308").real() == 1.7976931348623157e308);
  CHECK(*read("5e-324").real() == 5e-324);
  CHECK(read("12").number() == 12.0);
  CHECK(read("12.5").number() == 12.5);
}

TEST_CASE("json: a number too small for a double is 0, one too big is refused", "[base][json]") {
  const std::string zeros(400, '0');
  for (const std::string& text : {"1e-400"s, "-1e-400"s, "0.0000074836628E-2147483636"s, "1e-99999999999999999999999"s,
                                  "0." + zeros + "1", "2e-324"s, "123.456e-789"s}) {
    INFO(text);
    CHECK(read(text) == Value(0));
  }
  for (const std::string& text : {"1e309"s, "-1e309"s, "0e400"s, "1.8e308"s, "1" + zeros, "1e99999999999999999999999"s,
                                  "1" + zeros + ".5", "123456789e301"s}) {
    INFO(text);
    CHECK(reason_of(text) == "a number is beyond the range of a double");
  }
}

TEST_CASE("json: escapes decode, and only whole pairs of surrogates", "[base][json]") {
  CHECK(*read(R"("\"\\\/\b\f\n\r\t\u0041\uD83D\ude00")").text() == "\"\\/\b\f\n\r\tA😀");
  for (const std::string_view text : {R"("\ud800")", R"("\udc00")", R"("a\udfffb")", R"("\ud800\ud800")",
                                      R"("\udc00\ud800")", R"({"\udc00":1})", R"("\ud800x")"}) {
    INFO(text);
    CHECK(reason_of(text) == "a surrogate escape stands alone");
  }
}

TEST_CASE("json: NUL is refused wherever it stands, also where text would hide behind it", "[base][json]") {
  for (const std::string_view text : {"\0"sv, "1\0"sv, "1\0garbage"sv, "\"a\0b\""sv, "{\"a\0\":1}"sv, "[1]\0]"sv}) {
    CHECK(reason_of(text) == "U+0000 is not allowed");
  }
  CHECK(reason_of(R"("a\u0000b")") == "U+0000 is not allowed in text");
  CHECK(reason_of(R"({"a\u0000b":1})") == "U+0000 is not allowed in text");
}

TEST_CASE("json: arrays and objects nest 64 deep and no deeper", "[base][json]") {
  const Value deep = read(nested(64));
  const Value copy = deep;
  CHECK(copy == deep);
  CHECK(json::to_text(copy) == nested(64));
  CHECK(reason_of(nested(65)) == "arrays and objects nest deeper than 64 levels");
  CHECK(reason_of(std::string(1'000'000, '[')) == "arrays and objects nest deeper than 64 levels");
  CHECK(offset_of(std::string(1'000'000, '[')) <= 66);
}

TEST_CASE("json: a name used twice in one object is refused, in another it is not", "[base][json]") {
  CHECK(reason_of(R"({"a":1,"b":2,"a":3})") == "the name \"a\" is used twice in one object");
  CHECK(reason_of(R"({"a":1,"\u0061":2})") == "the name \"a\" is used twice in one object");
  CHECK(reason_of(R"([{"x":{"":1,"":2}}])") == "the name \"\" is used twice in one object");
  CHECK(parse(R"({"a":{"a":1},"b":{"a":2}})").has_value());
  CHECK(parse(R"({"a":1,"A":2,"a ":3})").has_value());
}

TEST_CASE("json: an object of very many members is checked quickly, and its repeated name found", "[base][json]") {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i)
    text += "\"k" + std::to_string(i) + "\":0,";
  const auto good = parse(text + "\"last\":1}");
  REQUIRE(good.has_value());
  CHECK(good->object()->size() == 200'001);
  CHECK(reason_of(text + "\"k77777\":1}") == "the name \"k77777\" is used twice in one object");
}

TEST_CASE("json: an error is one sentence, with the place and the reason", "[base][json]") {
  const auto result = parse("[1,]");
  REQUIRE(result.has_error());
  CHECK(result.error().code == ErrorCode::invalid_json);
  CHECK(result.error().message == "The text is not valid JSON: a value is expected.");
  CHECK(offset_of("[1,]") == 3);
  CHECK(offset_of("\"ab\xFF\"") == 3);
  CHECK(reason_of("\"ab\xFF\"") == "the text is not valid UTF-8");
  CHECK(offset_of("{} x") == 3);
  CHECK(reason_of("{} x") == "text follows the value");
  CHECK(reason_of("") == "the text is empty");
  CHECK(reason_of(" \n") == "the text is empty");
  CHECK(reason_of("\xEF\xBB\xBF{}") == "a byte order mark is not allowed");
  CHECK(reason_of("{\"a\" 1}") == "a colon is expected after a member's name");
}

TEST_CASE("json: the text need not end in a NUL and nothing behind its end is read", "[base][json]") {
  const std::string text = "[12345]";
  CHECK(read(std::string_view(text).substr(1, 3)) == Value(123));
  CHECK(reason_of(std::string_view(text).substr(0, 6)) == "a comma or ] is expected after an element");
  CHECK(reason_of(std::string_view()) == "the text is empty");
}

TEST_CASE("json: every cut of a document is refused", "[base][json]") {
  const std::string text = R"({"a":[1.5e3,true,null,"\u00e4\ud83d\ude00ä"],"b":{"c":false}})";
  REQUIRE(parse(text).has_value());
  for (std::size_t length = 0; length < text.size(); ++length)
    CHECK(parse(text.substr(0, length)).has_error());
}

TEST_CASE("json: a value says what it is", "[base][json]") {
  CHECK(Value().kind() == "null");
  CHECK(Value(true).kind() == "a boolean");
  CHECK(Value(1).kind() == "a number");
  CHECK(Value(1.5).kind() == "a number");
  CHECK(Value("x").kind() == "a string");
  CHECK(Value(json::Array{}).kind() == "an array");
  CHECK(Value(json::Object{}).kind() == "an object");
}
