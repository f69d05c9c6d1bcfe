// JSON in and out. All untrusted JSON goes through parse(); output is appended to a buffer by Writer, never built as a
// tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/variant.hpp"

namespace galley::json {

// Arrays and objects nest at most this deep.
inline constexpr std::size_t max_depth = 64;
// 2^53 − 1: beyond it a JavaScript reader would see another number.
inline constexpr std::int64_t max_safe_integer = 9007199254740991;

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
// In the order of the text; names are unique.
using Object = std::vector<Member>;
struct Null {
  bool operator==(const Null&) const = default;
};

// A parsed document. Numbers that are whole and within ±(2^53−1) (so 1, 1.0 and 1e2) are integers, all others doubles.
class Value {
 public:
  Value() = default;
  Value(Null) {}
  explicit Value(bool value) : value_(value) {}
  explicit Value(std::int64_t value) : value_(value) {}
  explicit Value(int value) : value_(std::int64_t{value}) {}
  explicit Value(double value) : value_(value) {}
  explicit Value(std::string value) : value_(std::move(value)) {}
  explicit Value(std::string_view value) : value_(std::string(value)) {}
  explicit Value(const char* value) : value_(std::string(value)) {}  // or a literal would become a bool
  explicit Value(Array value) : value_(std::move(value)) {}
  explicit Value(Object value) : value_(std::move(value)) {}

  bool is_null() const { return holds_alternative<Null>(value_); }
  const bool* boolean() const { return get_if<bool>(&value_); }
  const std::int64_t* integer() const { return get_if<std::int64_t>(&value_); }
  // Of a number that is not an integer; see number().
  const double* real() const { return get_if<double>(&value_); }
  const std::string* text() const { return get_if<std::string>(&value_); }
  const Array* array() const { return get_if<Array>(&value_); }
  const Object* object() const { return get_if<Object>(&value_); }
  Array* array() { return get_if<Array>(&value_); }
  Object* object() { return get_if<Object>(&value_); }
  // Any number, integer or not.
  bool is_number() const { return integer() != nullptr || real() != nullptr; }
  double number() const { return integer() != nullptr ? static_cast<double>(*integer()) : *real(); }

  // The member of an object, or null where this is no object or has no such member.
  const Value* find(std::string_view name) const;
  // What is at the end of a path of members; null where it leads nowhere.
  const Value* at(std::initializer_list<std::string_view> path) const;
  // The same for a text and for an integer: empty, and 0, where it leads to none.
  std::string text_at(std::initializer_list<std::string_view> path) const;
  std::int64_t integer_at(std::initializer_list<std::string_view> path) const;
  // "a string", "a number", "a boolean", "an object", "an array", "null": for messages.
  std::string_view kind() const;

  bool operator==(const Value&) const = default;

 private:
  Variant<Null, bool, std::int64_t, double, std::string, Array, Object> value_;
};

// RFC 8259, one document, UTF-8 without a byte order mark. Refused, as invalid_json with details offset and reason:
// malformed text, depth beyond max_depth, a name used twice in one object, U+0000, lone surrogates, invalid UTF-8,
// numbers beyond the range of a double (one too small becomes 0; 0e400 counts as beyond it), a text that is empty or of
// more than 1 GiB. Never recurses on the machine's stack.
Result<Value> parse(std::string_view text);

// Appends compact JSON to a buffer, in the very bytes that JavaScript's JSON.stringify gives: no spaces, "/" not
// escaped, non-ASCII as UTF-8, the short escapes and lower-case \u00xx, numbers as ECMAScript prints them (1e21, 0, 1).
// Text must be UTF-8; invalid sequences become U+FFFD, so that what leaves is always valid.
class Writer {
 public:
  // out outlives this; what is in it stays.
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  // text is a name as it stands in JSON, its quotes and the colon behind it included.
  Writer& raw_key(std::string_view text);
  Writer& null();
  Writer& value(bool value);
  Writer& value(std::int64_t value);
  Writer& value(int value) { return this->value(static_cast<std::int64_t>(value)); }
  Writer& value(std::size_t value) { return this->value(static_cast<std::int64_t>(value)); }
  Writer& value(double value);  // not finite: null
  Writer& value(std::string_view value);
  Writer& value(const std::string& value) { return this->value(std::string_view(value)); }
  Writer& value(const char* value) { return this->value(std::string_view(value)); }
  Writer& value(const Value& value);
  // text is compact JSON already.
  Writer& raw(std::string_view text);

  template <class T>
  Writer& member(std::string_view name, const T& value) {
    key(name);
    return this->value(value);
  }

  std::string& out() { return out_; }

 private:
  void separate();
  std::string& out_;
  bool first_ = true;  // nothing written yet in the innermost object or array
  bool after_key_ = false;
};

std::string to_text(const Value& value);

}  // namespace galley::json
