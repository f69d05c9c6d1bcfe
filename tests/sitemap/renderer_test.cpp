#include "sitemap/renderer.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <iterator>
#include <pugixml.hpp>
#include <vector>

#include "sitemap/schema.hpp"

using namespace galley;
using namespace galley::sitemap;

namespace {

Project site() {
  Project project;
  project.id = ProjectId("proj_abcdefghijkl");
  project.name = "Site";
  project.target_domain = "https://example.com";
  return project;
}

Article article(std::string slug) {
  Article made;
  made.id = ArticleId("art_abcdefghijkl");
  made.slug = std::move(slug);
  made.text.title = "Title";
  made.status = ArticleStatus::published;
  made.published_at = parse_rfc3339("2026-03-01T10:00:00Z");
  made.last_updated_at = parse_rfc3339("2026-03-30T23:59:59Z");
  return made;
}

pugi::xml_node root_of(pugi::xml_document& document, const std::string& xml) {
  REQUIRE(document.load_buffer(xml.data(), xml.size()));
  return document.document_element();
}

std::vector<std::string> locs(const std::string& xml) {
  pugi::xml_document document;
  std::vector<std::string> found;
  for (const pugi::xml_node url : root_of(document, xml).children())
    found.emplace_back(url.child_value("loc"));
  return found;
}

std::vector<std::string> children_of_first(const std::string& xml) {
  pugi::xml_document document;
  std::vector<std::string> names;
  for (const pugi::xml_node child : root_of(document, xml).first_child().children())
    names.emplace_back(child.name());
  return names;
}

std::string gunzip(const std::string& packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string out(60'000'000, '\0');
  stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("urlset: an article is a url with its children in the schema's order", "[sitemap]") {
  const std::vector<Article> articles{article("apple-trees")};
  const Urlset set = render_urlset(site(), articles);
  CHECK(set.xml ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        "<url><loc>https://example.com/apple-trees</loc><lastmod>2026-03-30</lastmod>"
        "<changefreq>monthly</changefreq><priority>0.8</priority></url>\n"
        "</urlset>\n");
  CHECK(set.urls == 1);
  CHECK(set.left_out == 0);
  CHECK(set.beyond_limit == 0);
  CHECK(is_valid(set.xml, "sitemap"));
}

TEST_CASE("urlset: a featured image stands behind the rest, with its namespace", "[sitemap]") {
  std::vector<Article> articles{article("a"), article("b")};
  articles[0].featured_image_url = "https://cdn.example/i.png?w=1&h=2";
  const Urlset set = render_urlset(site(), articles);
  CHECK(children_of_first(set.xml) ==
        std::vector<std::string>{"loc", "lastmod", "changefreq", "priority", "image:image"});
  CHECK(set.xml.find("<image:image><image:loc>https://cdn.example/i.png?w=1&amp;h=2</image:loc></image:image>") !=
        std::string::npos);
  CHECK(set.xml.find("xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\"") != std::string::npos);
  CHECK(is_valid(set.xml, "sitemap"));
  articles[0].featured_image_url = "javascript:alert(1)";
  const Urlset without = render_urlset(site(), articles);
  CHECK(without.xml.find("javascript") == std::string::npos);
  CHECK(is_valid(without.xml, "sitemap"));
}

TEST_CASE("urlset: the project's settings are used, priorities with one decimal", "[sitemap]") {
  Project project = site();
  const std::vector<Article> articles{article("a")};
  for (const auto& [priority, text] : std::vector<std::pair<double, std::string>>{
           {0.0, "0.0"}, {1.0, "1.0"}, {0.55, "0.6"}, {0.04, "0.0"}, {0.3, "0.3"}, {7.0, "1.0"}, {-1.0, "0.0"}}) {
    project.sitemap.priority = priority;
    const std::string xml = render_urlset(project, articles).xml;
    CAPTURE(priority);
    CHECK(xml.find("<priority>" + text + "</priority>") != std::string::npos);
    CHECK(is_valid(xml, "sitemap"));
  }
  for (const NameOf<ChangeFrequency>& name : Names<ChangeFrequency>::all) {
    project.sitemap.changefreq = name.value;
    const std::string xml = render_urlset(project, articles).xml;
    CHECK(xml.find("<changefreq>" + std::string(name.text) + "</changefreq>") != std::string::npos);
    CHECK(is_valid(xml, "sitemap"));
  }
}

TEST_CASE("urlset: lastmod is the first publish where nothing changed since", "[sitemap]") {
  std::vector<Article> articles{article("a")};
  articles[0].last_updated_at.reset();
  CHECK(render_urlset(site(), articles).xml.find("<lastmod>2026-03-01</lastmod>") != std::string::npos);
  articles[0].published_at.reset();
  const std::string xml = render_urlset(site(), articles).xml;
  CHECK(xml.find("lastmod") == std::string::npos);
  CHECK(is_valid(xml, "sitemap"));
}

TEST_CASE("urlset: addresses are percent-encoded and escaped", "[sitemap]") {
  Project project = site();
  project.permalink = "/q&a/it's/{slug}";
  std::vector<Article> articles{article("größe-日本"), article("b")};
  articles[1].external_url = "https://example.com/?a=1&b=<2>\"'";
  const Urlset set = render_urlset(project, articles);
  CHECK(set.xml.find("<loc>https://example.com/q&amp;a/it&apos;s/gr%C3%B6%C3%9Fe-%E6%97%A5%E6%9C%AC</loc>") !=
        std::string::npos);
  CHECK(set.xml.find("<loc>https://example.com/?a=1&amp;b=%3C2%3E%22&apos;</loc>") != std::string::npos);
  CHECK(is_valid(set.xml, "sitemap"));
}

TEST_CASE("urlset: the order given is kept", "[sitemap]") {
  const std::vector<Article> articles{article("zeta"), article("alpha"), article("midst")};
  CHECK(locs(render_urlset(site(), articles).xml) ==
        std::vector<std::string>{"https://example.com/zeta", "https://example.com/alpha", "https://example.com/midst"});
}

TEST_CASE("urlset: an article that is canonical on another host is left out", "[sitemap]") {
  std::vector<Article> articles{article("a"), article("b"), article("c"), article("d")};
  articles[0].canonical_url = "https://other.example/a";
  articles[1].canonical_url = "https://EXAMPLE.com/elsewhere";
  articles[2].canonical_url = "http://example.com:8080/c";
  articles[3].canonical_url = "https://www.example.com/d";
  const Urlset set = render_urlset(site(), articles);
  CHECK(locs(set.xml) == std::vector<std::string>{"https://example.com/elsewhere", "http://example.com:8080/c"});
  CHECK(set.left_out == 2);
  CHECK(set.xml.find("other.example") == std::string::npos);
}

TEST_CASE("urlset: the CMS's own address counts on whatever host", "[sitemap]") {
  std::vector<Article> articles{article("a")};
  articles[0].external_url = "https://blog.example/posts/1";
  CHECK(locs(render_urlset(site(), articles).xml) == std::vector<std::string>{"https://blog.example/posts/1"});
}

TEST_CASE("urlset: without a domain only articles with an address of their own are in it", "[sitemap]") {
  Project project = site();
  project.target_domain.reset();
  std::vector<Article> articles{article("a"), article("b")};
  articles[1].canonical_url = "https://other.example/b";
  const Urlset set = render_urlset(project, articles);
  CHECK(locs(set.xml) == std::vector<std::string>{"https://other.example/b"});
  CHECK(set.left_out == 1);
}

TEST_CASE("urlset: addresses that the schema does not take are left out", "[sitemap]") {
  std::string wide;
  for (int i = 0; i < 200; ++i)
    wide += "\xF0\xA0\x80\x80";
  Project tiny = site();
  tiny.target_domain = "http://a";
  const std::vector<Article> articles{article(wide)};
  CHECK(render_urlset(site(), articles).left_out == 1);
  const std::vector<Article> short_one{article("b")};
  CHECK(render_urlset(tiny, short_one).left_out == 1);
}

TEST_CASE("urlset: nothing published gives an empty urlset", "[sitemap]") {
  const Urlset set = render_urlset(site(), {});
  CHECK(set.xml ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n</urlset>\n");
  pugi::xml_document document;
  CHECK(std::string(root_of(document, set.xml).name()) == "urlset");
}

TEST_CASE("urlset: 50,000 articles fit in one document under 50 MB", "[sitemap]") {
  std::vector<Article> articles(50'000, article(""));
  for (std::size_t i = 0; i < articles.size(); ++i) {
    articles[i].slug = std::string(60, 'x') + '-' + std::to_string(i);
    articles[i].featured_image_url = "https://example.com/media/" + std::to_string(i) + ".webp";
  }
  const Urlset set = render_urlset(site(), articles);
  CHECK(set.urls == 50'000);
  CHECK(set.beyond_limit == 0);
  CHECK(set.xml.size() < max_document_bytes);
  CHECK(locs(set.xml).size() == 50'000);
  CHECK(is_valid(set.xml, "sitemap"));
  const std::string packed = gzip(set.xml);
  CHECK(packed.size() < set.xml.size() / 5);
  CHECK((gunzip(packed) == set.xml));

  articles.push_back(article("one-too-many"));
  const Urlset more = render_urlset(site(), articles);
  CHECK(more.urls == 50'000);
  CHECK(more.beyond_limit == 1);
  CHECK(more.xml.find("one-too-many") == std::string::npos);
}

TEST_CASE("urlset: where the document is full images go first, then the articles at the end", "[sitemap]") {
  std::vector<Article> articles;
  for (int i = 0; i < 20; ++i) {
    articles.push_back(article("article-" + std::to_string(i)));
    articles.back().featured_image_url = "https://example.com/" + std::string(200, 'i');
  }
  const std::size_t whole = render_urlset(site(), articles).xml.size();
  const Urlset bare = render_urlset(site(), articles, whole - 1);
  CHECK(bare.urls == 20);
  CHECK(bare.xml.find("image") == std::string::npos);
  CHECK(is_valid(bare.xml, "sitemap"));

  const Urlset cut = render_urlset(site(), articles, bare.xml.size() - 1);
  CHECK(cut.urls == 19);
  CHECK(cut.beyond_limit == 1);
  CHECK(cut.xml.size() < bare.xml.size());
  CHECK(locs(cut.xml).back() == "https://example.com/article-18");
  CHECK(is_valid(cut.xml, "sitemap"));
}

TEST_CASE("index: each entry has its address and its own date", "[sitemap]") {
  const std::vector<IndexEntry> entries{
      {"https://galley.example/api/public/sitemap/proj_a/1.xml", parse_rfc3339("2026-01-02T03:04:05Z").value()},
      {"https://galley.example/api/public/sitemap/proj_a/2.xml?a=1&b=2",
       parse_rfc3339("2026-03-30T00:00:00Z").value()}};
  const std::string xml = render_index(entries);
  CHECK(xml ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        "<sitemap><loc>https://galley.example/api/public/sitemap/proj_a/1.xml</loc>"
        "<lastmod>2026-01-02</lastmod></sitemap>\n"
        "<sitemap><loc>https://galley.example/api/public/sitemap/proj_a/2.xml?a=1&amp;b=2</loc>"
        "<lastmod>2026-03-30</lastmod></sitemap>\n"
        "</sitemapindex>\n");
  CHECK(is_valid(xml, "siteindex"));
}

TEST_CASE("index: it holds 50,000 entries at most", "[sitemap]") {
  const std::vector<IndexEntry> entries(50'001, {"https://galley.example/1.xml", Time{}});
  CHECK(locs(render_index(entries)).size() == 50'000);
}

TEST_CASE("schema: the judge refuses what the schema refuses", "[sitemap]") {
  const std::string head = "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url>";
  const std::string tail = "</url></urlset>";
  CHECK(xmllint(head + "<loc>https://example.com/</loc>" + tail, "sitemap") == 0);
  for (const std::string children :
       {"<lastmod>2026-01-01</lastmod><loc>https://example.com/</loc>", "<loc>http://a/b</loc>", "",
        "<loc>https://example.com/</loc><priority>1.1</priority>",
        "<loc>https://example.com/</loc><lastmod>2026-02-30</lastmod>",
        "<loc>https://example.com/</loc><changefreq>often</changefreq>"}) {
    CAPTURE(children);
    CHECK(xmllint(head + children + tail, "sitemap") == 3);
  }
}

TEST_CASE("robots: everything is allowed and the sitemap named", "[sitemap]") {
  CHECK(render_robots("https://galley.example/api/public/sitemap/proj_a") ==
        "User-agent: *\nDisallow:\n\nSitemap: https://galley.example/api/public/sitemap/proj_a\n");
  CHECK(render_robots("https://a.example/\r\nDisallow: /") ==
        "User-agent: *\nDisallow:\n\nSitemap: https://a.example/Disallow:/\n");
}

TEST_CASE("gzip: any text comes back, and is the same bytes each time", "[sitemap]") {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string(100'000, 'z'), std::string("\0\xff", 2)}) {
    const std::string packed = gzip(text);
    CHECK((gunzip(packed) == text));
    CHECK(gzip(text) == packed);
  }
}
