// Bodies that are no JSON, of another type or too large, for every endpoint that takes one.
#include <catch2/catch.hpp>

#include "api/refusals.hpp"

namespace galley::test {
namespace {

TEST_CASE("icf: a body that is no object is refused", "[api][icf]") {
  Refusals fixture;
  for (const api::Endpoint& endpoint : fixture.table) {
    if (json_shape(endpoint) == nullptr) continue;
    for (const std::string& body : std::vector<std::string>{"[]", "[{}]", R"("text")", "7", "true", "null"}) {
      ApiRequest request = fixture.valid(endpoint);
      request.body = body;
      fixture.names(request, "body");
    }
  }
}

TEST_CASE("icf: text that is no JSON, or that no reader can be sure of, is refused with its place", "[api][icf]") {
  using namespace std::string_literals;
  Refusals fixture;
  const std::vector<std::string> hostile = {
      "{",
      "{}x",
      "{'a':1}",
      R"({"a":1,})",
      R"({"a":1e999})",
      R"({"a":-1e999})",
      R"({"a":NaN})",
      R"({"a":01})",
      R"({"a":1,"a":2})",
      R"({"a":{"b":1,"b":1}})",
      R"({"a":"\u0000"})",
      "{\"a\":\"\0\"}"s,
      R"({"a":"\ud800"})",
      R"({"a":"\udc00\ud800"})",
      "{\"a\":\"\xff\"}",
      "{\"a\":\"\xc0\xaf\"}",
      "{\"a\":\"\xed\xa0\x80\"}",
      "{\"a\xff\":1}",
      "\xef\xbb\xbf{}",
      "{\"a\":\"line\nbreak\"}",
      "{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}",
      "{\"a\":" + std::string(100'000, '['),
      [] {
        std::string deep;
        for (int i = 0; i < 100; ++i)
          deep += R"({"a":)";
        return deep + "1" + std::string(100, '}');
      }(),
  };
  for (const api::Endpoint& endpoint : fixture.table) {
    if (json_shape(endpoint) == nullptr) continue;
    for (const std::string& body : hostile) {
      ApiRequest request = fixture.valid(endpoint);
      request.body = body;
      const ApiAnswer given = fixture.refused(request, 400, "INVALID_JSON");
      if (given.status != 400) continue;
      CHECK(given.value("error.details.offset").integer() != nullptr);
      CHECK(given.value("error.details.reason").text() != nullptr);
    }
    // Harmless as JSON, and no crash: the name is what is wrong.
    for (const std::string& number :
         std::vector<std::string>{"0.0000074836628E-2147483636", "-0", "-0.0", "1E-400", "123456789012345678901"}) {
      ApiRequest request = fixture.valid(endpoint);
      request.body = with_at(request.body, {"zzzzzzzzzz"}, number);
      fixture.names(request, "zzzzzzzzzz");
    }
  }
}

TEST_CASE("icf: a body of another media type, or of none, answers 415 with what is accepted", "[api][icf]") {
  Refusals fixture;
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.bodies.empty()) continue;
    for (const std::string& type :
         std::vector<std::string>{"text/plain", "application/xml", "application/jsonx", "multipart/form-data", ""}) {
      ApiRequest request = fixture.valid(endpoint);
      if (request.body.empty()) request.body = "{}";
      request.json = false;
      if (!type.empty()) request.fields.emplace_back("Content-Type", type);
      const ApiAnswer given = fixture.refused(request, 415, "UNSUPPORTED_MEDIA_TYPE");
      if (given.status != 415) continue;
      const json::Value accepted = given.value("error.details.accepted");
      REQUIRE(accepted.array() != nullptr);
      CHECK(accepted.array()->size() == endpoint.bodies.size());
    }
  }
}

TEST_CASE("icf: a body over its endpoint's limit answers 413, with a length and in chunks", "[api][icf]") {
  Refusals fixture;
  for (const api::Endpoint& endpoint : fixture.table) {
    if (endpoint.bodies.empty()) continue;
    ApiRequest request = fixture.valid(endpoint);
    request.body = R"({"a":")" + std::string(endpoint.body_limit, 'x') + R"("})";
    for (const bool chunked : {false, true}) {
      INFO(endpoint.operation << (chunked ? " in chunks" : " with a length"));
      request.chunked = chunked;
      const ApiAnswer given = fixture.api.send(request);
      CHECK(given.status == 413);
      CHECK(given.error_code() == "PAYLOAD_TOO_LARGE");
      CHECK(given.value("error.details").object() != nullptr);
      CHECK(changes(fixture.before, fixture.server.dump()) == "");
    }
  }
}

}  // namespace
}  // namespace galley::test
