// The cases of JSONTestSuite (95 that must be accepted, 188 that must be refused, 35 left free), by its names.
#include <catch2/catch.hpp>
#include <iterator>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/json_suite_refused.hpp"

using galley::json::parse;
using galley::test::JsonCase;
using namespace std::literals;

namespace {

const JsonCase accepted[] = {
    {"array_arraysWithSpaces", "[[]   ]"},
    {"array_empty-string", R"([""])"},
    {"array_empty", "[]"},
    {"array_ending_with_newline", "[\"a\"]\n"},
    {"array_false", "[false]"},
    {"array_heterogeneous", R"([null, 1, "1", {}])"},
    {"array_null", "[null]"},
    {"array_with_1_and_newline", "[1\n]"},
    {"array_with_leading_space", " [1]"},
    {"array_with_several_null", "[1,null,null,null,2]"},
    {"array_with_trailing_space", "[2] "},
    {"number", "[123e65]"},
    {"number_0e+1", "[0e+1]"},
    {"number_0e1", "[0e1]"},
    {"number_after_space", "[ 4]"},
    {"number_double_close_to_zero",
     "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]\n"},
    {"number_int_with_exp", "[20e1]"},
    {"number_minus_zero", "[-0]"},
    {"number_negative_int", "[-123]"},
    {"number_negative_one", "[-1]"},
    {"number_negative_zero", "[-0]"},
    {"number_real_capital_e", "[1E22]"},
    {"number_real_capital_e_neg_exp", "[1E-2]"},
    {"number_real_capital_e_pos_exp", "[1E+2]"},
    {"number_real_exponent", "[123e45]"},
    {"number_real_fraction_exponent", "[123.456e78]"},
    {"number_real_neg_exp", "[1e-2]"},
    {"number_real_pos_exponent", "[1e+2]"},
    {"number_simple_int", "[123]"},
    {"number_simple_real", "[123.456789]"},
    {"object", R"({"asd":"sdf", "dfg":"fgh"})"},
    {"object_basic", R"({"asd":"sdf"})"},
    {"object_empty", "{}"},
    {"object_empty_key", R"({"":0})"},
    {"object_extreme_numbers", R"({ "min": -1.0e+28, "max": 1.0e+28 })"},
    {"object_long_strings", R"({"x":[{"id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}], )"
                            R"("id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})"},
    {"object_simple", R"({"a":[]})"},
    {"object_string_unicode", R"({"title":"\u041f\u043e\u043b\u0442\u043e\u0440\u0430 \u0417\u0435\u043c\u043b" })"},
    {"object_with_newlines", "{\n\"a\": \"b\"\n}"},
    {"string_1_2_3_bytes_UTF-8_sequences", R"(["\u0060\u012a\u12AB"])"},
    {"string_accepted_surrogate_pair", R"(["\uD801\udc37"])"},
    {"string_accepted_surrogate_pairs", R"(["\ud83d\ude39\ud83d\udc8d"])"},
    {"string_allowed_escapes", R"(["\"\\\/\b\f\n\r\t"])"},
    {"string_backslash_and_u_escaped_zero", R"(["\\u0000"])"},
    {"string_backslash_doublequotes", R"(["\""])"},
    {"string_comments", R"(["a/*b*/c/*d//e"])"},
    {"string_double_escape_a", R"(["\\a"])"},
    {"string_double_escape_n", R"(["\\n"])"},
    {"string_escaped_control_character", R"(["\u0012"])"},
    {"string_escaped_noncharacter", R"(["\uFFFF"])"},
    {"string_in_array", R"(["asd"])"},
    {"string_in_array_with_leading_space", R"([ "asd"])"},
    {"string_last_surrogates_1_and_2", R"(["\uDBFF\uDFFF"])"},
    {"string_nbsp_uescaped", R"(["new\u00A0line"])"},
    {"string_nonCharacterInUTF-8_U+10FFFF", "[\"\U0010FFFF\"]"},
    {"string_nonCharacterInUTF-8_U+FFFF", "[\"\uFFFF\"]"},
    {"string_one-byte-utf-8", R"(["\u002c"])"},
    {"string_pi", "[\"\u03C0\"]"},
    {"string_reservedCharacterInUTF-8_U+1BFFF", "[\"\U0001BFFF\"]"},
    {"string_simple_ascii", R"(["asd "])"},
    {"string_space", R"(" ")"},
    {"string_surrogates_U+1D11E_MUSICAL_SYMBOL_G_CLEF", R"(["\uD834\uDd1e"])"},
    {"string_three-byte-utf-8", R"(["\u0821"])"},
    {"string_two-byte-utf-8", R"(["\u0123"])"},
    {"string_u+2028_line_sep", "[\"\u2028\"]"},
    {"string_u+2029_par_sep", "[\"\u2029\"]"},
    {"string_uEscape", R"(["\u0061\u30af\u30EA\u30b9"])"},
    {"string_uescaped_newline", R"(["new\u000Aline"])"},
    {"string_unescaped_char_delete", "[\"\x7F\"]"},
    {"string_unicode", R"(["\uA66D"])"},
    {"string_unicodeEscapedBackslash", R"(["\u005C"])"},
    {"string_unicode_2", "[\"\u2342\u3234\u2342\"]"},
    {"string_unicode_U+10FFFE_nonchar", R"(["\uDBFF\uDFFE"])"},
    {"string_unicode_U+1FFFE_nonchar", R"(["\uD83F\uDFFE"])"},
    {"string_unicode_U+200B_ZERO_WIDTH_SPACE", R"(["\u200B"])"},
    {"string_unicode_U+2064_invisible_plus", R"(["\u2064"])"},
    {"string_unicode_U+FDD0_nonchar", R"(["\uFDD0"])"},
    {"string_unicode_U+FFFE_nonchar", R"(["\uFFFE"])"},
    {"string_unicode_escaped_double_quote", R"(["\u0022"])"},
    {"string_utf8", "[\"\u20AC\U0001D11E\"]"},
    {"string_with_del_character",
     "[\"a\x7F"
     "a\"]"},
    {"structure_lonely_false", "false"},
    {"structure_lonely_int", "42"},
    {"structure_lonely_negative_real", "-0.1"},
    {"structure_lonely_null", "null"},
    {"structure_lonely_string", R"("asd")"},
    {"structure_lonely_true", "true"},
    {"structure_string_empty", R"("")"},
    {"structure_trailing_newline", "[\"a\"]\n"},
    {"structure_true_in_array", "[true]"},
    {"structure_whitespace_array", " [] "},
};

// Well-formed, and refused all the same: two readers could see two different objects, and C strings end at a NUL.
const JsonCase refused_by_policy[] = {
    {"object_duplicated_key", R"({"a":"b","a":"c"})"},
    {"object_duplicated_key_and_value", R"({"a":"b","a":"b"})"},
    {"object_escaped_null_in_key", R"({"foo\u0000bar": 42})"},
    {"string_null_escape", R"(["\u0000"])"},
};

const JsonCase free_and_accepted[] = {
    {"number_double_huge_neg_exp", "[123.456e-789]"},
    {"number_real_underflow", "[123e-10000000]"},
    {"number_too_big_neg_int", "[-123123123123123123123123123123]"},
    {"number_too_big_pos_int", "[100000000000000000000]"},
    {"number_very_big_negative_int", "[-237462374673276894279832749832423479823246327846]"},
};

const JsonCase free_and_refused[] = {
    {"number_huge_exp",
     "[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999999999"
     "999999999999999999999999999999999999999999999969999999006]"},
    {"number_neg_int_huge_exp", "[-1e+9999]"},
    {"number_pos_double_huge_exp", "[1.5e+9999]"},
    {"number_real_neg_overflow", "[-123123e100000]"},
    {"number_real_pos_overflow", "[123123e100000]"},
    {"object_key_lone_2nd_surrogate", R"({"\uDFAA":0})"},
    {"string_1st_surrogate_but_2nd_missing", R"(["\uDADA"])"},
    {"string_1st_valid_surrogate_2nd_invalid", R"(["\uD888\u1234"])"},
    {"string_incomplete_surrogate_and_escape_valid", R"(["\uD800\n"])"},
    {"string_incomplete_surrogate_pair", R"(["\uDd1ea"])"},
    {"string_incomplete_surrogates_escape_valid", R"(["\uD800\uD800\n"])"},
    {"string_invalid_lonely_surrogate", R"(["\ud800"])"},
    {"string_invalid_surrogate", R"(["\ud800abc"])"},
    {"string_invalid_utf-8", "[\"\xFF\"]"},
    {"string_inverted_surrogates_U+1D11E", R"(["\uDd1e\uD834"])"},
    {"string_iso_latin_1", "[\"\xE9\"]"},
    {"string_lone_second_surrogate", R"(["\uDFAA"])"},
    {"string_lone_utf8_continuation_byte", "[\"\x81\"]"},
    {"string_not_in_unicode_range", "[\"\xF4\xBF\xBF\xBF\"]"},
    {"string_overlong_sequence_2_bytes", "[\"\xC0\xAF\"]"},
    {"string_overlong_sequence_6_bytes", "[\"\xFC\x83\xBF\xBF\xBF\xBF\"]"},
    {"string_overlong_sequence_6_bytes_null", "[\"\xFC\x80\x80\x80\x80\x80\"]"},
    {"string_truncated-utf-8", "[\"\xE0\xFF\"]"},
    {"string_utf16BE_no_BOM", "\0[\0\"\0\xE9\0\"\0]"sv},
    {"string_utf16LE_no_BOM", "[\0\"\0\xE9\0\"\0]\0"sv},
    {"string_UTF-16LE_with_BOM", "\xFF\xFE[\0\"\0\xE9\0\"\0]\0"sv},
    {"string_UTF-8_invalid_sequence", "[\"\u65E5\u0448\xFA\"]"},
    {"string_UTF8_surrogate_U+D800", "[\"\xED\xA0\x80\"]"},
    {"structure_UTF-8_BOM_empty_object", "\xEF\xBB\xBF{}"},
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

void check_refused(std::string_view name, std::string_view text) {
  INFO(name);
  const auto result = parse(text);
  REQUIRE(result.has_error());
  const galley::Error& error = result.error();
  CHECK(error.code == galley::ErrorCode::invalid_json);
  REQUIRE(error.details.size() == 2);
  CHECK(error.details[0].name == "offset");
  const auto offset = get<std::int64_t>(error.details[0].value);
  CHECK(offset >= 0);
  CHECK(offset <= static_cast<std::int64_t>(text.size()));
  CHECK(error.details[1].name == "reason");
  CHECK_FALSE(get<std::string>(error.details[1].value).empty());
}

}  // namespace

TEST_CASE("json suite: what must be accepted is accepted, and survives being written and read again", "[base][json]") {
  STATIC_REQUIRE(std::size(accepted) + std::size(refused_by_policy) == 95);
  for (const JsonCase& item : accepted) {
    INFO(item.name);
    const auto result = parse(item.text);
    REQUIRE(result.has_value());
    const auto again = parse(galley::json::to_text(*result));
    REQUIRE(again.has_value());
    CHECK(*again == *result);
  }
}

TEST_CASE("json suite: repeated names and NUL are refused, though well-formed", "[base][json]") {
  for (const JsonCase& item : refused_by_policy)
    check_refused(item.name, item.text);
}

TEST_CASE("json suite: what must be refused is refused with offset and reason", "[base][json]") {
  STATIC_REQUIRE(std::size(galley::test::refused_json) + 2 == 188);
  for (const JsonCase& item : galley::test::refused_json)
    check_refused(item.name, item.text);
  check_refused("structure_100000_opening_arrays", std::string(100000, '['));
  check_refused("structure_open_array_object", repeated("[{\"\":", 50000) + "\n");
}

TEST_CASE("json suite: what the specification leaves free stays as we decided", "[base][json]") {
  STATIC_REQUIRE(std::size(free_and_accepted) + std::size(free_and_refused) + 1 == 35);
  for (const JsonCase& item : free_and_accepted) {
    INFO(item.name);
    CHECK(parse(item.text).has_value());
  }
  for (const JsonCase& item : free_and_refused)
    check_refused(item.name, item.text);
  check_refused("structure_500_nested_arrays", std::string(500, '[') + std::string(500, ']'));
}
