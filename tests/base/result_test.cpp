#include "base/result.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>

using namespace galley;

namespace {

Result<std::unique_ptr<int>> boxed(int value) {
  if (value < 0) return invalid("value", "must not be negative");
  return std::make_unique<int>(value);
}

Result<> check(int value) {
  if (value > 100) return conflict("The value is taken.");
  return {};
}

Result<int> doubled(int value) {
  const std::unique_ptr<int> box = GALLEY_TRY(boxed(value));
  GALLEY_TRY(check(*box));
  return *box * 2;
}

}  // namespace

TEST_CASE("result: TRY yields the value, movable or void, or leaves with the error", "[base]") {
  CHECK(doubled(21).value() == 42);
  const auto negative = doubled(-1);
  REQUIRE(negative.has_error());
  CHECK(negative.error().code == ErrorCode::validation_failed);
  CHECK(negative.error().fields == std::vector<FieldError>{{"value", "must not be negative"}});
  CHECK(doubled(101).error().code == ErrorCode::conflict);
}

TEST_CASE("result: asking an error for its value throws", "[base]") {
  CHECK_THROWS_AS(doubled(-1).value(), std::logic_error);
}

TEST_CASE("result: errors carry words for the caller and details for programs", "[base]") {
  const Error missing = not_found("article", "art_1");
  CHECK(missing.message == "The requested article could not be found.");
  CHECK(missing.details == std::vector<Detail>{{"article_id", std::string("art_1")}});
  const Error state = wrong_state("It is published.", "published", {"draft", "review"});
  CHECK(state.code == ErrorCode::conflict);
  CHECK(state.details.at(0) == Detail{"status", std::string("published")});
  CHECK(state.details.at(1) == Detail{"allowed", std::vector<std::string>{"draft", "review"}});
}

TEST_CASE("result: an internal error keeps its cause from the caller", "[base]") {
  const Error error = internal_error("disk on fire");
  CHECK(error.cause == "disk on fire");
  CHECK(error.message.find("fire") == std::string::npos);
  CHECK(error.details.empty());
}

TEST_CASE("result: the bad fields of several results are gathered in their order, and good ones add none", "[base]") {
  const Result<int> first = invalid(std::vector<FieldError>{{"name", "must not be empty"}, {"url", "is not a URL"}});
  const Result<void> good;
  Result<std::string> second = invalid("language", "must be a BCP 47 tag");
  std::vector<FieldError> fields{{"kept", "was there before"}};
  gather_fields(first, fields);
  gather_fields(good, fields);
  gather_fields(second, fields);
  gather_fields(Result<void>(conflict("It has no fields.")), fields);
  CHECK(fields == std::vector<FieldError>{{"kept", "was there before"},
                                          {"name", "must not be empty"},
                                          {"url", "is not a URL"},
                                          {"language", "must be a BCP 47 tag"}});
  CHECK(first.error().fields.size() == 2);
}
