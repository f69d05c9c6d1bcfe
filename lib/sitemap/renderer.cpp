#include "sitemap/renderer.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>

#include "domain/sitemap.hpp"
#include "domain/web_url.hpp"
#include "sitemap/xml.hpp"

namespace galley::sitemap {
namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view urlset_end = "</urlset>\n";
// sitemap.xsd: tLoc is xsd:anyURI of 12 to 2048 characters.
constexpr std::size_t min_loc = 12, max_loc = 2048;

constexpr std::string_view urlset_begin(bool with_images) {
  return with_images ? "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
                       "xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">\n"
                     : "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
}

void append_element(std::string& out, std::string_view name, std::string_view text) {
  out.append("<").append(name).append(">");
  append_escaped(out, text);
  out.append("</").append(name).append(">");
}

// The same for every article of the project: "<changefreq>…</changefreq><priority>…</priority>".
std::string common_tail(const SitemapSettings& settings) {
  std::string tail;
  append_element(tail, "changefreq", to_text(settings.changefreq));
  // Not by printf: its decimal point is the locale's.
  const double clamped = settings.priority >= 0 ? std::min(settings.priority, 1.0) : 0.0;
  const long tenths = std::lround(clamped * 10);
  append_element(tail, "priority", std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10));
  return tail;
}

std::string host_of(const std::optional<std::string>& url) {
  if (!url) return {};
  const std::optional<WebUrl> parsed = parse_web_url(*url);
  return parsed ? parsed->host : std::string{};
}

class UrlsetWriter {
 public:
  UrlsetWriter(const Project& project, bool with_images, std::size_t max_bytes)
      : project_(project),
        host_(host_of(project.target_domain)),
        tail_(common_tail(project.sitemap)),
        with_images_(with_images),
        max_bytes_(max_bytes) {
    set_.xml.append(declaration).append(urlset_begin(with_images));
  }

  void reserve(std::size_t articles) { set_.xml.reserve(std::min(max_bytes_, set_.xml.size() + articles * 200)); }

  void add(const Article& article) {
    const std::optional<std::string> loc = location(article);
    if (!loc) {
      ++set_.left_out;
      return;
    }
    const std::size_t before = set_.xml.size();
    append_url(article, *loc);
    if (set_.xml.size() + urlset_end.size() > max_bytes_) {
      set_.xml.resize(before);
      ++set_.beyond_limit;
    } else {
      ++set_.urls;
    }
  }

  void add_beyond(std::size_t articles) { set_.beyond_limit += articles; }
  bool is_full() const { return set_.beyond_limit > 0; }

  Urlset finish() && {
    set_.xml += urlset_end;
    return std::move(set_);
  }

 private:
  std::optional<std::string> location(const Article& article) const {
    // A sitemap speaks for one host only; where another is canonical, that one's sitemap names the article.
    if (!host_.empty() && article.canonical_url && host_of(article.canonical_url) != host_) return std::nullopt;
    std::optional<std::string> loc = public_url(project_, article);
    if (!loc || loc->size() < min_loc || loc->size() > max_loc) return std::nullopt;
    return loc;
  }

  // The order of the children is the schema's.
  void append_url(const Article& article, std::string_view loc) {
    std::string& out = set_.xml;
    out += "<url>";
    append_element(out, "loc", loc);
    const std::optional<Time> changed = article.last_updated_at ? article.last_updated_at : article.published_at;
    if (changed) append_element(out, "lastmod", to_date(*changed));
    out += tail_;
    if (with_images_ && article.featured_image_url) {
      if (const std::optional<WebUrl> image = parse_web_url(*article.featured_image_url)) {
        out += "<image:image>";
        append_element(out, "image:loc", image->text());
        out += "</image:image>";
      }
    }
    out += "</url>\n";
  }

  const Project& project_;
  const std::string host_;
  const std::string tail_;
  const bool with_images_;
  const std::size_t max_bytes_;
  Urlset set_;
};

Urlset write_urlset(const Project& project, std::span<const Article> articles, bool with_images,
                    std::size_t max_bytes) {
  UrlsetWriter writer(project, with_images, max_bytes);
  writer.reserve(articles.size());
  for (std::size_t i = 0; i < articles.size(); ++i) {
    writer.add(articles[i]);
    // The rest too, although a shorter one might fit: which articles are named must not depend on each other's length.
    if (writer.is_full()) {
      writer.add_beyond(articles.size() - i - 1);
      break;
    }
  }
  return std::move(writer).finish();
}

}  // namespace

Urlset render_urlset(const Project& project, std::span<const Article> articles, std::size_t max_bytes) {
  constexpr auto most = static_cast<std::size_t>(sitemap_page_size);
  const std::size_t too_many = articles.size() > most ? articles.size() - most : 0;
  articles = articles.first(articles.size() - too_many);
  const bool any_image = std::any_of(articles.begin(), articles.end(),
                                     [](const Article& article) { return article.featured_image_url.has_value(); });
  Urlset set = write_urlset(project, articles, any_image, max_bytes);
  if (set.beyond_limit > 0 && any_image) set = write_urlset(project, articles, false, max_bytes);
  set.beyond_limit += too_many;
  return set;
}

std::string render_index(std::span<const IndexEntry> entries) {
  std::string out(declaration);
  out += "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  for (const IndexEntry& entry : entries.first(std::min<std::size_t>(entries.size(), sitemap_page_size))) {
    out += "<sitemap>";
    append_element(out, "loc", entry.url);
    append_element(out, "lastmod", to_date(entry.last_modified));
    out += "</sitemap>\n";
  }
  out += "</sitemapindex>\n";
  return out;
}

std::string render_robots(std::string_view sitemap_url) {
  std::string out = "User-agent: *\nDisallow:\n\nSitemap: ";
  // A line break would begin a rule of its own.
  std::copy_if(sitemap_url.begin(), sitemap_url.end(), std::back_inserter(out),
               [](char c) { return static_cast<unsigned char>(c) > 0x20; });
  out += '\n';
  return out;
}

std::string gzip(std::string_view text) {
  constexpr int level = 6, gzip_window = 15 + 16, memory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  if (text.size() > std::numeric_limits<uInt>::max() / 2) {
    deflateEnd(&stream);
    throw std::length_error("gzip of a text beyond 2 GiB");
  }
  std::string out;
  // Room for the worst case, so that one call does it all.
  out.resize(deflateBound(&stream, static_cast<uLong>(text.size())));
  stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  const std::size_t length = stream.total_out;
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::logic_error("deflate did not end in one call");
  out.resize(length);
  out.shrink_to_fit();
  return out;
}

}  // namespace galley::sitemap
