#include "base/json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/encoding.hpp"

namespace galley::json {
namespace {

template <class... Parts>
struct Overloaded : Parts... {
  using Parts::operator()...;
};

constexpr bool is_plain(unsigned char byte) {
  return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

constexpr std::array<bool, 256> make_plain_table() {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = is_plain(static_cast<unsigned char>(i));
  return table;
}

constexpr std::array<bool, 256> plain = make_plain_table();

// Whether all eight bytes are plain: the four tests set the top bit of a byte that is not. A borrow can only reach a
// byte above one that is special itself, so the answer for all eight is exact.
bool are_plain(std::uint64_t bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t tops = ones * 0x80;
  const std::uint64_t quote = bytes ^ ones * '"';
  const std::uint64_t backslash = bytes ^ ones * '\\';
  return ((bytes | (bytes - ones * 0x20) | (quote - ones) | (backslash - ones)) & tops) == 0;
}

std::size_t plain_prefix(std::string_view text) {
  std::size_t i = 0;
  for (; text.size() - i >= 8; i += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + i, sizeof bytes);
    if (!are_plain(bytes)) break;
  }
  while (i < text.size() && plain[static_cast<unsigned char>(text[i])])
    ++i;
  return i;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run = 0;  // where the text begins that leaves as it is and is not yet appended
  std::size_t at = 0;
  const auto append_run = [&] { out.append(text.data() + run, at - run); };
  for (;;) {
    at += plain_prefix(text.substr(at));
    if (at == text.size()) break;
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_run();
      append_escape(out, text[at]);
      run = ++at;
      continue;
    }
    const Utf8Sequence sequence = first_utf8_sequence(text.substr(at));
    if (!sequence.well_formed) {
      append_run();
      out += "\xEF\xBF\xBD";
      run = at + sequence.length;
    }
    at += sequence.length;
  }
  append_run();
  out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

// ECMA-262 §6.1.6.1.20 Number::toString, for radix 10: the shortest digits that read back as the value, which
// std::to_chars gives too, but in a layout of its own.
void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (value == std::trunc(value) && std::abs(value) <= static_cast<double>(max_safe_integer)) {
    append_integer(out, static_cast<std::int64_t>(value));  // −0 becomes 0 here
    return;
  }
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  if (text.starts_with('-')) {
    out += '-';
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  int exponent = 0;
  const std::size_t exponent_at = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + exponent_at, text.data() + text.size(), exponent);
  std::string digits(text.substr(0, 1));  // at most 17: no allocation or one
  if (e > 2) digits += text.substr(2, e - 2);

  const int count = static_cast<int>(digits.size());  // k of the specification
  const int point = exponent + 1;                     // its n
  const auto zeros = [](int number) { return static_cast<std::size_t>(number); };
  if (count <= point && point <= 21) {
    out += digits;
    out.append(zeros(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(digits, 0, zeros(point));
    out += '.';
    out.append(digits, zeros(point));
  } else if (-6 < point && point <= 0) {
    out += "0.";
    out.append(zeros(-point), '0');
    out += digits;
  } else {
    out += digits[0];
    if (count > 1) {
      out += '.';
      out.append(digits, 1);
    }
    out += exponent < 0 ? "e-" : "e+";
    append_integer(out, std::abs(exponent));
  }
}

}  // namespace

const Value* Value::find(std::string_view name) const {
  const Object* const members = object();
  if (members == nullptr) return nullptr;
  for (const Member& member : *members) {
    if (member.first == name) return &member.second;
  }
  return nullptr;
}

const Value* Value::at(std::initializer_list<std::string_view> path) const {
  const Value* value = this;
  for (const std::string_view name : path)
    if (value != nullptr) value = value->find(name);
  return value;
}

std::string Value::text_at(std::initializer_list<std::string_view> path) const {
  const Value* value = at(path);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

std::int64_t Value::integer_at(std::initializer_list<std::string_view> path) const {
  const Value* value = at(path);
  return value != nullptr && value->integer() != nullptr ? *value->integer() : 0;
}

std::string_view Value::kind() const {
  return visit(
      Overloaded{[](Null) { return "null"; }, [](bool) { return "a boolean"; }, [](std::int64_t) { return "a number"; },
                 [](double) { return "a number"; }, [](const std::string&) { return "a string"; },
                 [](const Array&) { return "an array"; }, [](const Object&) { return "an object"; }},
      value_);
}

void Writer::separate() {
  if (after_key_) {
    after_key_ = false;
  } else if (!first_) {
    out_ += ',';
  }
  first_ = false;
}

Writer& Writer::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
  return *this;
}

Writer& Writer::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}

Writer& Writer::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
  return *this;
}

Writer& Writer::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_text(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

Writer& Writer::raw_key(std::string_view text) {
  separate();
  out_ += text;
  after_key_ = true;
  return *this;
}

Writer& Writer::null() {
  return raw("null");
}

Writer& Writer::value(bool value) {
  return raw(value ? "true" : "false");
}

Writer& Writer::value(std::int64_t value) {
  separate();
  append_integer(out_, value);
  return *this;
}

Writer& Writer::value(double value) {
  separate();
  append_number(out_, value);
  return *this;
}

Writer& Writer::value(std::string_view value) {
  separate();
  append_text(out_, value);
  return *this;
}

Writer& Writer::value(const Value& value) {
  if (const bool* const boolean = value.boolean()) return this->value(*boolean);
  if (const std::int64_t* const integer = value.integer()) return this->value(*integer);
  if (const double* const real = value.real()) return this->value(*real);
  if (const std::string* const text = value.text()) return this->value(*text);
  if (const Array* const elements = value.array()) {
    begin_array();
    for (const Value& element : *elements)
      this->value(element);
    return end_array();
  }
  if (const Object* const members = value.object()) {
    begin_object();
    for (const Member& member : *members)
      key(member.first).value(member.second);
    return end_object();
  }
  return null();
}

Writer& Writer::raw(std::string_view text) {
  separate();
  out_ += text;
  return *this;
}

std::string to_text(const Value& value) {
  std::string out;
  Writer(out).value(value);
  return out;
}

}  // namespace galley::json
