// A struct with a member of every kind, and what the tests of Shape do with it.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shape.hpp"

namespace galley {

struct ParcelTag {
  static constexpr std::string_view prefix = "parcel", noun = "parcel";
};
using ParcelId = Id<ParcelTag>;

enum class Speed : std::uint8_t { slow, brisk, express };

struct Address {
  std::string street;
  std::optional<std::string> city;
  std::int64_t floor = 1;
};

struct Parcel {
  ParcelId id;
  std::string label = "unnamed";
  std::optional<std::string> note;
  std::int64_t pieces = 1;
  std::uint8_t layers = 0;
  double weight = 0.5;
  bool fragile = false;
  std::optional<bool> insured;
  Time sent_at{};
  std::optional<ParcelId> replaces;
  Speed speed = Speed::brisk;
  std::vector<std::string> tags;
  std::vector<Speed> allowed;
  std::vector<std::int64_t> codes;
  std::vector<Address> stops;
  std::map<std::string, std::string> headers;
  Address from;
  std::optional<Address> to;
  json::Value extra;
  Secret pin;
  std::optional<Secret> token;
  std::string made_by;
};

template <>
struct Names<Speed> {
  static constexpr NameOf<Speed> all[] = {{Speed::slow, "slow"}, {Speed::brisk, "brisk"}, {Speed::express, "express"}};
};

template <>
inline const Shape& shape_of<Address>() {
  static const Shape shape = ShapeOf<Address>("Address", "Where a parcel goes.")
                                 .field("street", &Address::street, {.required = true, .min = 1})
                                 .field("city", &Address::city, {.omit_absent = true})
                                 .field("floor", &Address::floor, {.min = 0, .max = 99});
  return shape;
}

template <>
inline const Shape& shape_of<Parcel>() {
  static const Shape shape =
      ShapeOf<Parcel>("Parcel", "What is sent.")
          .field("id", &Parcel::id, {.read_only = true})
          .field("label", &Parcel::label, {.required = true, .one_line = true, .min = 2, .max = 8})
          .field("note", &Parcel::note, {.max = 10})
          .field("pieces", &Parcel::pieces, {.min = 1, .max = 10})
          .field("layers", &Parcel::layers)
          .field("weight", &Parcel::weight, {.min = 0.25})
          .field("fragile", &Parcel::fragile)
          .field("insured", &Parcel::insured, {.omit_absent = true})
          .field("sentAt", &Parcel::sent_at)
          .field("replaces", &Parcel::replaces)
          .field("speed", &Parcel::speed)
          .field("tags", &Parcel::tags, {.min = 1, .max = 3})
          .field("allowed", &Parcel::allowed)
          .field("codes", &Parcel::codes)
          .field("stops", &Parcel::stops)
          .field("headers", &Parcel::headers, {.max = 2})
          .field("from", &Parcel::from)
          .field("to", &Parcel::to)
          .field("extra", &Parcel::extra)
          .field("pin", &Parcel::pin, {.min = 4})
          .field("token", &Parcel::token, {.min = 4})
          .field("madeBy", &Parcel::made_by, {.required = true, .read_only = true});
  return shape;
}

using Errors = std::vector<FieldError>;
using Parameters = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view id_text = "parcel_0123456789ab";

inline json::Value value_of(std::string_view text) {
  Result<json::Value> value = json::parse(text);
  REQUIRE(value.has_value());
  return *std::move(value);
}

inline Errors decode_into(Parcel& parcel, std::string_view text, Decoding::Mode mode) {
  Decoding decoding(mode);
  shape_of<Parcel>().decode(value_of(text), &parcel, decoding);
  CHECK(decoding.failed() == (decoding.failures() != 0));
  return decoding.take_errors();
}

// Of a body that holds this one member beside the required one.
inline Errors errors_of(std::string_view member) {
  Parcel parcel;
  return decode_into(parcel, R"({"label":"ok",)" + std::string(member) + "}", Decoding::Mode::whole);
}

inline Parcel accepted(std::string_view text) {
  Parcel parcel;
  CHECK(decode_into(parcel, text, Decoding::Mode::whole) == Errors{});
  return parcel;
}

inline Parcel patched(Parcel parcel, std::string_view text) {
  CHECK(decode_into(parcel, text, Decoding::Mode::applied_patch) == Errors{});
  return parcel;
}

inline Errors patch_errors(Parcel parcel, std::string_view text, Decoding::Mode mode = Decoding::Mode::applied_patch) {
  return decode_into(parcel, text, mode);
}

inline Errors query_into(Parcel& parcel, const Parameters& parameters) {
  Decoding decoding(Decoding::Mode::whole);
  shape_of<Parcel>().decode_query(parameters, &parcel, decoding);
  return decoding.take_errors();
}

inline std::string encoded(const Parcel& parcel) {
  std::string out;
  json::Writer writer(out);
  shape_of<Parcel>().encode(&parcel, writer);
  return out;
}

}  // namespace galley
