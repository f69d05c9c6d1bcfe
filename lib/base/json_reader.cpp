#include "base/json.hpp"

#include <stdexcept>

// RapidJSON's own assertion would abort; a request must never end the process, so a broken one is thrown instead.
#define RAPIDJSON_ASSERT(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : throw std::logic_error("RapidJSON: " #condition))
// RapidJSON's empty stack adds to a null pointer before it first allocates: harmless, but UBSan would stop there.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <new>
#include <optional>
#include <system_error>

#include "base/encoding.hpp"

namespace galley::json {
namespace {

// RapidJSON counts in 32 bits; bodies end far below this.
constexpr std::size_t max_text = std::size_t{1} << 30;
// Up to here comparing each name with each other is faster than sorting.
constexpr std::size_t few_members = 12;

// RapidJSON's own allocator passes a null pointer on, and the stack that strings are collected on writes there.
struct ThrowingAllocator {
  [[maybe_unused]] static constexpr bool kNeedFree = true;

  void* Malloc(std::size_t size) { return Realloc(nullptr, 0, size); }
  void* Realloc(void* block, std::size_t, std::size_t size) {
    if (size == 0) {
      std::free(block);
      return nullptr;
    }
    void* grown = std::realloc(block, size);
    if (grown == nullptr) throw std::bad_alloc();  // block is the caller's still
    return grown;
  }
  static void Free(void* block) { std::free(block); }
};

constexpr auto too_big = "a number is beyond the range of a double";

bool has_fraction_or_exponent(std::string_view number) {
  return number.find_first_of(".eE") != std::string_view::npos;
}

// Whether a number that std::from_chars finds out of range is so by being too small: where its first digit that is not
// 0 stands, and the exponent, decide. The value is 0 then, as in JavaScript.
bool is_tiny(std::string_view number) {
  const std::size_t mantissa_end = std::min(number.find_first_of("eE"), number.size());
  const std::string_view mantissa = number.substr(0, mantissa_end);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const auto place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  std::int64_t exponent = 0;
  if (mantissa_end < number.size()) {
    std::string_view digits = number.substr(mantissa_end + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (read.ec == std::errc::result_out_of_range) return digits.starts_with('-');
  }
  return exponent < -place;
}

std::optional<Value> to_number(std::string_view number) {
  const char* const end = number.data() + number.size();
  if (!has_fraction_or_exponent(number)) {
    std::int64_t whole = 0;
    const auto read = std::from_chars(number.data(), end, whole);
    if (read.ec == std::errc() && whole >= -max_safe_integer && whole <= max_safe_integer) return Value(whole);
  }
  double real = 0;
  const auto read = std::from_chars(number.data(), end, real);
  if (read.ec == std::errc::result_out_of_range) {
    if (!is_tiny(number)) return std::nullopt;
    real = 0;
  }
  if (real == std::trunc(real) && std::abs(real) <= static_cast<double>(max_safe_integer)) {
    return Value(static_cast<std::int64_t>(real));
  }
  return Value(real);
}

// A name that is used twice. Sorting keeps an object of a million members from costing a million squared.
std::optional<std::string_view> repeated_name(const Object& members) {
  if (members.size() <= few_members) {
    for (auto a = members.begin(); a != members.end(); ++a) {
      for (auto b = members.begin(); b != a; ++b) {
        if (a->first == b->first) return a->first;
      }
    }
    return std::nullopt;
  }
  std::vector<std::string_view> names;
  names.reserve(members.size());
  for (const Member& member : members)
    names.emplace_back(member.first);
  std::sort(names.begin(), names.end());
  const auto found = std::adjacent_find(names.begin(), names.end());
  if (found == names.end()) return std::nullopt;
  return *found;
}

// Receives RapidJSON's events and builds the value. false stops the reader; reason() then says why.
class Builder {
 public:
  // has_escapes: text of the document may decode to what the bytes themselves, checked before, are not.
  explicit Builder(bool has_escapes) : has_escapes_(has_escapes) { open_.reserve(max_depth); }

  bool Null() { return put(Value()); }
  bool Bool(bool value) { return put(Value(value)); }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    auto number = to_number({text, length});
    if (!number) return refuse(too_big);
    return put(*std::move(number));
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view string(text, length);
    return check_text(string) && put(Value(string));
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    open_.back().name.assign(text, length);
    return check_text(open_.back().name);
  }
  bool StartObject() { return start(Value(Object())); }
  bool StartArray() { return start(Value(Array())); }
  bool EndObject(rapidjson::SizeType) {
    if (const auto name = repeated_name(*open_.back().value.object())) {
      return refuse("the name \"" + std::string(first_code_points(*name, 64)) + "\" is used twice in one object");
    }
    return end();
  }
  bool EndArray(rapidjson::SizeType) { return end(); }
  // Numbers arrive as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  const std::string& reason() const { return reason_; }
  Value take() { return std::move(root_); }

 private:
  struct Open {
    Value value;
    std::string name{};  // of the member whose value comes next
  };

  bool refuse(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  bool check_text(std::string_view text) {
    if (!has_escapes_) return true;
    if (text.find('\0') != std::string_view::npos) return refuse("U+0000 is not allowed in text");
    // RapidJSON encodes a lone low surrogate as if it were a character.
    if (!is_utf8(text)) return refuse("a surrogate escape stands alone");
    return true;
  }

  bool start(Value value) {
    if (open_.size() == max_depth) {
      return refuse("arrays and objects nest deeper than " + std::to_string(max_depth) + " levels");
    }
    open_.push_back({.value = std::move(value)});
    return true;
  }

  bool end() {
    Value value = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(value));
  }

  bool put(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Array* const array = open_.back().value.array()) {
      array->push_back(std::move(value));
    } else {
      open_.back().value.object()->emplace_back(std::move(open_.back().name), std::move(value));
    }
    return true;
  }

