#include "domain/webhook.hpp"

#include <catch2/catch.hpp>

using namespace galley;

TEST_CASE("event patterns: a name, a noun with a star and the star alone match", "[domain]") {
  CHECK(matches({"article.published"}, EventType::article_published));
  CHECK(matches({"job.completed", "article.*"}, EventType::article_deleted));
  for (const NameOf<EventType>& name : Names<EventType>::all) {
    CHECK(matches({"*"}, name.value));
    CHECK(matches({std::string(name.text)}, name.value));
  }
}

TEST_CASE("event patterns: nothing else matches", "[domain]") {
  CHECK_FALSE(matches({}, EventType::article_published));
  for (const std::string pattern :
       {"article.updated", "job.*", "", ".*", "**", "article", "article.", "article*", "art*.published", "article.pub*",
        "*.published", "Article.published", "article.published ", "article.*.*"}) {
    CAPTURE(pattern);
    CHECK_FALSE(matches({pattern}, EventType::article_published));
  }
}

TEST_CASE("event patterns: those that match some event are accepted", "[domain]") {
  CHECK(check_event_patterns({"*"}).has_value());
  CHECK(check_event_patterns({"article.*", "job.completed", "webhook.test", "connection.*"}).has_value());
}

TEST_CASE("event patterns: every one that no event matches is named", "[domain]") {
  const Result<void> result = check_event_patterns({"article.published", "article.burned", "", "x.*"});
  REQUIRE(result.has_error());
  CHECK(result.error().code == ErrorCode::validation_failed);
  CHECK(result.error().fields == std::vector<FieldError>{{"events", "has no event named \"article.burned\""},
                                                         {"events", "has no event named \"\""},
                                                         {"events", "has no event named \"x.*\""}});
}

TEST_CASE("event patterns: an empty list, a long list and a hostile pattern are refused", "[domain]") {
  CHECK(check_event_patterns({}).has_error());
  CHECK(check_event_patterns(std::vector<std::string>(51, "*")).has_error());
  CHECK(check_event_patterns(std::vector<std::string>(50, "*")).has_value());
  const Result<void> shown = check_event_patterns({std::string(100000, 'x'), "\xff\xfe"});
  REQUIRE(shown.has_error());
  for (const FieldError& field : shown.error().fields)
    CHECK(field.reason.size() < 100);
}
