#include "api/icf/icf_dialect.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "api/error_table.hpp"

namespace galley::api::icf {
namespace {

std::string error_text(const Error& error) {
  std::string text;
  write_error(error, text);
  return text;
}

}  // namespace

TEST_CASE("icf: every error code has a status of its kind and a name of its own", "[api][icf]") {
  std::set<std::string_view> names;
  for (const PublicError& row : error_table) {
    INFO(row.name);
    CHECK(row.status >= 400);
    CHECK(row.status < 600);
    CHECK(names.insert(row.name).second);
    CHECK(row.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos);
    CHECK(row.title.ends_with('.'));
  }
}

TEST_CASE("icf: the documented statuses and codes", "[api][icf]") {
  const auto is = [](ErrorCode code, int status, std::string_view name) {
    return public_error(code).status == status && public_error(code).name == name;
  };
  CHECK(is(ErrorCode::invalid_json, 400, "INVALID_JSON"));
  CHECK(is(ErrorCode::validation_failed, 400, "VALIDATION_FAILED"));
  CHECK(is(ErrorCode::unauthorized, 401, "UNAUTHORIZED"));
  CHECK(is(ErrorCode::quota_exceeded, 402, "QUOTA_EXCEEDED"));
  CHECK(is(ErrorCode::forbidden, 403, "FORBIDDEN"));
  CHECK(is(ErrorCode::not_found, 404, "RESOURCE_NOT_FOUND"));
  CHECK(is(ErrorCode::route_not_found, 404, "ROUTE_NOT_FOUND"));
  CHECK(is(ErrorCode::method_not_allowed, 405, "METHOD_NOT_ALLOWED"));
  CHECK(is(ErrorCode::conflict, 409, "CONFLICT"));
  CHECK(is(ErrorCode::precondition_failed, 412, "PRECONDITION_FAILED"));
  CHECK(is(ErrorCode::payload_too_large, 413, "PAYLOAD_TOO_LARGE"));
  CHECK(is(ErrorCode::uri_too_long, 414, "URI_TOO_LONG"));
  CHECK(is(ErrorCode::unsupported_media_type, 415, "UNSUPPORTED_MEDIA_TYPE"));
  CHECK(is(ErrorCode::connection_rejected, 422, "CONNECTION_REJECTED"));
  CHECK(is(ErrorCode::rate_limited, 429, "RATE_LIMIT_EXCEEDED"));
  CHECK(is(ErrorCode::headers_too_large, 431, "HEADERS_TOO_LARGE"));
  CHECK(is(ErrorCode::internal, 500, "INTERNAL_ERROR"));
  CHECK(is(ErrorCode::unavailable, 503, "UNAVAILABLE"));
}

TEST_CASE("icf: snake_case becomes camelCase", "[api][icf]") {
  CHECK(camel("target_domain") == "targetDomain");
  CHECK(camel("article_id") == "articleId");
  CHECK(camel("keywords.3.cluster_id") == "keywords.3.clusterId");
  CHECK(camel("targetDomain") == "targetDomain");
  CHECK(camel("url") == "url");
  CHECK(camel("_id") == "_id");
  CHECK(camel("filter._x") == "filter._x");
  CHECK(camel("") == "");
}

TEST_CASE("icf: a missing thing is told as in the reference", "[api][icf]") {
  CHECK(error_text(not_found("article", "art_xyz789")) ==
        R"({"error":{"code":"RESOURCE_NOT_FOUND","message":"The requested article could not be found.",)"
        R"("details":{"articleId":"art_xyz789"}}})");
}

TEST_CASE("icf: details are an object even where there are none", "[api][icf]") {
  CHECK(error_text(forbidden("No.")) == R"({"error":{"code":"FORBIDDEN","message":"No.","details":{}}})");
}

TEST_CASE("icf: every reason stands under its field", "[api][icf]") {
  const std::string text = error_text(
      invalid({{"target_domain", "is not a URL"}, {"name", "is required"}, {"target_domain", "is too long"}}));
  CHECK(text.find(R"("details":{"fields":{"name":["is required"],"targetDomain":["is not a URL","is too long"]}})") !=
        std::string::npos);
}

TEST_CASE("icf: details keep their types, and a hostile text its quotes", "[api][icf]") {
  const Error error{.code = ErrorCode::conflict,
                    .message = "Say \"no\"",
                    .details = {{"status", std::string("a\"},\n")},
                                {"used_up", std::int64_t{7}},
                                {"allowed", std::vector<std::string>{"edit", "remove"}}}};
  CHECK(error_text(error) == R"({"error":{"code":"CONFLICT","message":"Say \"no\"",)"
                             R"("details":{"status":"a\"},\n","usedUp":7,"allowed":["edit","remove"]}}})");
}

TEST_CASE("icf: what is for header fields and for the log alone is not in the body", "[api][icf]") {
  const Error error{.code = ErrorCode::method_not_allowed,
                    .message = "No.",
                    .details = {{"allow", std::string("GET, HEAD")}, {"retry_after", std::int64_t{3}}},
                    .cause = "disk on fire"};
  const std::string text = error_text(error);
  CHECK(text.find("GET, HEAD") == std::string::npos);
  CHECK(text.find("etry") == std::string::npos);
  CHECK(text.find("fire") == std::string::npos);
}

TEST_CASE("icf: a list by number tells its page, one by cursor does not", "[api][icf]") {
  std::string text;
  write_list(R"([{"id":1}])", {.page = 2, .size = 20, .total = 137, .next_cursor = "abc"}, text);
  CHECK(text == R"({"data":[{"id":1}],"pagination":{"page":2,"pageSize":20,"total":137,"nextCursor":"abc"}})");
  text.clear();
  write_list("[]", {.size = 5, .total = 10000, .total_is_exact = false, .by_cursor = true}, text);
  CHECK(text == R"({"data":[],"pagination":{"pageSize":5,"total":10000,"totalIsExact":false,"nextCursor":null}})");
}

}  // namespace galley::api::icf
