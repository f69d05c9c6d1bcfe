// The public pages over HTTP: sitemap, feeds, robots.txt. Nobody signs in.
#include <catch2/catch.hpp>

#include "support/api_server.hpp"

namespace galley::test {
namespace {

struct PublicSite {
  ApiServer server{{.works = false}};
  ApiClient api = server.client(server.first().owner);
  ApiClient nobody = server.client("");
  std::string id = api.post("/api/v1/projects", R"({"name":"Site","targetDomain":"https://site.example"})").text("id");
  std::string sitemap = "/api/public/sitemap/" + id;

  std::string publish(const std::string& body) {
    const ApiAnswer made = api.post("/api/v1/projects/" + id + "/articles", body);
    REQUIRE(made.status == 201);
    const ApiAnswer published = api.post(made.field("Location") + "/publish");
    REQUIRE(published.status == 200);
    return made.field("Location");
  }
};

TEST_CASE("public: a project with nothing published has an empty, valid urlset", "[api][icf][sitemap]") {
  PublicSite site;
  const ApiAnswer given = site.nobody.get(site.sitemap);
  CHECK(given.status == 200);
  CHECK(given.field("Content-Type") == "application/xml; charset=utf-8");
  CHECK(given.body.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
  CHECK(given.body.find("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"") != std::string::npos);
  CHECK(given.body.find("<url>") == std::string::npos);
}

TEST_CASE("public: each article has its address, date, frequency and priority, in this order", "[api][icf][sitemap]") {
  PublicSite site;
  site.publish(R"({"title":"One & <two>","featuredImageUrl":"https://img.example/a.png?x=1&y=2"})");
  site.publish(R"({"title":"Elsewhere","canonicalUrl":"https://elsewhere.example/x"})");
  site.publish(R"({"title":"Größe"})");
  const std::string body = site.nobody.get(site.sitemap).body;
  INFO(body);
  const std::size_t loc = body.find("<loc>https://site.example/one-and-two</loc>");
  const std::size_t lastmod = body.find("<lastmod>" + to_date(SystemClock().now()) + "</lastmod>");
  const std::size_t changefreq = body.find("<changefreq>monthly</changefreq>");
  const std::size_t priority = body.find("<priority>0.8</priority>");
  const std::size_t image = body.find("<image:loc>https://img.example/a.png?x=1&amp;y=2</image:loc>");
  REQUIRE(image != std::string::npos);
  CHECK((loc < lastmod && lastmod < changefreq && changefreq < priority && priority < image));
  CHECK(body.find("elsewhere.example") == std::string::npos);
  // The newest last.
  CHECK(body.find("https://site.example/groesse") > loc);
}

TEST_CASE("public: a sitemap is cached by its tag and its date, and sent compressed", "[api][icf][sitemap]") {
  PublicSite site;
  site.publish(R"({"title":"One"})");
  const ApiAnswer plain = site.nobody.get(site.sitemap);
  CHECK(plain.field("Cache-Control").starts_with("public, max-age="));
  CHECK(plain.field("Vary").find("Accept-Encoding") != std::string::npos);
  CHECK_FALSE(plain.field("Last-Modified").empty());
  CHECK_FALSE(plain.has_field("X-RateLimit-Limit"));
  const std::string tag = plain.field("ETag");
  CHECK(site.nobody.get(site.sitemap, {{"If-None-Match", tag}}).status == 304);
  CHECK(site.nobody.get(site.sitemap, {{"If-Modified-Since", plain.field("Last-Modified")}}).status == 304);
  CHECK(site.nobody.get(site.sitemap, {{"If-Modified-Since", "Mon, 01 Jan 2024 00:00:00 GMT"}}).status == 200);
  const ApiAnswer packed = site.nobody.get(site.sitemap, {{"Accept-Encoding", "br, gzip;q=0.5"}});
  CHECK(packed.field("Content-Encoding") == "gzip");
  CHECK(packed.body.substr(0, 2) == "\x1f\x8b");
  CHECK(packed.field("ETag") != tag);
  CHECK_FALSE(site.nobody.get(site.sitemap, {{"Accept-Encoding", "gzip;q=0"}}).has_field("Content-Encoding"));
  CHECK(site.nobody.get(site.sitemap, {{"Accept-Encoding", "gzip"}, {"If-None-Match", packed.field("ETag")}}).status ==
        304);
}

TEST_CASE("public: the sitemap may end in .xml, and takes any parameter", "[api][icf][sitemap]") {
  PublicSite site;
  site.publish(R"({"title":"One"})");
  const std::string body = site.nobody.get(site.sitemap).body;
  CHECK(site.nobody.get(site.sitemap + ".xml").body == body);
  CHECK(site.nobody.get(site.sitemap + "?from=search&x=%zz").body == body);
  CHECK(site.nobody.send({.method = "HEAD", .target = site.sitemap + ".xml"}).status == 200);
  CHECK(site.nobody.send({.method = "POST", .target = site.sitemap}).status == 405);
  CHECK(site.nobody.send({.method = "POST", .target = site.sitemap}).field("Allow") == "GET, HEAD");
}

TEST_CASE("public: an unknown project answers 404 in JSON, on every page", "[api][icf][sitemap]") {
  PublicSite site;
  for (const std::string& page : std::vector<std::string>{"sitemap/", "feed/", "robots/"})
    for (const std::string& id : std::vector<std::string>{"proj_aaaaaaaaaaaaaaaaaaaa", "nonsense", ".xml"}) {
      INFO(page << id);
      const ApiAnswer given = site.nobody.get("/api/public/" + page + id);
      CHECK(given.status == 404);
      CHECK(given.error_code() == "RESOURCE_NOT_FOUND");
    }
}

TEST_CASE("public: addresses come from the server's own address, never from the request's", "[api][icf][sitemap]") {
  PublicSite site;
  RawClient wire(site.server.port());
  wire.send("GET /api/public/robots/" + site.id +
            " HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
            "Connection: close\r\n\r\n");
  const std::string text = wire.read_until_close();
  CHECK(text.find("evil.example") == std::string::npos);
  CHECK(text.find("Sitemap: https://galley.example" + site.sitemap) != std::string::npos);
  REQUIRE(site.api.patch("/api/v1/projects/" + site.id, R"({"sitemap":{"baseUrl":"https://maps.example"}})").status ==
          200);
  CHECK(site.nobody.get("/api/public/robots/" + site.id).body.find("https://maps.example") != std::string::npos);
}

TEST_CASE("public: the feed is Atom, or JSON Feed, of what is published", "[api][icf][sitemap]") {
  PublicSite site;
  const std::string article = site.publish(R"({"title":"One & <two>","markdown":"Text."})");
  site.api.post("/api/v1/projects/" + site.id + "/articles", R"({"title":"Only a draft"})");
  const ApiAnswer atom = site.nobody.get("/api/public/feed/" + site.id);
  CHECK(atom.field("Content-Type") == "application/atom+xml; charset=utf-8");
  CHECK(atom.body.find("One &amp; &lt;two&gt;") != std::string::npos);
  CHECK(atom.body.find("Only a draft") == std::string::npos);
  const ApiAnswer feed = site.nobody.get("/api/public/feed/" + site.id + "?format=json");
  CHECK(feed.field("Content-Type") == "application/feed+json; charset=utf-8");
  CHECK(feed.text("version") == "https://jsonfeed.org/version/1.1");
  CHECK(feed.text("items.0.title") == "One & <two>");
  CHECK(feed.value("items").array()->size() == 1);
  CHECK(site.nobody.get("/api/public/feed/" + site.id, {{"If-None-Match", atom.field("ETag")}}).status == 304);
  REQUIRE(site.api.post(article + "/unpublish").status == 200);
  CHECK(site.nobody.get("/api/public/feed/" + site.id + "?format=json").value("items").array()->empty());
}

}  // namespace
}  // namespace galley::test
