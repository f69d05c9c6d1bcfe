// Objects of texts that keep their order.
#include <catch2/catch.hpp>

#include "base/codec.hpp"

namespace galley {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Outcome {
  Pairs pairs;
  std::vector<FieldError> errors;
};

Outcome decoded(std::string_view text, Pairs before, Decoding::Mode mode, const Rules& rules = {}) {
  Decoding decoding(mode);
  Codec<Pairs>::decode(*json::parse(text), before, rules, decoding);
  return {std::move(before), decoding.take_errors()};
}

const Pairs before{{"X-B", "1"}, {"X-A", "2"}};

}  // namespace

TEST_CASE("pairs: an object is read and written in its order", "[base]") {
  const Outcome read = decoded(R"({"X-B":"1","X-A":"2"})", {{"X-Old", "0"}}, Decoding::Mode::whole);
  CHECK(read.errors.empty());
  CHECK(read.pairs == before);
  std::string text;
  json::Writer writer(text);
  Codec<Pairs>::encode(read.pairs, writer);
  CHECK(text == R"({"X-B":"1","X-A":"2"})");
}

TEST_CASE("pairs: a patch replaces in place, removes and adds behind", "[base]") {
  const auto patched = [](std::string_view patch) {
    return decoded(patch, before, Decoding::Mode::applied_patch).pairs;
  };
  CHECK(patched(R"({"X-B":"9"})") == Pairs{{"X-B", "9"}, {"X-A", "2"}});
  CHECK(patched(R"({"X-B":null})") == Pairs{{"X-A", "2"}});
  CHECK(patched(R"({"X-B":null,"X-C":"3","X-A":"4"})") == Pairs{{"X-A", "4"}, {"X-C", "3"}});
  CHECK(patched(R"({"X-Unknown":null})") == before);
  CHECK(patched("{}") == before);
}

TEST_CASE("pairs: every bad value is named and nothing is taken", "[base]") {
  const Outcome bad = decoded(R"({"X-C":1,"X-B":"ok","X-D":["a"]})", before, Decoding::Mode::applied_patch);
  CHECK(bad.pairs == before);
  REQUIRE(bad.errors.size() == 2);
  CHECK(bad.errors[0].field == "X-C");
  CHECK(bad.errors[1].field == "X-D");
  CHECK(decoded(R"(["a"])", before, Decoding::Mode::whole).errors.size() == 1);
  CHECK(decoded(R"({"a":null})", before, Decoding::Mode::whole).errors.size() == 1);
}

TEST_CASE("pairs: their number is bounded, a patch's result included", "[base]") {
  const Rules two{.max = 2};
  CHECK(decoded(R"({"a":"1","b":"2"})", {}, Decoding::Mode::whole, two).errors.empty());
  CHECK(decoded(R"({"a":"1","b":"2","c":"3"})", {}, Decoding::Mode::whole, two).errors.size() == 1);
  CHECK(decoded(R"({"a":"1"})", before, Decoding::Mode::applied_patch, two).errors.size() == 1);
  CHECK(decoded(R"({"a":"1","X-A":null})", before, Decoding::Mode::applied_patch, two).errors.empty());
}

}  // namespace galley
