#include <catch2/catch.hpp>
#include <set>

#include "service/keyword_service.hpp"
#include "support/result_text.hpp"

using namespace galley;
using service::expand;
using service::Expansion;
using Texts = std::vector<std::string>;

namespace {

Texts many(std::size_t count, const std::string& stem = "v") {
  Texts values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(stem + std::to_string(i));
  return values;
}

// "field reason" of each.
Texts faults(const Expansion& expansion) {
  const auto expanded = expand(expansion);
  if (expanded) return {};
  Texts found;
  const Error error = expanded.error();
  for (const FieldError& field : error.fields)
    found.push_back(field.field + " " + field.reason);
  return found;
}

}  // namespace

TEST_CASE("expand: the cross product of all dimensions, the last one turning fastest", "[service]") {
  const Expansion expansion{.patterns = {"best {product} for {audience}"},
                            .dimensions = {{"product", {"mug", "pot"}}, {"audience", {"work", "home"}}}};
  CHECK(expand(expansion).value() ==
        Texts{"best mug for work", "best mug for home", "best pot for work", "best pot for home"});
}

TEST_CASE("expand: a dimension named twice in a pattern has the same value in both places", "[service]") {
  CHECK(expand({.patterns = {"{a} or not {a}"}, .dimensions = {{"a", {"tea", "milk"}}}}).value() ==
        Texts{"tea or not tea", "milk or not milk"});
}

TEST_CASE("expand: keywords that are the same after folding are given once, in their first form", "[service]") {
  const Expansion expansion{.patterns = {"{a} mug", "MUG {a}", "{a}  mug"},
                            .dimensions = {{"a", {"Red", "red", "MUG"}}}};
  CHECK(expand(expansion).value() == Texts{"Red mug", "MUG mug", "MUG Red"});
}

TEST_CASE("expand: a pattern without a placeholder is a keyword", "[service]") {
  CHECK(expand({.patterns = {"plain  tea"}}).value() == Texts{"plain tea"});
}

TEST_CASE("expand: everything that is wrong is named at once", "[service]") {
  const Expansion expansion{.patterns = {"a {one} {two}", "b {unclosed", "c {}"},
                            .dimensions = {{"one", {"x"}}, {"none", {}}, {"unused", {"y"}}}};
  CHECK(faults(expansion) ==
        Texts{"dimensions.none must not be empty", "patterns.0 names {two}, which is not among the dimensions",
              "patterns.1 has a { without a }", "patterns.2 names {}, which is not among the dimensions",
              "dimensions.none is used by no pattern", "dimensions.unused is used by no pattern"});
  CHECK(faults({}) == Texts{"patterns must not be empty"});
}

TEST_CASE("expand: patterns, dimensions and values are bounded", "[service]") {
  CHECK(faults({.patterns = many(51)}) == Texts{"patterns must have at most 50 elements"});
  CHECK(faults({.patterns = {"{a}"}, .dimensions = {{"a", many(201)}}}) ==
        Texts{"dimensions.a must have at most 200 elements"});
  Expansion wide{.patterns = {""}};
  for (const std::string& name : many(11, "d")) {
    wide.patterns[0] += "{" + name + "} ";
    wide.dimensions[name] = {"x"};
  }
  CHECK(faults(wide) == Texts{"dimensions must have at most 10 members"});
}

TEST_CASE("expand: ten thousand keywords are given, one more is refused", "[service]") {
  Expansion expansion{.patterns = {"{a} {b}"}, .dimensions = {{"a", many(100)}, {"b", many(100)}}};
  const Texts all = expand(expansion).value();
  CHECK(all.size() == 10000);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == 10000);
  expansion.patterns.push_back("one more");
  CHECK(faults(expansion) == Texts{"patterns give more than 10000 keywords"});
  expansion.patterns = {"{a} {b} {c}"};
  expansion.dimensions["c"] = many(200);
  CHECK(faults(expansion) == Texts{"patterns give more than 10000 keywords"});
}

TEST_CASE("expand: products that overflow a counter are refused, not wrapped", "[service]") {
  Expansion expansion{.patterns = {""}};
  for (const std::string& name : many(10, "d")) {
    expansion.patterns[0] += "{" + name + "}";
    expansion.dimensions[name] = many(200);
  }
  CHECK(faults(expansion) == Texts{"patterns give more than 10000 keywords"});
}
