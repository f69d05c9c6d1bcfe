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
// Members may be texts, whole numbers, doubles, booleans, Time, ids, enumerations with Names, json::Value, structs with
// a Shape, and std::optional, std::vector or std::map<std::string, …> of these.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/codec.hpp"
#include "base/decoding.hpp"
#include "base/json.hpp"

namespace galley {

template <class T>
const Shape& shape_of();

class Shape {
 public:
  // What can be done with a member of one type, the struct's type forgotten: one table for each type of member, however
  // many structs have such a member.
  struct Operations {
    void (*decode)(const json::Value& value, void* member, const Rules& rules, Decoding& decoding);
    void (*assign)(void* member, const void* from);
    bool (*absent)(const void* member);
    void (*encode)(const void* member, json::Writer& writer);
  };
  struct Field {
    std::string_view name;
    Rules rules;
    Schema schema;
    const Operations* operations;
    std::size_t offset;         // of the member in the struct
    const void* default_value;  // of the member
    std::string key{};          // the name as JSON, with its colon

    void* of(void* object) const { return static_cast<char*>(object) + offset; }
    const void* of(const void* object) const { return static_cast<const char*>(object) + offset; }
  };

  Shape(std::string_view name, std::string_view about) : name_(name), about_(about) {}

  std::string_view name() const { return name_; }
  std::string_view about() const { return about_; }
  const std::vector<Field>& fields() const { return fields_; }
  bool has(std::string_view name) const { return find(name) != nullptr; }

  // Reads an object into a struct. whole: fields that are not sent stay as they are in it, required ones must be there.
  // patch (RFC 7396): fields that are not sent stay, null puts the default back, objects and maps are merged, lists are
  // replaced. Names that are no field's are errors that name the nearest field. After a failure the struct is of no
  // use.
  void decode(const json::Value& value, void* object, Decoding& decoding) const;
  // The same from the parameters of a query: a list is repeated or comma-separated. Parameters that begin with "_" or
  // "utm_" are ignored. Their text is UTF-8.
  void decode_query(std::span<const std::pair<std::string, std::string>> parameters, void* object,
                    Decoding& decoding) const;
  void encode(const void* object, json::Writer& writer) const;

  void add(Field field);
  void ignore(std::string_view name) { ignored_.push_back(name); }

 private:
  const Field* find(std::string_view name) const;
  std::string unknown(std::string_view name) const;

  std::string_view name_;
  std::string_view about_;
  std::vector<Field> fields_;
  std::vector<std::string_view> ignored_;
};

namespace detail {

template <class M>
struct OperationsOf {
  static void decode(const json::Value& value, void* member, const Rules& rules, Decoding& decoding) {
    Codec<M>::decode(value, *static_cast<M*>(member), rules, decoding);
  }
  static void assign(void* member, const void* from) { *static_cast<M*>(member) = *static_cast<const M*>(from); }
  static bool absent(const void* member) {
    if constexpr (requires(const M& m) { m.has_value(); })
      return !static_cast<const M*>(member)->has_value();
    else
      return false;
  }
  static void encode(const void* member, json::Writer& writer) {
    Codec<M>::encode(*static_cast<const M*>(member), writer);
  }
  static constexpr Shape::Operations table{&decode, &assign, &absent, &encode};
};

}  // namespace detail

template <class T>
class ShapeOf {
 public:
  ShapeOf(std::string_view name, std::string_view about) : shape_(name, about) {}

  // member: of T or of a struct that T inherits from.
  template <class M, class Base>
    requires std::derived_from<T, Base>
  ShapeOf& field(std::string_view name, M Base::* member, Rules rules = {}) {
    // One whose members are the defaults; where they lie in it tells where they lie in every other.
    static const T defaults{};
    const M& default_value = defaults.*member;
    const auto offset = reinterpret_cast<const char*>(&default_value) - reinterpret_cast<const char*>(&defaults);
    shape_.add({.name = name,
                .rules = rules,
                .schema = Codec<M>::schema(),
                .operations = &detail::OperationsOf<M>::table,
                .offset = static_cast<std::size_t>(offset),
                .default_value = &default_value});
    return *this;
  }

  // Names of what is read but not written: a client may send back what it was given.
  ShapeOf& ignores(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
      shape_.ignore(name);
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
  T fresh{};
  if (decoding.patching()) fresh = target;
  const std::size_t before = decoding.failures();
  shape_of<T>().decode(value, &fresh, decoding);
  if (decoding.failures() == before) target = std::move(fresh);
}
template <class T>
void Codec<T>::encode(const T& value, json::Writer& writer) {
  shape_of<T>().encode(&value, writer);
}

}  // namespace galley
