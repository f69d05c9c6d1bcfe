#include "base/shape.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/parcel_shape.hpp"

namespace galley {

TEST_CASE("shape: a body of every kind of member is read", "[base]") {
  const Parcel parcel = accepted(R"({"label":"Vase","note":"top","pieces":3,"layers":255,"weight":2.5,"fragile":true,
    "insured":false,"sentAt":"2026-03-30T17:00:00+02:00","replaces":"parcel_0123456789ab","speed":"express",
    "tags":["a","b"],"allowed":["slow","brisk"],"codes":[1,-2],"stops":[{"street":"A"},{"street":"B","floor":0}],
    "headers":{"X-One":"1"},"from":{"street":"C","city":"Ulm"},"to":{"street":"D"},"extra":{"any":[null,1]},
    "pin":"1234","token":"abcd"})");
  CHECK(parcel.label == "Vase");
  CHECK(parcel.note == "top");
  CHECK(parcel.pieces == 3);
  CHECK(parcel.layers == 255);
  CHECK(parcel.weight == 2.5);
  CHECK(parcel.fragile);
  CHECK(parcel.insured == false);
  CHECK(to_rfc3339(parcel.sent_at) == "2026-03-30T15:00:00.000Z");
  REQUIRE(parcel.replaces.has_value());
  CHECK(parcel.replaces->text() == id_text);
  CHECK(parcel.speed == Speed::express);
  CHECK(parcel.tags == std::vector<std::string>{"a", "b"});
  CHECK(parcel.allowed == std::vector<Speed>{Speed::slow, Speed::brisk});
  CHECK(parcel.codes == std::vector<std::int64_t>{1, -2});
  REQUIRE(parcel.stops.size() == 2);
  CHECK(parcel.stops[0].street == "A");
  CHECK(parcel.stops[0].floor == 1);
  CHECK(parcel.stops[1].floor == 0);
  CHECK(parcel.headers == std::map<std::string, std::string>{{"X-One", "1"}});
  CHECK(parcel.from.city == "Ulm");
  REQUIRE(parcel.to.has_value());
  CHECK(parcel.to->street == "D");
  CHECK(json::to_text(parcel.extra) == R"({"any":[null,1]})");
  CHECK(parcel.pin.reveal() == "1234");
  REQUIRE(parcel.token.has_value());
  CHECK(parcel.token->reveal() == "abcd");
}

TEST_CASE("shape: fields that are not sent keep their defaults", "[base]") {
  const Parcel parcel = accepted(R"({"label":"ok"})");
  CHECK(parcel.pieces == 1);
  CHECK(parcel.weight == 0.5);
  CHECK(parcel.speed == Speed::brisk);
  CHECK_FALSE(parcel.note.has_value());
  CHECK_FALSE(parcel.to.has_value());
  CHECK(parcel.tags.empty());
  CHECK(parcel.extra.is_null());
}

TEST_CASE("shape: null puts a default back, and a required field is never null", "[base]") {
  const Parcel parcel = accepted(R"({"label":"ok","pieces":null,"tags":null,"from":null,"note":null,"speed":null})");
  CHECK(parcel.pieces == 1);
  CHECK(parcel.tags.empty());
  CHECK(parcel.speed == Speed::brisk);
  Parcel other;
  CHECK(decode_into(other, R"({"label":null})", Decoding::Mode::whole) == Errors{{"label", "must not be null"}});
  CHECK(errors_of(R"("from":{"street":null})") == Errors{{"from.street", "must not be null"}});
}

