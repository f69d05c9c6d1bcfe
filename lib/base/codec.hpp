// How the types that a Shape's members may have are read from JSON, written and described. See shape.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/decoding.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"

namespace galley {

// How one type is read, written and described. decode() leaves the target alone when it fails. This one is for a struct
// with a Shape; shape.hpp defines its members.
template <class T>
struct Codec {
  static Schema schema();
  static void decode(const json::Value& value, T& target, const Rules& rules, Decoding& decoding);
  static void encode(const T& value, json::Writer& writer);
};

namespace detail {

void decode_text(const json::Value& value, std::string& target, const Rules& rules, Decoding& decoding);
// False after a failure was noted.
bool decode_integer(const json::Value& value, std::int64_t& target, const Rules& rules, Decoding& decoding,
                    std::int64_t lowest, std::int64_t highest);
void decode_double(const json::Value& value, double& target, const Rules& rules, Decoding& decoding);
void decode_time(const json::Value& value, Time& target, Decoding& decoding);
// nullptr after a failure was noted.
const std::string* expect_text(const json::Value& value, Decoding& decoding);
const json::Array* expect_list(const json::Value& value, const Rules& rules, Decoding& decoding);
const json::Object* expect_object(const json::Value& value, Decoding& decoding);
void check_count(std::size_t count, std::string_view noun, const Rules& rules, Decoding& decoding);
void decode_pairs(const json::Value& value, std::vector<std::pair<std::string, std::string>>& target,
                  const Rules& rules, Decoding& decoding);
// RFC 7396 §2.
void merge(const json::Value& patch, json::Value& target);
std::string one_of(std::span<const std::string_view> names);

}  // namespace detail

template <>
struct Codec<std::string> {
  static Schema schema() { return {.kind = Schema::Kind::text}; }
  static void decode(const json::Value& value, std::string& target, const Rules& rules, Decoding& decoding) {
    detail::decode_text(value, target, rules, decoding);
  }
  static void encode(const std::string& value, json::Writer& writer) { writer.value(std::string_view(value)); }
};

template <>
struct Codec<Secret> {
  static Schema schema() { return {.kind = Schema::Kind::text, .secret = true, .format = "password"}; }
  static void decode(const json::Value& value, Secret& target, const Rules& rules, Decoding& decoding) {
    std::string text;
    const std::size_t before = decoding.failures();
    detail::decode_text(value, text, rules, decoding);
    if (decoding.failures() == before) target = Secret(std::move(text));
  }
  static void encode(const Secret&, json::Writer& writer) { writer.null(); }
};

template <>
struct Codec<bool> {
  static Schema schema() { return {.kind = Schema::Kind::boolean}; }
  static void decode(const json::Value& value, bool& target, const Rules&, Decoding& decoding) {
    if (value.boolean() == nullptr) return decoding.fail("must be true or false");
    target = *value.boolean();
  }
  static void encode(bool value, json::Writer& writer) { writer.value(value); }
};

template <class T>
  requires(std::integral<T> && !std::same_as<T, bool>)
struct Codec<T> {
  static Schema schema() { return {.kind = Schema::Kind::integer}; }
  static void decode(const json::Value& value, T& target, const Rules& rules, Decoding& decoding) {
    constexpr T highest = std::numeric_limits<T>::max();
    constexpr std::int64_t bound = std::in_range<std::int64_t>(highest) ? static_cast<std::int64_t>(highest)
                                                                        : std::numeric_limits<std::int64_t>::max();
    std::int64_t number = 0;
    if (detail::decode_integer(value, number, rules, decoding, std::numeric_limits<T>::min(), bound))
      target = static_cast<T>(number);
  }
  static void encode(T value, json::Writer& writer) { writer.value(static_cast<std::int64_t>(value)); }
};

template <>
struct Codec<double> {
  static Schema schema() { return {.kind = Schema::Kind::number}; }
  static void decode(const json::Value& value, double& target, const Rules& rules, Decoding& decoding) {
    detail::decode_double(value, target, rules, decoding);
  }
  static void encode(double value, json::Writer& writer) { writer.value(value); }
};

template <>
struct Codec<Time> {
  static Schema schema() { return {.kind = Schema::Kind::text, .format = "date-time"}; }
  static void decode(const json::Value& value, Time& target, const Rules&, Decoding& decoding) {
    detail::decode_time(value, target, decoding);
  }
  static void encode(const Time& value, json::Writer& writer) { writer.value(to_rfc3339(value)); }
};

template <class Tag>
struct Codec<Id<Tag>> {
  static Schema schema() { return {.kind = Schema::Kind::text, .id_prefix = Tag::prefix}; }
  static void decode(const json::Value& value, Id<Tag>& target, const Rules&, Decoding& decoding) {
    const std::string* text = detail::expect_text(value, decoding);
    if (text == nullptr) return;
    auto id = Id<Tag>::parse(*text);
    if (!id)
      return decoding.fail("must be the id of a " + std::string(Tag::noun) + " (" + std::string(Tag::prefix) + "_…)");
    target = *std::move(id);
  }
  static void encode(const Id<Tag>& value, json::Writer& writer) { writer.value(value.text()); }
};

template <class E>
  requires std::is_enum_v<E>
struct Codec<E> {
  static std::vector<std::string_view> names() {
    std::vector<std::string_view> names;
    for (const NameOf<E>& name : Names<E>::all)
      names.push_back(name.text);
    return names;
  }
  static Schema schema() { return {.kind = Schema::Kind::text, .names = names()}; }
  static void decode(const json::Value& value, E& target, const Rules&, Decoding& decoding) {
    const std::string* text = detail::expect_text(value, decoding);
    if (text == nullptr) return;
    const std::optional<E> found = from_text<E>(*text);
    if (!found) return decoding.fail(detail::one_of(names()));
    target = *found;
  }
  static void encode(E value, json::Writer& writer) { writer.value(to_text(value)); }
};

template <>
struct Codec<json::Value> {
  static Schema schema() { return {.kind = Schema::Kind::any}; }
  static void decode(const json::Value& value, json::Value& target, const Rules&, Decoding& decoding) {
    if (decoding.patching())
      detail::merge(value, target);
    else
      target = value;
  }
  static void encode(const json::Value& value, json::Writer& writer) { writer.value(value); }
};

template <class T>
struct Codec<std::optional<T>> {
  static Schema schema() {
    Schema schema = Codec<T>::schema();
    schema.nullable = true;
    return schema;
  }
  static void decode(const json::Value& value, std::optional<T>& target, const Rules& rules, Decoding& decoding) {
    if (value.is_null()) return target.reset();
    std::optional<Decoding::Whole> whole;
    if (!target && decoding.target_is_known()) whole.emplace(decoding);
    T inner = target ? *target : T{};
    const std::size_t before = decoding.failures();
    Codec<T>::decode(value, inner, rules, decoding);
    if (decoding.failures() == before) target = std::move(inner);
  }
  static void encode(const std::optional<T>& value, json::Writer& writer) {
    if (value)
      Codec<T>::encode(*value, writer);
    else
      writer.null();
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static Schema schema() { return {.kind = Schema::Kind::list, .items = std::make_shared<Schema>(Codec<T>::schema())}; }
  static void decode(const json::Value& value, std::vector<T>& target, const Rules& rules, Decoding& decoding) {
    const json::Array* list = detail::expect_list(value, rules, decoding);
    if (list == nullptr) return;
    const Decoding::Whole whole(decoding);
    const std::size_t before = decoding.failures();
    std::vector<T> fresh;
    fresh.reserve(list->size());
    for (std::size_t i = 0; i < list->size(); ++i) {
      const Decoding::Step step(decoding, std::to_string(i));
      T element{};
      Codec<T>::decode((*list)[i], element, {.one_line = rules.one_line}, decoding);
      fresh.push_back(std::move(element));
    }
    if (decoding.failures() == before) target = std::move(fresh);
  }
  static void encode(const std::vector<T>& values, json::Writer& writer) {
    writer.begin_array();
    for (const T& value : values)
      Codec<T>::encode(value, writer);
    writer.end_array();
  }
};

// An object of texts that keeps its order, as header fields do. Its names are unique.
template <>
struct Codec<std::vector<std::pair<std::string, std::string>>> {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  static Schema schema() {
    return {.kind = Schema::Kind::map, .items = std::make_shared<Schema>(Codec<std::string>::schema())};
  }
  static void decode(const json::Value& value, Pairs& target, const Rules& rules, Decoding& decoding) {
    detail::decode_pairs(value, target, rules, decoding);
  }
  static void encode(const Pairs& values, json::Writer& writer) {
    writer.begin_object();
    for (const auto& [name, text] : values)
      writer.member(name, text);
    writer.end_object();
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static Schema schema() { return {.kind = Schema::Kind::map, .items = std::make_shared<Schema>(Codec<T>::schema())}; }
  static void decode(const json::Value& value, std::map<std::string, T>& target, const Rules& rules,
                     Decoding& decoding) {
    const json::Object* object = detail::expect_object(value, decoding);
    if (object == nullptr) return;
    const std::size_t before = decoding.failures();
    std::map<std::string, T> fresh;
    if (decoding.patching()) fresh = target;
    for (const json::Member& member : *object) {
      const Decoding::Step step(decoding, member.first);
      if (decoding.patching() && member.second.is_null())
        fresh.erase(member.first);
      else
        Codec<T>::decode(member.second, fresh[member.first], {.one_line = rules.one_line}, decoding);
    }
    detail::check_count(fresh.size(), "member", rules, decoding);
    if (decoding.failures() == before) target = std::move(fresh);
  }
  static void encode(const std::map<std::string, T>& values, json::Writer& writer) {
    writer.begin_object();
    for (const auto& [name, value] : values) {
      writer.key(name);
      Codec<T>::encode(value, writer);
    }
    writer.end_object();
  }
};

}  // namespace galley
