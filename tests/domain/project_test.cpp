#include "domain/project.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

using namespace galley;

namespace {

std::string domain_of(std::string_view text) {
  const Result<std::string> result = normalize_target_domain(text);
  if (result.has_value()) return *result;
  CHECK(result.error().code == ErrorCode::validation_failed);
  CHECK(result.error().fields.at(0).field == "target_domain");
  return "refused";
}

Project good_project() {
  Project project;
  project.name = "Garden blog";
  project.target_domain = "https://example.com";
  return project;
}

std::vector<std::string> bad_fields(const Project& project) {
  std::vector<std::string> names;
  const Result<void> result = check(project);
  if (result.has_error()) {
    for (const FieldError& field : result.error().fields)
      names.push_back(field.field);
  }
  return names;
}

}  // namespace

TEST_CASE("target domain: a bare host becomes https, a trailing slash goes", "[domain]") {
  CHECK(domain_of("example.com") == "https://example.com");
  CHECK(domain_of(" Example.COM/ ") == "https://example.com");
  CHECK(domain_of("https://example.com/") == "https://example.com");
  CHECK(domain_of("http://example.com:8080/") == "http://example.com:8080");
  CHECK(domain_of("example.com:8080") == "https://example.com:8080");
  CHECK(domain_of("localhost:3000") == "https://localhost:3000");
  CHECK(domain_of("http://wiki") == "http://wiki");
  CHECK(domain_of("bücher.example") == "https://xn--bcher-kva.example");
}

TEST_CASE("target domain: paths are kept", "[domain]") {
  CHECK(domain_of("https://example.com/blog") == "https://example.com/blog");
  CHECK(domain_of("example.com/blog/") == "https://example.com/blog");
  CHECK(domain_of("example.com/größe") == "https://example.com/gr%C3%B6%C3%9Fe");
}

TEST_CASE("target domain: normalizing twice changes nothing", "[domain]") {
  for (const std::string_view text :
       {"example.com", "https://example.com/blog/", "http://[::1]:81/x", "bücher.example"}) {
    CHECK(domain_of(domain_of(text)) == domain_of(text));
  }
}

TEST_CASE("target domain: what is no site's address is refused", "[domain]") {
  for (const std::string_view text :
       {"", "   ", "my site", "blog", "ftp://example.com", "javascript:alert(1)", "mailto:a@b.example", "//example.com",
        "https://example.com?x=1", "https://example.com#x", "https://user@example.com", "https://example.com//blog",
        "https://example.com/blog//", "https://example.com/../x", "https://example.com/./", "https://",
        "exa\nmple.com"}) {
    CAPTURE(text);
    CHECK(domain_of(text) == "refused");
  }
  CHECK(domain_of("https://example.com/" + std::string(500, 'a')) == "refused");
}

TEST_CASE("permalink: patterns that name the article are accepted", "[domain]") {
  for (const std::string_view pattern : {"/{slug}", "/blog/{year}/{month}/{day}/{slug}", "/{id}", "/a/{slug}.html",
                                         "/{slug}/", "/p-{id}-{slug}", "/größe/{slug}", "/~me/{slug};v=1"}) {
    CAPTURE(pattern);
    CHECK(check_permalink(pattern).has_value());
  }
}

TEST_CASE("permalink: patterns that are no path or name no article are refused", "[domain]") {
  for (const std::string_view pattern :
       {"",          "{slug}",     "/",           "/blog",          "/{year}/{month}", "/{title}",   "/{slug",
        "/slug}",    "/{{slug}}",  "/{}",         "/{Slug}",        "//{slug}",        "/a//{slug}", "/../{slug}",
        "/./{slug}", "/{slug}/..", "/{slug}?x=1", "/{slug}#top",    "/a b/{slug}",     "/{slug}\n",  "/{slug}%20",
        "/\\{slug}", "/<{slug}>",  "/\xff{slug}", "/{slug}\xc2\x85"}) {
    CAPTURE(pattern);
    const Result<void> result = check_permalink(pattern);
    REQUIRE(result.has_error());
    CHECK(result.error().fields.at(0).field == "permalink");
  }
  CHECK(check_permalink("/{slug}" + std::string(200, 'a')).has_error());
}

