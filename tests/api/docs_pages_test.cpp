// The documentation pages over HTTP. What a browser makes of them is tested in tests/e2e/docs_test.py.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <set>

#include "api/pages/page_endpoints.hpp"
#include "api/pages/page_files.hpp"
#include "support/api_server.hpp"

namespace galley::test {
namespace {

const Fields in_gzip = {{"Accept-Encoding", "gzip, deflate, br"}};

// Nobody signs in.
struct Pages {
  ApiServer server{{.works = false}};
  ApiClient nobody = server.client("");
};

std::vector<std::string> all_paths() {
  std::vector<std::string> paths;
  for (const api::pages::EmbeddedFile& file : api::pages::embedded_files())
    paths.emplace_back(file.path);
  return paths;
}

std::string gunzip(const std::string& packed) {
  std::string text(8 << 20, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string input = packed;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

// "default-src 'none'; script-src 'self'" in its directives.
std::set<std::string> directives(const std::string& policy) {
  std::set<std::string> all;
  for (std::string_view rest = policy; !rest.empty();) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    all.emplace(trim_ascii(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return all;
}

TEST_CASE("docs: both pages are there, with and without a slash at their end", "[api][docs]") {
  Pages pages;
  for (const std::string& path : std::vector<std::string>{"/api/docs", "/api/redoc", "/password"}) {
    INFO(path);
    const ApiAnswer given = pages.nobody.get(path + "/");
    CHECK(given.status == 200);
    CHECK(given.field("Content-Type") == "text/html; charset=utf-8");
    CHECK(given.body.starts_with("<!doctype html>"));
    CHECK(pages.nobody.get(path).body == given.body);
    CHECK(pages.nobody.get(path + "/?utm_source=x").status == 200);
  }
}

TEST_CASE("docs: whatever a page refers to is on this server", "[api][docs]") {
  Pages pages;
  for (const std::string& page : std::vector<std::string>{"/api/docs/", "/api/redoc/", "/password/"}) {
    const std::string body = pages.nobody.get(page).body;
    int found = 0;
    for (const std::string& attribute : std::vector<std::string>{"href=\"", "src=\""})
      for (std::size_t at = body.find(attribute); at != std::string::npos; at = body.find(attribute, at + 1)) {
        const std::size_t begin = at + attribute.size();
        const std::string address = body.substr(begin, body.find('"', begin) - begin);
        INFO(page << " " << address);
        CHECK(address.starts_with('/'));
        ++found;
        if (address == "/api/schema/") continue;  // that the application gives
        CHECK(pages.nobody.get(address).status == 200);
      }
    CHECK(found >= (page == "/password/" ? 2 : 5));
    CHECK(body.find("<script>") == std::string::npos);
    CHECK(body.find("style=") == std::string::npos);
  }
}

TEST_CASE("docs: every part is typed, cached and shut in", "[api][docs]") {
  Pages pages;
  for (const std::string& path : all_paths()) {
    INFO(path);
    const ApiAnswer given = pages.nobody.get(path, in_gzip);
    CHECK(given.status == 200);
    CHECK_FALSE(given.field("Content-Type").empty());
    CHECK(given.field("Cache-Control") == "public, max-age=3600");
    CHECK(given.field("X-Content-Type-Options") == "nosniff");
    CHECK(given.field("Referrer-Policy") == "no-referrer");
    const std::set<std::string> policy = directives(given.field("Content-Security-Policy"));
    for (const char* directive :
         {"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"})
      CHECK(policy.contains(directive));
    CHECK(given.field("Content-Security-Policy").find("unsafe") == std::string::npos);
    CHECK(given.field("Content-Security-Policy").find("http") == std::string::npos);
    CHECK(policy.size() == (path.ends_with('/') ? 8 : 4));
  }
}

TEST_CASE("docs: with gzip or without, the bytes are the same, and each form has a tag", "[api][docs]") {
  Pages pages;
  for (const std::string& path : all_paths()) {
    INFO(path);
    const ApiAnswer packed = pages.nobody.get(path, in_gzip);
    const ApiAnswer plain = pages.nobody.get(path);
    CHECK(packed.field("Content-Encoding") == "gzip");
    CHECK_FALSE(plain.has_field("Content-Encoding"));
    CHECK(packed.field("Vary") == "Accept-Encoding");
    CHECK(plain.field("Vary") == "Accept-Encoding");
    CHECK((gunzip(packed.body) == plain.body));
    CHECK(packed.field("ETag") != plain.field("ETag"));
    CHECK((pages.nobody.get(path).body == plain.body));
  }
}

TEST_CASE("docs: who has a part already gets 304, with its policy and without a body", "[api][docs]") {
  Pages pages;
  for (const std::string& path : all_paths()) {
    INFO(path);
    for (const Fields& fields : {Fields{}, in_gzip}) {
      const ApiAnswer given = pages.nobody.get(path, fields);
      Fields again = fields;
      again.emplace_back("If-None-Match", given.field("ETag"));
      const ApiAnswer known = pages.nobody.get(path, again);
      CHECK(known.status == 304);
      CHECK(known.body.empty());
      CHECK(known.field("ETag") == given.field("ETag"));
      CHECK(known.field("Content-Security-Policy") == given.field("Content-Security-Policy"));
    }
  }
}

TEST_CASE("docs: HEAD tells what GET would, and nothing else is allowed", "[api][docs]") {
  Pages pages;
  for (const std::string& path : all_paths()) {
    INFO(path);
    const ApiAnswer given = pages.nobody.get(path, in_gzip);
    const ApiAnswer head = pages.nobody.send({.method = "HEAD", .target = path, .fields = in_gzip});
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    for (const char* name : {"Content-Length", "Content-Type", "Content-Encoding", "ETag"})
      CHECK(head.field(name) == given.field(name));
    const ApiAnswer refused = pages.nobody.send({.method = "POST", .target = path});
    CHECK(refused.status == 405);
    CHECK(refused.field("Allow") == "GET, HEAD");
  }
}

TEST_CASE("docs: the licences of what the pages are made of are served beside them", "[api][docs]") {
  Pages pages;
  const ApiAnswer given = pages.nobody.get("/api/docs/licenses.txt");
  CHECK(given.field("Content-Type") == "text/plain; charset=utf-8");
  for (const char* part : {"swagger-ui-dist 5", "redoc 2", "react 1", "Apache License", "Permission is hereby granted"})
    CHECK(given.body.find(part) != std::string::npos);
  CHECK(pages.nobody.get("/api/docs/").body.find(R"(<link rel="license" href="/api/docs/licenses.txt">)") !=
        std::string::npos);
}

TEST_CASE("docs: what is no part of a page answers 404 in JSON", "[api][docs]") {
  Pages pages;
  for (const std::string& path : std::vector<std::string>{
           "/api/docs/swagger-ui.css.map", "/api/docs/index.html", "/api/docs/../schema", "/api/docs//",
           "/api/docs/package.json", "/api/redoc/swagger-ui.css", "/api/redoc/x", "/api/docs/%2e%2e/"}) {
    INFO(path);
    const ApiAnswer given = pages.nobody.get(path);
    CHECK(given.status == 404);
    CHECK(given.error_code() == "ROUTE_NOT_FOUND");
  }
}

TEST_CASE("docs: a client address gets so many parts in a minute as other public pages", "[api][docs]") {
  ApiServer server({.works = false, .public_pages = {.requests_per_minute = 3, .burst = 0}});
  ApiClient nobody = server.client("");
  for (int i = 0; i < 3; ++i)
    CHECK(nobody.get("/api/docs/docs.js").status == 200);
  const ApiAnswer refused = nobody.get("/api/redoc/");
  CHECK(refused.status == 429);
  CHECK(refused.has_field("Retry-After"));
}

TEST_CASE("docs: nothing of ReDoc is fetched from its makers' servers", "[api][docs]") {
  Pages pages;
  const std::string body = pages.nobody.get("/api/redoc/redoc.standalone.js").body;
  CHECK(body.size() > 1'000'000);
  CHECK(body.find("cdn.redoc.ly") == std::string::npos);
  CHECK(body.find("fonts.googleapis.com") == std::string::npos);
}

}  // namespace
}  // namespace galley::test
