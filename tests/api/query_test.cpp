#include "api/query.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "api/credentials.hpp"
#include "support/result_text.hpp"

namespace galley::api {
namespace {

Parameters parsed(std::string_view query) {
  Result<Parameters> parameters = parse_query(query);
  if (parameters.has_error()) FAIL("refused: " + std::string(query));
  return *std::move(parameters);
}

bool refused(std::string_view query) {
  const Result<Parameters> parameters = parse_query(query);
  return parameters.has_error() && parameters.error().code == ErrorCode::validation_failed;
}

http::Request with_authorization(std::string_view value) {
  http::Request request;
  request.headers.push_back({"authorization", value});
  return request;
}

}  // namespace

TEST_CASE("query: parameters keep their order, repeats and empty values", "[api]") {
  CHECK(parsed("a=1&b=&c&a=2") == Parameters{{"a", "1"}, {"b", ""}, {"c", ""}, {"a", "2"}});
  CHECK(parsed("").empty());
  CHECK(parsed("&&a=1&&") == Parameters{{"a", "1"}});
  CHECK(parsed("a=b=c") == Parameters{{"a", "b=c"}});
}

TEST_CASE("query: names and values are form-decoded", "[api]") {
  CHECK(parsed("q=home+espresso%20%2B%C3%A9") == Parameters{{"q", "home espresso +\xC3\xA9"}});
  CHECK(parsed("%61piKey=x") == Parameters{{"apiKey", "x"}});
  CHECK(parsed("a=%26b%3D1") == Parameters{{"a", "&b=1"}});
}

TEST_CASE("query: broken escapes, NUL and text that is not UTF-8 are refused", "[api]") {
  CHECK(refused("a=%"));
  CHECK(refused("a=%2"));
  CHECK(refused("a=%zz"));
  CHECK(refused("%ff=1"));
  CHECK(refused("a=%C3"));
  CHECK(refused("a=%ED%A0%80"));
  CHECK(refused("a=1%002"));
  CHECK(refused("%00=1"));
}

TEST_CASE("query: parameters are counted to their bound", "[api]") {
  std::string query;
  for (std::size_t i = 0; i < max_parameters; ++i)
    query += "a&";
  CHECK(parsed(query).size() == max_parameters);
  CHECK(refused(query + "a"));
}

TEST_CASE("query: the first parameter of a name is found", "[api]") {
  const Parameters parameters = parsed("a=1&b=2&a=3");
  REQUIRE(find_parameter(parameters, "a") != nullptr);
  CHECK(*find_parameter(parameters, "a") == "1");
  CHECK(find_parameter(parameters, "A") == nullptr);
}

TEST_CASE("credentials: the header wins, and the key leaves the query either way", "[api]") {
  Parameters query = parsed("page=2&apiKey=from-query&apiKey=again");
  const Result<Secret> credential = take_credential(with_authorization("Bearer  from-header "), query);
  REQUIRE(credential.has_value());
  CHECK(credential->reveal() == "from-header");
  CHECK(query == Parameters{{"page", "2"}});
}

TEST_CASE("credentials: the query's key counts where there is no header", "[api]") {
  Parameters query = parsed("apiKey=from-query&page=2");
  const Result<Secret> credential = take_credential({}, query);
  REQUIRE(credential.has_value());
  CHECK(credential->reveal() == "from-query");
  CHECK(query == Parameters{{"page", "2"}});
}

TEST_CASE("credentials: none, an empty one and another scheme are unauthorized", "[api]") {
  const auto code = [](const http::Request& request, std::string_view text) {
    Parameters query = parsed(text);
    const Result<Secret> credential = take_credential(request, query);
    CHECK(find_parameter(query, "apiKey") == nullptr);
    return credential.has_error() && credential.error().code == ErrorCode::unauthorized;
  };
  CHECK(code({}, ""));
  CHECK(code({}, "apiKey="));
  CHECK(code({}, "apikey=x"));
  CHECK(code(with_authorization("Bearer"), ""));
  CHECK(code(with_authorization("Bearer "), ""));
  // A header that is there is what was meant, even where it is of no use.
  CHECK(code(with_authorization("Basic dXNlcjpwYXNz"), "apiKey=x"));
}

}  // namespace galley::api