TEST_CASE("shape: a value of another type is named with what was expected", "[base]") {
  CHECK(errors_of(R"("note":1)") == Errors{{"note", "must be a string, not a number"}});
  CHECK(errors_of(R"("note":true)") == Errors{{"note", "must be a string, not a boolean"}});
  CHECK(errors_of(R"("pieces":"3")") == Errors{{"pieces", "must be a whole number"}});
  CHECK(errors_of(R"("pieces":1.5)") == Errors{{"pieces", "must be a whole number"}});
  CHECK(errors_of(R"("weight":"1")") == Errors{{"weight", "must be a number"}});
  CHECK(errors_of(R"("fragile":1)") == Errors{{"fragile", "must be true or false"}});
  CHECK(errors_of(R"("fragile":"true")") == Errors{{"fragile", "must be true or false"}});
  CHECK(errors_of(R"("sentAt":5)") == Errors{{"sentAt", "must be a string, not a number"}});
  CHECK(errors_of(R"("sentAt":"yesterday")") == Errors{{"sentAt", "must be a time such as 2026-03-30T15:00:00Z"}});
  CHECK(errors_of(R"("replaces":"proj_0123456789ab")") ==
        Errors{{"replaces", "must be the id of a parcel (parcel_…)"}});
  CHECK(errors_of(R"("speed":"Slow")") == Errors{{"speed", "must be one of slow, brisk or express"}});
  CHECK(errors_of(R"("speed":"")") == Errors{{"speed", "must be one of slow, brisk or express"}});
  CHECK(errors_of(R"("tags":"a")") == Errors{{"tags", "must be an array, not a string"}});
  CHECK(errors_of(R"("headers":[])") == Errors{{"headers", "must be an object, not an array"}});
  CHECK(errors_of(R"("from":[])") == Errors{{"from", "must be an object, not an array"}});
}

TEST_CASE("shape: a body that is no object is named as the body", "[base]") {
  for (const std::string_view text : {"[]", "null", "1", "\"label\""}) {
    Parcel parcel;
    const Errors errors = decode_into(parcel, text, Decoding::Mode::whole);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].field == "body");
    CHECK(errors[0].reason.starts_with("must be an object, not "));
  }
}

TEST_CASE("shape: every bad field is named at once, with the path of nested ones", "[base]") {
  Parcel parcel;
  const Errors errors = decode_into(
      parcel, R"({"pieces":0,"from":{"street":"","floor":100},"stops":[{"street":"A"},{"floor":-1}],"tags":["a",5],
        "headers":{"X":1},"colour":"red"})",
      Decoding::Mode::whole);
  CHECK(errors == Errors{{"pieces", "must be between 1 and 10"},
                         {"from.street", "must not be empty"},
                         {"from.floor", "must be between 0 and 99"},
                         {"stops.1.floor", "must be between 0 and 99"},
                         {"stops.1.street", "is required"},
                         {"tags.1", "must be a string, not a number"},
                         {"headers.X", "must be a string, not a number"},
                         {"colour", "is not known"},
                         {"label", "is required"}});
}

TEST_CASE("shape: bounds hold for lengths, values and counts", "[base]") {
  CHECK(errors_of(R"("note":"0123456789")").empty());
  CHECK(errors_of(R"("note":"0123456789a")") == Errors{{"note", "must be at most 10 characters long"}});
  CHECK(errors_of(R"("note":"ääääääääää")").empty());
  CHECK(errors_of(R"("weight":0.25)").empty());
  CHECK(errors_of(R"("weight":0.2)") == Errors{{"weight", "must be at least 0.25"}});
  CHECK(errors_of(R"("pieces":10)").empty());
  CHECK(errors_of(R"("pieces":11)") == Errors{{"pieces", "must be between 1 and 10"}});
  CHECK(errors_of(R"("tags":[])") == Errors{{"tags", "must have at least 1 element"}});
  CHECK(errors_of(R"("tags":["a","b","c"])").empty());
  CHECK(errors_of(R"("tags":["a","b","c","d"])") == Errors{{"tags", "must have at most 3 elements"}});
  CHECK(errors_of(R"("headers":{"a":"","b":"","c":""})") == Errors{{"headers", "must have at most 2 members"}});
  CHECK(errors_of(R"("pin":"123")") == Errors{{"pin", "must be at least 4 characters long"}});
  CHECK(errors_of(R"("token":"")") == Errors{{"token", "must not be empty"}});
}

TEST_CASE("shape: a whole number is judged by the range of its type too", "[base]") {
  CHECK(errors_of(R"("layers":256)") == Errors{{"layers", "must be at most 255"}});
  CHECK(errors_of(R"("layers":-1)") == Errors{{"layers", "must be at least 0"}});
  CHECK(errors_of(R"("pieces":1e300)") == Errors{{"pieces", "must be between 1 and 10"}});
  CHECK(errors_of(R"("codes":[9007199254740993])") == Errors{{"codes.0", "must be at most 9007199254740991"}});
  CHECK(errors_of(R"("codes":[-1e300])") == Errors{{"codes.0", "must be at least -9007199254740991"}});
  CHECK(accepted(R"({"label":"ok","pieces":3.0,"codes":[1e2]})").codes == std::vector<std::int64_t>{100});
}

