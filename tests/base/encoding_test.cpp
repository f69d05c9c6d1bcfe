#include "base/encoding.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace galley;
using namespace std::literals;

namespace {

std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  return bytes;
}

}  // namespace

TEST_CASE("encoding: base64 gives RFC 4648's values", "[base]") {
  const std::vector<std::pair<std::string, std::string>> values{{"", ""},
                                                                {"f", "Zg=="},
                                                                {"fo", "Zm8="},
                                                                {"foo", "Zm9v"},
                                                                {"foob", "Zm9vYg=="},
                                                                {"fooba", "Zm9vYmE="},
                                                                {"foobar", "Zm9vYmFy"},
                                                                {"\xFB\xFF\xFE", "+//+"}};
  for (const auto& [bytes, text] : values) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
  CHECK(to_base64url("\xFB\xFF\xFE") == "-__-");
  CHECK(to_base64url("f") == "Zg");
  CHECK(from_base64url("Zm8") == "fo");
}

TEST_CASE("encoding: base64 gives back every byte at every length", "[base]") {
  const std::string bytes = all_bytes();
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const std::string part = bytes.substr(bytes.size() - length);
    CHECK(from_base64(to_base64(part)) == part);
    CHECK(from_base64url(to_base64url(part)) == part);
  }
}

TEST_CASE("encoding: base64 that is not canonical is refused", "[base]") {
  for (const std::string_view text :
       {"Zg"sv, "Zg="sv, "Zg==="sv, "Zh=="sv, "Zm9="sv, "Zm9v="sv, "Zm9v===="sv, "===="sv, "="sv, "Z"sv, "Zm 9"sv,
        "Zm9v\n"sv, " Zm9"sv, "Zm=v"sv, "-__-"sv, "Zm9\0"sv, "Zm9\xC3"sv}) {
    INFO(text);
    CHECK_FALSE(from_base64(text));
  }
  for (const std::string_view text : {"Zg=="sv, "Z"sv, "Zh"sv, "Zm9vY"sv, "+//+"sv, "Zm9v "sv}) {
    INFO(text);
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("encoding: all but unreserved characters are percent-encoded", "[base]") {
  CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encode("a b/ü?&=+%\0"sv) == "a%20b%2F%C3%BC%3F%26%3D%2B%25%00");
  CHECK(percent_decode(percent_encode(all_bytes())) == all_bytes());
}

TEST_CASE("encoding: percent-decoding reads both cases, plus only in forms, and no broken escape", "[base]") {
  CHECK(percent_decode("%2f%2F+") == "//+");
  CHECK(percent_decode("a+b%2B", true) == "a b+");
  CHECK(percent_decode("%2525") == "%25");
  CHECK(percent_decode("%00") == "\0"s);
  for (const std::string_view text : {"%", "%2", "a%", "%zz", "%2g", "%%20", "% 20", "%+1", "%-1"}) {
    INFO(text);
    CHECK_FALSE(percent_decode(text));
  }
}

TEST_CASE("encoding: well-formed UTF-8 is told from the rest, at every place in a text", "[base]") {
  const std::vector<std::string_view> good{"",
                                           "ascii",
                                           "\xC2\x80",
                                           "\xDF\xBF",
                                           "\xE0\xA0\x80",
                                           "\xED\x9F\xBF",
                                           "\xEE\x80\x80",
                                           "\xEF\xBF\xBF",
                                           "\xF0\x90\x80\x80",
                                           "\xF4\x8F\xBF\xBF",
                                           "\0"sv};
  const std::vector<std::string_view> bad{"\x80",
                                          "\xBF",
                                          "\xC0\xAF",
                                          "\xC1\xBF",
                                          "\xC2",
                                          "\xC2\x41",
                                          "\xE0\x9F\xBF",
                                          "\xE2\x82",
                                          "\xED\xA0\x80",
                                          "\xED\xBF\xBF",
                                          "\xF0\x8F\xBF\xBF",
                                          "\xF0\x9F\x98",
                                          "\xF4\x90\x80\x80",
                                          "\xF5\x80\x80\x80",
                                          "\xF8\x88\x80\x80\x80",
                                          "\xFE",
                                          "\xFF"};
  for (std::size_t before = 0; before < 18; ++before) {
    for (const std::size_t after : {0u, 1u, 9u}) {
      const std::string head(before, 'a'), tail(after, 'z');
      for (const std::string_view text : good)
        CHECK(is_utf8(head + std::string(text) + tail));
      for (const std::string_view text : bad)
        CHECK_FALSE(is_utf8(head + std::string(text) + tail));
    }
  }
}

TEST_CASE("encoding: exactly the code points but surrogates are well-formed", "[base]") {
  for (unsigned c = 0x800; c <= 0xFFFF; ++c) {
    const std::string text{static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                           static_cast<char>(0x80 | (c & 0x3F))};
    if (is_utf8(text) != (c < 0xD800 || c > 0xDFFF)) FAIL(c);
  }
}

TEST_CASE("encoding: code points are counted, and none is cut", "[base]") {
  const std::string_view text = "aä€😀z";
  CHECK(count_code_points(text) == 5);
  CHECK(count_code_points("") == 0);
  CHECK(first_code_points(text, 0) == "");
  CHECK(first_code_points(text, 1) == "a");
  CHECK(first_code_points(text, 2) == "aä");
  CHECK(first_code_points(text, 3) == "aä€");
  CHECK(first_code_points(text, 4) == "aä€😀");
  CHECK(first_code_points(text, 5) == text);
  CHECK(first_code_points(text, 100) == text);
}

TEST_CASE("encoding: CRC-32 gives zlib's values", "[base]") {
  CHECK(crc32("") == 0);
  CHECK(crc32("a") == 0xe8b7be43);
  CHECK(crc32("123456789") == 0xcbf43926);
  std::string bytes;
  for (int i = 0; i < 5; ++i)
    bytes += all_bytes();
  CHECK(crc32(bytes + "xyz") == 0xb449d98d);
}

TEST_CASE("encoding: ASCII letters alone change their case", "[base]") {
  CHECK(to_lower_ascii("Content-TYPE @[`{ ÄÖ") == "content-type @[`{ ÄÖ");
  CHECK(equals_ignoring_case("Host", "hOST"));
  CHECK_FALSE(equals_ignoring_case("Host", "Hos"));
  CHECK_FALSE(equals_ignoring_case("Ä", "ä"));
  CHECK_FALSE(equals_ignoring_case("[", "{"));
}

TEST_CASE("encoding: ASCII white space is trimmed at the ends", "[base]") {
  CHECK(trim_ascii(" \t\r\n\v\f a b \n") == "a b");
  CHECK(trim_ascii(" \n ") == "");
  CHECK(trim_ascii("") == "");
  CHECK(trim_ascii("\u00A0a") == "\u00A0a");
}
