#include "base/shape.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/parcel_shape.hpp"

namespace galley {

TEST_CASE("shape: a patch changes what is sent and leaves the rest", "[base]") {
  const Parcel before =
      accepted(R"({"label":"ok","pieces":5,"note":"n","tags":["a","b"],"from":{"street":"S","floor":7}})");
  const Parcel after = patched(before, R"({"note":"m"})");
  CHECK(after.note == "m");
  CHECK(after.label == "ok");
  CHECK(after.pieces == 5);
  CHECK(after.tags == before.tags);
  CHECK(after.from.floor == 7);
  CHECK(patched(before, "{}").note == "n");
}

TEST_CASE("shape: a patch's null resets to the default, but for a required field", "[base]") {
  const Parcel before = accepted(
      R"({"label":"ok","pieces":5,"note":"n","tags":["a"],"fragile":true,"speed":"slow","to":{"street":"S"},"pin":"1234"})");
  const Parcel after =
      patched(before, R"({"pieces":null,"note":null,"tags":null,"fragile":null,"speed":null,"to":null,"pin":null})");
  CHECK(after.pieces == 1);
  CHECK_FALSE(after.note.has_value());
  CHECK(after.tags.empty());
  CHECK_FALSE(after.fragile);
  CHECK(after.speed == Speed::brisk);
  CHECK_FALSE(after.to.has_value());
  CHECK(after.pin.empty());
  CHECK(patch_errors(before, R"({"label":null})") == Errors{{"label", "must not be null"}});
}

TEST_CASE("shape: a patch merges nested objects and replaces lists", "[base]") {
  const Parcel before = accepted(R"({"label":"ok","from":{"street":"S","city":"Ulm","floor":7},
    "to":{"street":"T","floor":3},"stops":[{"street":"A","city":"X"},{"street":"B"}]})");
  const Parcel after = patched(before, R"({"from":{"city":null,"floor":8},"to":{"floor":4},"stops":[{"street":"C"}]})");
  CHECK(after.from.street == "S");
  CHECK_FALSE(after.from.city.has_value());
  CHECK(after.from.floor == 8);
  CHECK(after.to->street == "T");
  CHECK(after.to->floor == 4);
  REQUIRE(after.stops.size() == 1);
  CHECK(after.stops[0].street == "C");
  CHECK_FALSE(after.stops[0].city.has_value());
}

TEST_CASE("shape: an element of a list in a patch is a whole one", "[base]") {
  const Parcel before = accepted(R"({"label":"ok","stops":[{"street":"A"}]})");
  CHECK(patch_errors(before, R"({"stops":[{"city":"U"}]})") == Errors{{"stops.0.street", "is required"}});
  CHECK(patch_errors(before, R"({"stops":[{"city":"U"}]})", Decoding::Mode::patch) ==
        Errors{{"stops.0.street", "is required"}});
}

TEST_CASE("shape: an object that a patch makes needs its required fields once its target is known", "[base]") {
  const Parcel without = accepted(R"({"label":"ok"})");
  CHECK(patch_errors(without, R"({"to":{"floor":2}})", Decoding::Mode::patch) == Errors{});
  CHECK(patch_errors(without, R"({"to":{"floor":2}})") == Errors{{"to.street", "is required"}});
  CHECK(patch_errors(without, R"({"to":{"floor":200}})", Decoding::Mode::patch) ==
        Errors{{"to.floor", "must be between 0 and 99"}});
  const Parcel with = accepted(R"({"label":"ok","to":{"street":"S"}})");
  CHECK(patched(with, R"({"to":{"floor":2}})").to->street == "S");
}

TEST_CASE("shape: a patch adds members to a map and takes away those that are null", "[base]") {
  const Parcel before = accepted(R"({"label":"ok","headers":{"A":"1","B":"2"}})");
  CHECK(patched(before, R"({"headers":{"A":null,"C":"3"}})").headers ==
        std::map<std::string, std::string>{{"B", "2"}, {"C", "3"}});
  CHECK(patched(before, R"({"headers":{"Z":null}})").headers == before.headers);
  CHECK(patched(before, R"({"headers":null})").headers.empty());
  CHECK(patch_errors(before, R"({"headers":{"C":"3"}})") == Errors{{"headers", "must have at most 2 members"}});
  CHECK(errors_of(R"("headers":{"A":null})") == Errors{{"headers.A", "must be a string, not null"}});
}

TEST_CASE("shape: a free value is merged as RFC 7396 does", "[base]") {
  struct Case {
    std::string_view target, patch, result;
  };
  // The cases of RFC 7396, appendix A, whose patch is not null.
  const std::vector<Case> cases = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", "{}"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {"[1,2]", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {"{}", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const Case& one : cases) {
    INFO(one.target << " + " << one.patch);
    const Parcel before = accepted(R"({"label":"ok","extra":)" + std::string(one.target) + "}");
    const Parcel after = patched(before, R"({"extra":)" + std::string(one.patch) + "}");
    CHECK(json::to_text(after.extra) == one.result);
  }
}

TEST_CASE("shape: a free value that is made keeps its nulls", "[base]") {
  CHECK(json::to_text(accepted(R"({"label":"ok","extra":{"a":null}})").extra) == R"({"a":null})");
}

}  // namespace galley
