#include "domain/event.hpp"

#include <catch2/catch.hpp>

using namespace galley;

namespace {

ArticleSnapshot full_snapshot() {
  return {.id = ArticleId("art_abcdefghijkl"),
          .text = {.title = "\"Quotes\" & <tags> \\ 日本",
                   .markdown = "# A\n\n\ttext\r\n\xE2\x80\xA8 😀",
                   .excerpt = "",
                   .meta_title = "Meta",
                   .meta_description = "Description",
                   .meta_keywords = {"one", "", "three"}},
          .slug = "quotes",
          .status = ArticleStatus::published,
          .keyword = "keyword",
          .categories = {"Garden"},
          .tags = {"a", "b"},
          .author_name = "Ann",
          .url = "https://example.com/quotes",
          .canonical_url = "https://example.com/c",
          .featured_image_url = "https://example.com/i.png",
          .published_at = parse_rfc3339("2026-03-30T15:00:00.123Z"),
          .last_updated_at = Time{},
          .word_count = 9007199254740991,
          .project_name = "Site",
          .project_domain = "https://example.com",
          .language = "de-AT",
          .error = ArticleError{.code = "", .message = "broke"}};
}

void check_round_trip(const Snapshot& snapshot) {
  const Result<Snapshot> back = decode_snapshot(encode_snapshot(snapshot));
  REQUIRE(back.has_value());
  CHECK(*back == snapshot);
}

}  // namespace

TEST_CASE("snapshot: every kind comes back as it was", "[domain]") {
  check_round_trip(full_snapshot());
  check_round_trip(ArticleSnapshot{});
  check_round_trip(JobSnapshot{
      .id = JobId("job_abcdefghijkl"), .kind = "generate", .status = "failed", .total = 3, .done = 2, .failed = 1});
  check_round_trip(JobSnapshot{});
  check_round_trip(ConnectionSnapshot{
      .id = ConnectionId("conn_abcdefghijkl"), .name = "CMS", .type = "webhook", .error = "410 Gone"});
  check_round_trip(KeywordSnapshot{.id = KeywordId("kw_abcdefghijkl"),
                                   .keyword = "moka pot",
                                   .intent = "commercial",
                                   .cluster = ClusterId("clu_abcdefghijkl"),
                                   .cluster_name = "moka"});
  check_round_trip(KeywordSnapshot{});
  check_round_trip(TestSnapshot{.message = "Hello"});
  check_round_trip(TestSnapshot{});
}

TEST_CASE("snapshot: every status comes back", "[domain]") {
  for (const NameOf<ArticleStatus>& name : Names<ArticleStatus>::all) {
    ArticleSnapshot snapshot;
    snapshot.status = name.value;
    check_round_trip(snapshot);
  }
}

TEST_CASE("snapshot: absent and empty texts stay apart", "[domain]") {
  ArticleSnapshot snapshot;
  snapshot.text.excerpt = "";
  const Result<Snapshot> back = decode_snapshot(encode_snapshot(snapshot));
  REQUIRE(back.has_value());
  CHECK(get<ArticleSnapshot>(*back).text.excerpt == "");
  CHECK(get<ArticleSnapshot>(*back).text.meta_title == std::nullopt);
}

TEST_CASE("snapshot: a text that is none of ours is an internal error", "[domain]") {
  for (const std::string_view text :
       {"", "{", "[]", "null", "{}", R"({"of":1})", R"({"of":"user"})", R"({"of":"article"})",
        R"({"of":"article","status":"gone"})", R"({"of":"article","status":"draft","title":1})",
        R"({"of":"article","status":"draft","tags":"a"})", R"({"of":"article","status":"draft","tags":["a",1]})",
        R"({"of":"article","status":"draft","published_at":"2026"})", R"({"of":"job","total":1.5})"}) {
    CAPTURE(text);
    const Result<Snapshot> result = decode_snapshot(text);
    REQUIRE(result.has_error());
    CHECK(result.error().code == ErrorCode::internal);
    CHECK_FALSE(result.error().cause.empty());
  }
}

TEST_CASE("snapshot: it holds the article and what is said of its project", "[domain]") {
  Project project;
  project.name = "Site";
  project.target_domain = "https://example.com";
  project.language = "fr";
  project.author_name = "The team";
  Article article;
  article.id = ArticleId("art_abcdefghijkl");
  article.text.title = "Title";
  article.slug = "title";
  article.status = ArticleStatus::published;
  article.keyword_text = "word";
  article.word_count = 12;
  const ArticleSnapshot snapshot = snapshot_of(project, article);
  CHECK(snapshot.id == article.id);
  CHECK(snapshot.text == article.text);
  CHECK(snapshot.url == "https://example.com/title");
  CHECK(snapshot.author_name == "The team");
  CHECK(snapshot.keyword == "word");
  CHECK(snapshot.project_domain == "https://example.com");
  CHECK(snapshot.language == "fr");
  CHECK(snapshot.canonical_url.empty());
  CHECK(snapshot.word_count == 12);

  article.author_name = "Ann";
  CHECK(snapshot_of(project, article).author_name == "Ann");
  project.target_domain.reset();
  CHECK(snapshot_of(project, article).url.empty());
}
