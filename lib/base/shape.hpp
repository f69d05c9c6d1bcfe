// Shapes: one description of a struct serves decoding with an error for every bad field, merge patches, encoding and
// the OpenAPI schema. It stands beside the struct:
//
//   struct KeywordFields { std::string keyword; std::optional<std::int64_t> volume; };
//   template <> const Shape& shape_of<KeywordFields>();                       // in the header
//   template <> const Shape& shape_of<KeywordFields>() {                      // in the source
//     static const Shape shape = ShapeOf<KeywordFields>("KeywordFields", "A keyword as it is written.")
//         .field("keyword", &KeywordFields::keyword, {.required = true, .min = 1, .max = 200, .about = "…"})
//         .field("volume", &KeywordFields::volume, {.min = 0});
//     return shape;
//   }
//
// Members may be texts, whole numbers, doubles, booleans, Time, ids, enumerations with Names, json::Value, structs with a
// Shape, and std::optional, std::vector or std::map<std::string, …> of these.
#pragma once

#include <concepts>
#include <cstdint>
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
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/names.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace galley {

class Shape;
template <class T>
const Shape& shape_of();

// What holds for a field beyond its type. Texts are constants.
struct Rules {
  bool required = false;      // must be there when something is made; never null
  bool read_only = false;     // ignored when it is sent
  bool omit_absent = false;   // left out of answers where it is nothing, rather than null
  bool one_line = false;      // text: white space folded, control characters dropped
  std::optional<double> min{};  // a text's length in code points, a number's value, a list's count
  std::optional<double> max{};
  std::string_view format{};   // OpenAPI's, where the type does not tell: "uri", "email"
  std::string_view about{};    // one sentence
  std::string_view example{};  // JSON text
};

// What a type looks like in JSON.
struct Schema {
  enum class Kind : std::uint8_t { text, integer, number, boolean, list, map, object, any };
  Kind kind = Kind::any;
  bool nullable = false;
  bool secret = false;                        // never in an answer
  std::string_view format{};                  // "date-time", "uri"
  std::vector<std::string_view> names{};      // of an enumeration
  std::string_view id_prefix{};               // "proj" for a project's id
  std::shared_ptr<const Schema> items{};      // of a list or map
  const Shape& (*shape)() = nullptr;          // of an object
};

// Where decoding is, and what it found wrong.
class Decoding {
 public:
  enum class Mode : std::uint8_t { whole, patch };
  explicit Decoding(Mode mode) : mode_(mode) {}

  bool patching() const { return mode_ == Mode::patch; }
  void fail(std::string reason);
  void fail_at(std::string_view name, std::string reason);
  bool failed() const { return !errors_.empty(); }
  std::vector<FieldError> take_errors() { return std::move(errors_); }

  // Steps into a member or element while it lives.
  class Step {
   public:
    Step(Decoding& decoding, std::string_view name);
    ~Step() { decoding_.path_.resize(length_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Decoding& decoding_;
    std::size_t length_;
  };

 private:
  // So that a body of a million bad elements does not make an error of a hundred megabytes.
  static constexpr std::size_t max_errors = 100;

  Mode mode_;
  std::string path_;
  std::vector<FieldError> errors_;
};

// How one type is read, written and described. decode() leaves the target alone when it fails.
template <class T>
struct Codec {  // a struct with a Shape
  static Schema schema();
  static void decode(const json::Value& value, T& target, const Rules& rules, Decoding& decoding);
  static void encode(const T& value, json::Writer& writer);
};

class Shape {
 public:
  // One member of the struct, its type forgotten.
  class Member {
   public:
    virtual ~Member() = default;
    virtual void decode(const json::Value& value, void* object, const Rules& rules, Decoding& decoding) const = 0;
    virtual void reset(void* object) const = 0;
    virtual bool absent(const void* object) const = 0;
    virtual void encode(const void* object, json::Writer& writer) const = 0;
  };
  struct Field {
    std::string_view name;
    Rules rules;
    Schema schema;
    std::shared_ptr<const Member> member;
  };

  Shape(std::string_view name, std::string_view about) : name_(name), about_(about) {}

  std::string_view name() const { return name_; }
  std::string_view about() const { return about_; }
  const std::vector<Field>& fields() const { return fields_; }

  // Reads an object into a struct. whole: fields that are not sent keep their default, required ones must be there. patch
  // (RFC 7396): fields that are not sent stay, null puts the default back. Names that are no field's are errors that
  // name the nearest field.
  void decode(const json::Value& value, void* object, Decoding& decoding) const;
  // The same from the parameters of a query: a list is repeated or comma-separated. Parameters that begin with "_" or
  // "utm_" are ignored.
  void decode_query(std::span<const std::pair<std::string, std::string>> parameters, void* object,
                    Decoding& decoding) const;
  void encode(const void* object, json::Writer& writer) const;

  void add(Field field) { fields_.push_back(std::move(field)); }

 private:
  const Field* find(std::string_view name) const;
  std::string unknown(std::string_view name) const;

  std::string_view name_;
  std::string_view about_;
  std::vector<Field> fields_;
};

namespace detail {

template <class T, class M>
class MemberOf final : public Shape::Member {
 public:
  explicit MemberOf(M T::*member) : member_(member) {}
  void decode(const json::Value& value, void* object, const Rules& rules, Decoding& decoding) const override {
    Codec<M>::decode(value, static_cast<T*>(object)->*member_, rules, decoding);
  }
  void reset(void* object) const override {
    static const T defaults{};
    static_cast<T*>(object)->*member_ = defaults.*member_;
  }
  bool absent(const void* object) const override {
    if constexpr (requires(const M& m) { m.has_value(); })
      return !(static_cast<const T*>(object)->*member_).has_value();
    else
      return false;
  }
  void encode(const void* object, json::Writer& writer) const override {
    Codec<M>::encode(static_cast<const T*>(object)->*member_, writer);
  }

 private:
  M T::*member_;
};

void decode_text(const json::Value& value, std::string& target, const Rules& rules, Decoding& decoding);
void decode_integer(const json::Value& value, std::int64_t& target, const Rules& rules, Decoding& decoding,
                    std::int64_t lowest, std::int64_t highest);
void decode_double(const json::Value& value, double& target, const Rules& rules, Decoding& decoding);
void decode_time(const json::Value& value, Time& target, Decoding& decoding);
// nullptr after a failure was noted.
const std::string* expect_text(const json::Value& value, Decoding& decoding);
const json::Array* expect_list(const json::Value& value, const Rules& rules, Decoding& decoding);
std::string one_of(std::span<const std::string_view> names);

}  // namespace detail

template <class T>
class ShapeOf {
 public:
  ShapeOf(std::string_view name, std::string_view about) : shape_(name, about) {}

  template <class M>
  ShapeOf& field(std::string_view name, M T::*member, Rules rules = {}) {
    shape_.add({.name = name,
                .rules = rules,
                .schema = Codec<M>::schema(),
                .member = std::make_shared<detail::MemberOf<T, M>>(member)});
    return *this;
  }

  operator Shape() && { return std::move(shape_); }
  operator Shape() & { return std::move(shape_); }

 private:
  Shape shape_;
};

template <class T>
Schema Codec<T>::schema() {
  return {.kind = Schema::Kind::object, .shape = &shape_of<T>};
}
template <class T>
void Codec<T>::decode(const json::Value& value, T& target, const Rules&, Decoding& decoding) {
  if (decoding.patching()) return shape_of<T>().decode(value, &target, decoding);
  T fresh{};
  shape_of<T>().decode(value, &fresh, decoding);
  target = std::move(fresh);
}
template <class T>
void Codec<T>::encode(const T& value, json::Writer& writer) {
  shape_of<T>().encode(&value, writer);
}

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
    detail::decode_text(value, text, rules, decoding);
    target = Secret(std::move(text));
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
    std::int64_t number = target;
    detail::decode_integer(value, number, rules, decoding, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
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
    if (!id) return decoding.fail("must be the id of a " + std::string(Tag::noun) + " (" + std::string(Tag::prefix) + "_…)");
    target = *std::move(id);
  }
  static void encode(const Id<Tag>& value, json::Writer& writer) { writer.value(value.text()); }
};

template <class E>
  requires std::is_enum_v<E>
struct Codec<E> {
  static std::vector<std::string_view> names() {
    std::vector<std::string_view> names;
    for (const NameOf<E>& name : Names<E>::all) names.push_back(name.text);
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
  static void decode(const json::Value& value, json::Value& target, const Rules&, Decoding&) { target = value; }
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
    T inner = target ? *target : T{};
    Codec<T>::decode(value, inner, rules, decoding);
    target = std::move(inner);
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
  static Schema schema() {
    return {.kind = Schema::Kind::list, .items = std::make_shared<Schema>(Codec<T>::schema())};
  }
  static void decode(const json::Value& value, std::vector<T>& target, const Rules& rules, Decoding& decoding) {
    const json::Array* list = detail::expect_list(value, rules, decoding);
    if (list == nullptr) return;
    std::vector<T> fresh;
    fresh.reserve(list->size());
    for (std::size_t i = 0; i < list->size(); ++i) {
      const Decoding::Step step(decoding, std::to_string(i));
      T element{};
      Codec<T>::decode((*list)[i], element, {.one_line = rules.one_line}, decoding);
      fresh.push_back(std::move(element));
    }
    target = std::move(fresh);
  }
  static void encode(const std::vector<T>& values, json::Writer& writer) {
    writer.begin_array();
    for (const T& value : values) Codec<T>::encode(value, writer);
    writer.end_array();
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static Schema schema() {
    return {.kind = Schema::Kind::map, .items = std::make_shared<Schema>(Codec<T>::schema())};
  }
  static void decode(const json::Value& value, std::map<std::string, T>& target, const Rules& rules,
                     Decoding& decoding) {
    const json::Object* object = value.object();
    if (object == nullptr) return decoding.fail("must be an object, not " + std::string(value.kind()));
    if (rules.max && static_cast<double>(object->size()) > *rules.max)
      return decoding.fail("must have at most " + std::to_string(static_cast<std::int64_t>(*rules.max)) + " members");
    std::map<std::string, T> fresh;
    for (const json::Member& member : *object) {
      const Decoding::Step step(decoding, member.first);
      Codec<T>::decode(member.second, fresh[member.first], {}, decoding);
    }
    target = std::move(fresh);
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
