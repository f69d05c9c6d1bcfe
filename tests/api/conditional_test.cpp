#include "api/conditional.hpp"

#include <catch2/catch.hpp>

namespace galley::api {
namespace {

constexpr std::string_view etag = "\"3-0badcafe\"";
constexpr std::string_view modified = "Mon, 30 Mar 2026 15:00:00 GMT";

bool answered(http::Method method, std::vector<http::Header> headers) {
  http::Request request;
  request.method = method;
  request.headers = std::move(headers);
  return not_modified(request, etag, modified);
}

bool with(std::string_view name, std::string_view value) {
  return answered(http::Method::get, {{name, value}});
}

}  // namespace

TEST_CASE("conditional: If-None-Match compares weakly, in lists and with a star", "[api]") {
  CHECK(with("If-None-Match", "\"3-0badcafe\""));
  CHECK(with("if-none-match", "W/\"3-0badcafe\""));
  CHECK(with("If-None-Match", "\"1-x\", \"3-0badcafe\""));
  CHECK(with("If-None-Match", "*"));
  CHECK_FALSE(with("If-None-Match", "\"3-other\""));
  CHECK_FALSE(with("If-None-Match", "3-0badcafe"));
  CHECK_FALSE(with("If-None-Match", ""));
}

TEST_CASE("conditional: a time counts only where there is no tag", "[api]") {
  CHECK(with("If-Modified-Since", modified));
  CHECK(with("If-Modified-Since", "Tue, 31 Mar 2026 15:00:00 GMT"));
  CHECK_FALSE(with("If-Modified-Since", "Mon, 30 Mar 2026 14:59:59 GMT"));
  CHECK_FALSE(with("If-Modified-Since", "yesterday"));
  CHECK_FALSE(answered(http::Method::get, {{"If-None-Match", "\"other\""}, {"If-Modified-Since", modified}}));
}

TEST_CASE("conditional: only GET and HEAD can be answered so", "[api]") {
  CHECK(answered(http::Method::head, {{"If-None-Match", etag}}));
  CHECK_FALSE(answered(http::Method::patch, {{"If-None-Match", etag}}));
  CHECK_FALSE(answered(http::Method::post, {{"If-Modified-Since", modified}}));
}

TEST_CASE("conditional: without a tag or a time of our own nothing matches", "[api]") {
  http::Request request;
  request.method = http::Method::get;
  request.headers = {{"If-None-Match", "*"}};
  CHECK_FALSE(not_modified(request, "", modified));
  request.headers = {{"If-Modified-Since", modified}};
  CHECK_FALSE(not_modified(request, etag, ""));
}

}  // namespace galley::api