TEST_CASE("language: tags of language, script, region and variants are accepted", "[domain]") {
  for (const std::string_view tag :
       {"en", "de-AT", "zh-Hant-TW", "es-419", "sr-Latn", "sl-rozaj-biske", "de-CH-1996", "gsw", "EN-us"}) {
    CAPTURE(tag);
    CHECK(check_language(tag).has_value());
  }
}

TEST_CASE("language: what is no tag is refused", "[domain]") {
  for (const std::string_view tag :
       {"",       "e",        "english", "en_US",        "en-",        "-en",          "en--US",         "en-U",
        "en-USA", "de-AT-CH", "123",     "en-x-private", "en-a-myext", "de-1996-1996", "de-1996-1996x-", "e n",
        "en-US ", "en\n",     "dé",      "zh-Hant-Hans"}) {
    CAPTURE(tag);
    CHECK(check_language(tag).has_error());
  }
  CHECK(check_language("en-" + std::string(64, 'a')).has_error());
}

TEST_CASE("project: the defaults with a name are good", "[domain]") {
  Project project;
  project.name = "x";
  CHECK(check(project).has_value());
  CHECK(check(good_project()).has_value());
}

TEST_CASE("project: every bad field is named at once", "[domain]") {
  Project project = good_project();
  project.name = "  ";
  project.target_domain = "not a domain";
  project.language = "english please";
  project.permalink = "/blog";
  project.tone_of_voice = "";
  project.avoid_words = {"fine", "", "two\nlines"};
  project.sitemap.priority = 1.01;
  project.sitemap.base_url = "example.com";
  CHECK(bad_fields(project) == std::vector<std::string>{"name", "target_domain", "language", "tone_of_voice",
                                                        "avoid_words.1", "avoid_words.2", "permalink",
                                                        "sitemap.priority", "sitemap.base_url"});
}

TEST_CASE("project: lengths are counted in code points", "[domain]") {
  Project project = good_project();
  std::string name;
  for (int i = 0; i < 200; ++i)
    name += "ü";
  project.name = name;
  CHECK(check(project).has_value());
  project.name += "x";
  const Result<void> result = check(project);
  REQUIRE(result.has_error());
  CHECK(result.error().fields == std::vector<FieldError>{{"name", "must be at most 200 characters long"}});
}

TEST_CASE("project: bounds of the optional texts and of the lists hold", "[domain]") {
  Project project = good_project();
  project.niche = std::string(500, 'n');
  project.writing_style = std::string(1998, 's') + "\n.";
  project.avoid_words.assign(100, "word");
  project.author_name = "";
  CHECK(check(project).has_value());
  project.niche->push_back('n');
  project.writing_style->push_back('s');
  project.avoid_words.emplace_back("word");
  project.author_name = std::string(201, 'a');
  CHECK(bad_fields(project) == std::vector<std::string>{"niche", "writing_style", "avoid_words", "author_name"});
}

TEST_CASE("project: text that is not UTF-8 or holds control characters is refused", "[domain]") {
  Project project = good_project();
  project.name = "a\xff";
  project.niche = std::string("a\0b", 3);
  project.author_name = "line\nbreak";
  CHECK(bad_fields(project) == std::vector<std::string>{"name", "niche", "author_name"});
}

TEST_CASE("project: a priority that is no number is refused", "[domain]") {
  Project project = good_project();
  for (const double priority :
       {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    project.sitemap.priority = priority;
    CHECK(bad_fields(project) == std::vector<std::string>{"sitemap.priority"});
  }
  for (const double priority : {0.0, 0.5, 1.0}) {
    project.sitemap.priority = priority;
    CHECK(check(project).has_value());
  }
}

TEST_CASE("project: a domain that was not normalized is refused", "[domain]") {
  Project project = good_project();
  project.target_domain = "https://example.com/";
  CHECK(bad_fields(project) == std::vector<std::string>{"target_domain"});
  project.target_domain = "example.com";
  CHECK(bad_fields(project) == std::vector<std::string>{"target_domain"});
}
