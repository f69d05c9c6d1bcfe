// Every field of every body, wrong in every way: generated from the endpoint table and its Shapes.
#include <algorithm>
#include <catch2/catch.hpp>

#include "api/refusals.hpp"

namespace galley::test {
namespace {

struct Place {
  std::vector<std::string> path;
  Schema schema;
  Rules rules;

  std::string dotted() const {
    std::string text;
    for (const std::string& name : path)
      text += (text.empty() ? "" : ".") + name;
    return text;
  }
};

void collect(const Shape& shape, const std::vector<std::string>& prefix, std::vector<Place>& places) {
  for (const Shape::Field& field : shape.fields()) {
    if (field.rules.read_only) continue;
    Place place{prefix, field.schema, field.rules};
    place.path.emplace_back(field.name);
    places.push_back(place);
    if (field.schema.kind == Schema::Kind::object && field.schema.shape != nullptr)
      collect(field.schema.shape(), place.path, places);
  }
}

std::string quoted(std::size_t length) {
  return '"' + std::string(length, 'x') + '"';
}

std::string number_text(double value) {
  std::string text;
  json::Writer(text).value(value);
  return text;
}

// What the field must not be.
std::vector<std::string> wrong_values(const Schema& schema, const Rules& rules) {
  std::vector<std::string> wrong;
  const auto most = static_cast<std::size_t>(rules.max.value_or(0));
  switch (schema.kind) {
    case Schema::Kind::text:
      wrong = {"7", "true", "[]", "{}", R"(["x"])"};
      if (!schema.names.empty() || !schema.id_prefix.empty() || schema.format == "date-time") {
        wrong.insert(wrong.end(), {R"("nonsense")", R"("")", quoted(100'000)});
        break;
      }
      if (rules.max) wrong.push_back(quoted(most + 1));
      if (rules.min && *rules.min >= 1) wrong.emplace_back(R"("")");
      break;
    case Schema::Kind::integer:
      wrong = {R"("5")", "true", "[]", "{}", "1.5", "9007199254740993", "-9007199254740993", "1e300"};
      if (rules.max) wrong.push_back(number_text(*rules.max + 1));
      if (rules.min) wrong.push_back(number_text(*rules.min - 1));
      break;
    case Schema::Kind::number:
      wrong = {R"("0.5")", "true", "[]", "{}"};
      if (rules.max) wrong.push_back(number_text(*rules.max + 0.25));
      if (rules.min) wrong.push_back(number_text(*rules.min - 0.25));
      break;
    case Schema::Kind::boolean:
      wrong = {"0", R"("true")", "[]", "{}"};
      break;
    case Schema::Kind::list:
      wrong = {"7", R"("x")", "{}"};
      if (rules.max) {
        std::string list = "[";
        for (std::size_t i = 0; i <= most; ++i)
          list += i == 0 ? R"("x")" : R"(,"x")";
        wrong.push_back(list + "]");
      }
      if (rules.min) wrong.emplace_back("[]");
      break;
    case Schema::Kind::map:
    case Schema::Kind::object:
      wrong = {"7", R"("x")", "[]", "true"};
      break;
    case Schema::Kind::any:
      break;
  }
  if (rules.required) wrong.emplace_back("null");
  return wrong;
}

TEST_CASE("icf: every field of every body is refused by name when its type, length or range is wrong", "[api][icf]") {
  Refusals fixture;
  std::size_t tried = 0;
  for (const api::Endpoint& endpoint : fixture.table) {
    const Shape* shape = json_shape(endpoint);
    if (shape == nullptr) continue;
    std::vector<Place> places;
    collect(*shape, {}, places);
    CHECK_FALSE(places.empty());
    for (const Place& place : places) {
      for (const std::string& wrong : wrong_values(place.schema, place.rules)) {
        ApiRequest request = fixture.valid(endpoint);
        request.body = with_at(request.body, place.path, wrong);
        fixture.names(request, place.dotted());
        ++tried;
      }
      if (place.schema.kind != Schema::Kind::list || place.schema.items->kind != Schema::Kind::text) continue;
      ApiRequest request = fixture.valid(endpoint);
      request.body = with_at(request.body, place.path, "[7]");
      fixture.names(request, place.dotted() + ".0");
    }
  }
  CHECK(tried > 400);
}

TEST_CASE("icf: a required field that is missing is named, with a body and without one", "[api][icf]") {
  Refusals fixture;
  std::size_t tried = 0;
  for (const api::Endpoint& endpoint : fixture.table) {
    const Shape* shape = json_shape(endpoint);
    if (shape == nullptr || endpoint.bodies.front().patch) continue;
    for (const Shape::Field& field : shape->fields()) {
      if (!field.rules.required) continue;
      ++tried;
      ApiRequest request = fixture.valid(endpoint);
      json::Value body = *json::parse(request.body);
      std::erase_if(*body.object(), [&](const json::Member& member) { return member.first == field.name; });
      request.body = json::to_text(body);
      fixture.names(request, std::string(field.name));
      request.body.clear();
      fixture.names(request, std::string(field.name));
    }
  }
  CHECK(tried >= 10);
}

TEST_CASE("icf: an unknown field is refused with the nearest known name, deep down too", "[api][icf]") {
  Refusals fixture;
  for (const api::Endpoint& endpoint : fixture.table) {
    const Shape* shape = json_shape(endpoint);
    if (shape == nullptr) continue;
    ApiRequest request = fixture.valid(endpoint);
    const std::string valid = request.body;
    request.body = with_at(valid, {"zzzzzzzzzz"}, "1");
    fixture.names(request, "zzzzzzzzzz");
    std::vector<Place> places;
    collect(*shape, {}, places);
    for (const Place& place : places) {
      std::vector<std::string> path = place.path;
      if (path.back().size() < 5) continue;
      path.back().erase(2, 1);
      request.body = with_at(valid, path, "1");
      Place misspelt{path, {}, {}};
      fixture.names(request, misspelt.dotted());
      const ApiAnswer given = fixture.api.send(request);
      INFO(given.body);
      CHECK(given.body.find("did you mean \\\"" + place.path.back() + "\\\"") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace galley::test
