#include "base/shape.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/parcel_shape.hpp"

namespace galley {

TEST_CASE("shape: a query is read by the same rules as a body", "[base]") {
  Parcel parcel;
  CHECK(query_into(parcel, {{"label", "ok"},
                            {"pieces", "3"},
                            {"weight", "2.5"},
                            {"fragile", "1"},
                            {"insured", "false"},
                            {"speed", "slow"},
                            {"sentAt", "2026-03-30T15:00:00Z"},
                            {"replaces", std::string(id_text)}}) == Errors{});
  CHECK(parcel.pieces == 3);
  CHECK(parcel.weight == 2.5);
  CHECK(parcel.fragile);
  CHECK(parcel.insured == false);
  CHECK(parcel.speed == Speed::slow);
  CHECK(to_rfc3339(parcel.sent_at) == "2026-03-30T15:00:00.000Z");
  CHECK(parcel.replaces->text() == id_text);
  CHECK(query_into(parcel, {{"pieces", "11"}, {"weight", "x"}, {"fragile", "yes"}, {"layers", ""}, {"from", "{}"}}) ==
        Errors{{"pieces", "must be between 1 and 10"},
               {"weight", "must be a number"},
               {"fragile", "must be true or false"},
               {"layers", "must be a whole number"},
               {"from", "must be an object, not a string"},
               {"label", "is required"}});
}

TEST_CASE("shape: text of a query that looks like another type stays text", "[base]") {
  Parcel parcel;
  CHECK(query_into(parcel, {{"label", "true"}, {"note", "17"}}) == Errors{});
  CHECK(parcel.label == "true");
  CHECK(parcel.note == "17");
}

TEST_CASE("shape: a list in a query is repeated, comma-separated, or both", "[base]") {
  Parcel parcel;
  CHECK(query_into(parcel, {{"label", "ok"},
                            {"tags", "a, b"},
                            {"allowed", "slow"},
                            {"tags", "c"},
                            {"allowed", "brisk"},
                            {"codes", "1,2,,3,"}}) == Errors{});
  CHECK(parcel.tags == std::vector<std::string>{"a", "b", "c"});
  CHECK(parcel.allowed == std::vector<Speed>{Speed::slow, Speed::brisk});
  CHECK(parcel.codes == std::vector<std::int64_t>{1, 2, 3});
  CHECK(query_into(parcel, {{"label", "ok"}, {"allowed", "slow,fast"}, {"codes", "1,x"}, {"tags", ","}}) ==
        Errors{{"allowed.1", "must be one of slow, brisk or express"},
               {"codes.1", "must be a whole number"},
               {"tags", "must have at least 1 element"}});
}

TEST_CASE("shape: a parameter that is no list is given once", "[base]") {
  Parcel parcel;
  CHECK(query_into(parcel, {{"label", "ok"}, {"pieces", "1"}, {"pieces", "2"}}) ==
        Errors{{"pieces", "must be given once"}});
}

TEST_CASE("shape: tracking parameters are ignored and other unknown ones are not", "[base]") {
  Parcel parcel;
  CHECK(query_into(parcel, {{"label", "ok"}, {"_", "1"}, {"_ga", "2"}, {"utm_source", "x"}, {"utm_source", "y"}}) ==
        Errors{});
  CHECK(query_into(parcel, {{"label", "ok"}, {"utm", "1"}, {"peices", "1"}}) ==
        Errors{{"utm", "is not known"}, {"peices", "is not known; did you mean \"pieces\"?"}});
}

TEST_CASE("shape: an answer holds every field in order, null where it is nothing", "[base]") {
  Parcel parcel = accepted(R"({"label":"ok","tags":["a"],"stops":[{"street":"S"}],"headers":{"h":"v"},"extra":[1]})");
  parcel.id = ParcelId(std::string(id_text));
  parcel.made_by = "Ada";
  CHECK(
      encoded(parcel) ==
      R"({"id":"parcel_0123456789ab","label":"ok","note":null,"pieces":1,"layers":0,"weight":0.5,"fragile":false,)"
      R"("sentAt":"1970-01-01T00:00:00.000Z","replaces":null,"speed":"brisk","tags":["a"],"allowed":[],"codes":[],)"
      R"("stops":[{"street":"S","floor":1}],"headers":{"h":"v"},"from":{"street":"","floor":1},"to":null,"extra":[1],)"
      R"("madeBy":"Ada"})");
}

TEST_CASE("shape: a field that is left out when absent is there when it is something", "[base]") {
  Parcel parcel;
  CHECK(encoded(parcel).find("insured") == std::string::npos);
  parcel.insured = false;
  CHECK(encoded(parcel).find(R"("insured":false)") != std::string::npos);
  parcel.from.city = "";
  CHECK(encoded(parcel).find(R"("city":"")") != std::string::npos);
}

TEST_CASE("shape: a secret is never in an answer", "[base]") {
  const Parcel parcel = accepted(R"({"label":"ok","pin":"canary-1","token":"canary-2"})");
  const std::string text = encoded(parcel);
  CHECK(text.find("canary") == std::string::npos);
  CHECK(text.find("pin") == std::string::npos);
  CHECK(text.find("token") == std::string::npos);
}

TEST_CASE("shape: what an answer holds can be sent back", "[base]") {
  Parcel parcel =
      accepted(R"({"label":"ok","tags":["a"],"from":{"street":"S"},"headers":{"h":"v"},"extra":{"n":1.5}})");
  parcel.made_by = "Ada";
  Parcel again = accepted(encoded(parcel));
  again.made_by = "Ada";
  CHECK(encoded(again) == encoded(parcel));
}

TEST_CASE("shape: a schema tells kind, names, prefix, nullability and secrecy", "[base]") {
  const auto schema = [](std::string_view name) -> const Schema& {
    for (const Shape::Field& field : shape_of<Parcel>().fields())
      if (field.name == name) return field.schema;
    FAIL("no such field");
    return shape_of<Parcel>().fields().front().schema;
  };
  CHECK(schema("label").kind == Schema::Kind::text);
  CHECK_FALSE(schema("label").nullable);
  CHECK(schema("note").nullable);
  CHECK(schema("pieces").kind == Schema::Kind::integer);
  CHECK(schema("weight").kind == Schema::Kind::number);
  CHECK(schema("insured").kind == Schema::Kind::boolean);
  CHECK(schema("insured").nullable);
  CHECK(schema("sentAt").format == "date-time");
  CHECK(schema("replaces").id_prefix == "parcel");
  CHECK(schema("speed").names == std::vector<std::string_view>{"slow", "brisk", "express"});
  CHECK(schema("tags").kind == Schema::Kind::list);
  REQUIRE(schema("stops").items != nullptr);
  CHECK(schema("stops").items->shape == &shape_of<Address>);
  CHECK(schema("headers").kind == Schema::Kind::map);
  CHECK(schema("to").shape == &shape_of<Address>);
  CHECK(schema("extra").kind == Schema::Kind::any);
  CHECK(schema("pin").secret);
  CHECK(schema("token").secret);
  CHECK_FALSE(schema("label").secret);
}

}  // namespace galley