TEST_CASE("shape: a one-line text is tidied before it is measured", "[base]") {
  CHECK(accepted(R"({"label":"  a \n\t b  "})").label == "a b");
  Parcel parcel;
  CHECK(decode_into(parcel, R"({"label":" \u0001\n "})", Decoding::Mode::whole) ==
        Errors{{"label", "must not be empty"}});
  CHECK(accepted(R"({"label":"ok","note":" a\nb "})").note == " a\nb ");
}

TEST_CASE("shape: a target that failed is left alone", "[base]") {
  const Parcel parcel = accepted(
      R"({"label":"ok","note":"n","pin":"1234","token":"abcd","tags":["a"],"headers":{"a":"1"},"to":{"street":"S"}})");
  Parcel target = parcel;
  const Errors errors = decode_into(
      target, R"({"note":5,"pin":"1","token":"2","tags":["b",1],"headers":{"b":1},"to":{"city":"U","floor":-1}})",
      Decoding::Mode::applied_patch);
  CHECK(errors.size() == 6);
  CHECK(target.note == "n");
  CHECK(target.pin.reveal() == "1234");
  CHECK(target.token->reveal() == "abcd");
  CHECK(target.tags == std::vector<std::string>{"a"});
  CHECK(target.headers == std::map<std::string, std::string>{{"a", "1"}});
  CHECK_FALSE(target.to->city.has_value());
}

TEST_CASE("shape: read-only fields are ignored, whatever is sent for them", "[base]") {
  const Parcel parcel = accepted(R"({"label":"ok","id":5,"madeBy":null})");
  CHECK(parcel.id.empty());
  CHECK(parcel.made_by.empty());
  CHECK(patched(parcel, R"({"id":"parcel_0123456789ab"})").id.empty());
}

TEST_CASE("shape: an unknown name is told with the nearest known one", "[base]") {
  CHECK(errors_of(R"("piece":1)") == Errors{{"piece", "is not known; did you mean \"pieces\"?"}});
  CHECK(errors_of(R"("sent_at":1)") == Errors{{"sent_at", "is not known; did you mean \"sentAt\"?"}});
  CHECK(errors_of(R"("WEIGTH":1)") == Errors{{"WEIGTH", "is not known; did you mean \"weight\"?"}});
  CHECK(errors_of(R"("from":{"street":"A","stret":1})") ==
        Errors{{"from.stret", "is not known; did you mean \"street\"?"}});
}

TEST_CASE("shape: no name is suggested that is far off, or read-only", "[base]") {
  CHECK(errors_of(R"("abc":1)") == Errors{{"abc", "is not known"}});
  CHECK(errors_of(R"("ix":1)") == Errors{{"ix", "is not known"}});
  CHECK(errors_of(R"("made_by":1)") == Errors{{"made_by", "is not known"}});
  CHECK(errors_of(R"("":1)").size() == 1);
  CHECK(errors_of("\"" + std::string(65, 'x') + "\":1") == Errors{{std::string(65, 'x'), "is not known"}});
}

TEST_CASE("shape: a long name is cut between characters", "[base]") {
  std::string name;
  for (int i = 0; i < 200; ++i)
    name += "ä";
  const Errors errors = errors_of("\"" + name + "\":1");
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].field == name.substr(0, 200));
}

TEST_CASE("shape: at most a hundred errors are kept, and the rest is not searched for words", "[base]") {
  std::string text = R"({"label":"ok","codes":[)";
  for (int i = 0; i < 1000; ++i)
    text += i == 0 ? "true" : ",true";
  text += "]";
  for (int i = 0; i < 1000; ++i)
    text += ",\"unknown" + std::to_string(i) + "\":1";
  text += "}";
  Parcel parcel;
  Decoding decoding(Decoding::Mode::whole);
  shape_of<Parcel>().decode(value_of(text), &parcel, decoding);
  CHECK(decoding.failures() == 2000);
  const Errors errors = decoding.take_errors();
  REQUIRE(errors.size() == 100);
  CHECK(errors.front() == FieldError{"codes.0", "must be a whole number"});
  CHECK(errors.back() == FieldError{"codes.99", "must be a whole number"});
  CHECK(parcel.codes.empty());
}

}  // namespace galley