  bool has_escapes_;
  std::vector<Open> open_;
  Value root_;
  std::string reason_;
};

std::string_view reason_for(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "the text is empty";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "text follows the value";
    case rapidjson::kParseErrorValueInvalid:
      return "a value is expected";
    case rapidjson::kParseErrorObjectMissName:
      return "a member's name in double quotes is expected";
    case rapidjson::kParseErrorObjectMissColon:
      return "a colon is expected after a member's name";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "a comma or } is expected after a member";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "a comma or ] is expected after an element";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "four hexadecimal digits are expected after \\u";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "a surrogate escape stands alone";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "text has an unknown escape or a raw control character";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "a closing double quote is missing";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "the text is not valid UTF-8";
    case rapidjson::kParseErrorNumberTooBig:
      return too_big;
    case rapidjson::kParseErrorNumberMissFraction:
      return "a digit is expected after the decimal point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "a digit is expected in the exponent";
    case rapidjson::kParseErrorNone:
    case rapidjson::kParseErrorTermination:
    case rapidjson::kParseErrorUnspecificSyntaxError:
      break;
  }
  return "the text is malformed";
}

Error refusal(std::size_t offset, std::string reason) {
  return {.code = ErrorCode::invalid_json,
          .message = "The text is not valid JSON: " + reason + ".",
          .details = {{"offset", static_cast<std::int64_t>(offset)}, {"reason", std::move(reason)}}};
}

std::size_t utf8_error_offset(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Utf8Sequence sequence = first_utf8_sequence(text.substr(at));
    if (!sequence.well_formed) break;
    at += sequence.length;
  }
  return at;
}

}  // namespace

Result<Value> parse(std::string_view text) {
  if (text.size() > max_text) return refusal(max_text, "the text is longer than 1 GiB");
  if (text.starts_with("\xEF\xBB\xBF")) return refusal(0, "a byte order mark is not allowed");
  // Checked here because RapidJSON takes a NUL for the end of the text and would not see what follows it.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) return refusal(nul, "U+0000 is not allowed");
  if (!is_utf8(text)) return refusal(utf8_error_offset(text), "the text is not valid UTF-8");

  // Iterative, as the recursive parser would let a text of brackets eat the stack; numbers as text, as RapidJSON 1.1.0
  // reads beyond its tables on exponents like e-2147483636.
  constexpr unsigned flags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
  Builder builder(text.find('\\') != std::string_view::npos);
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, ThrowingAllocator> reader;
  const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
  if (!result.IsError()) return builder.take();
  if (!builder.reason().empty()) return refusal(result.Offset(), builder.reason());
  return refusal(result.Offset(), std::string(reason_for(result.Code())));
}

}  // namespace galley::json
