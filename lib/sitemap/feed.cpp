#include "sitemap/feed.hpp"

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "content/excerpt.hpp"
#include "content/markdown.hpp"
#include "domain/web_url.hpp"
#include "sitemap/xml.hpp"

namespace galley::sitemap {
namespace {

std::span<const Article> first_entries(std::span<const Article> newest) {
  return newest.first(std::min<std::size_t>(newest.size(), feed_entries));
}

Time changed_at(const Article& article) {
  if (article.last_updated_at) return *article.last_updated_at;
  return article.published_at.value_or(article.created_at);
}

Time feed_changed_at(const Project& project, std::span<const Article> entries) {
  if (entries.empty()) return project.created_at;
  Time latest = changed_at(entries.front());
  for (const Article& article : entries)
    latest = std::max(latest, changed_at(article));
  return latest;
}

std::string id_of(const Article& article, std::string_view self_url) {
  return std::string(self_url) + '#' + article.id.text();
}

std::string excerpt_of(const Article& article) {
  if (article.text.excerpt && !article.text.excerpt->empty()) return *article.text.excerpt;
  return content::excerpt(article.text.markdown);
}

std::optional<std::string> author_of(const Project& project, const Article& article) {
  for (const std::optional<std::string>* name : {&article.author_name, &project.author_name}) {
    if (*name && !(*name)->empty()) return **name;
  }
  return std::nullopt;
}

content::RenderOptions render_options(const Project& project) {
  content::RenderOptions options;
  if (project.target_domain) {
    if (const std::optional<WebUrl> url = parse_web_url(*project.target_domain)) options.site_host = url->host;
  }
  options.language = project.language;
  // Entries stand beside each other in a reader; two of the same id would clash.
  options.heading_ids = false;
  return options;
}

// The texts of one feed, as far as it has room for them.
class Contents {
 public:
  Contents(const Project& project, std::size_t max_bytes) : options_(render_options(project)), room_(max_bytes) {}

  // Nothing where there is none, or no room.
  std::optional<std::string> next(const Article& article) {
    if (room_ == 0 || article.text.markdown.empty()) return std::nullopt;
    std::string html = content::render_html(article.text.markdown, options_);
    if (html.size() > room_) {
      room_ = 0;
      return std::nullopt;
    }
    room_ -= html.size();
    return html;
  }

 private:
  content::RenderOptions options_;
  std::size_t room_;
};

void append_element(std::string& out, std::string_view name, std::string_view text) {
  out.append("<").append(name).append(">");
  append_escaped(out, text);
  out.append("</").append(name).append(">\n");
}

void append_link(std::string& out, std::string_view relation, std::string_view url) {
  out.append("<link rel=\"").append(relation).append("\" href=\"");
  append_escaped(out, url);
  out += "\"/>\n";
}

void append_author(std::string& out, std::string_view name) {
  out += "<author>\n";
  append_element(out, "name", name);
  out += "</author>\n";
}

void append_entry(std::string& out, const Project& project, const Article& article, std::string_view self_url,
                  Contents& contents) {
  out += "<entry>\n";
  append_element(out, "id", id_of(article, self_url));
  append_element(out, "title", article.text.title);
  if (const std::optional<std::string> url = public_url(project, article)) append_link(out, "alternate", *url);
  append_element(out, "updated", to_rfc3339(changed_at(article)));
  if (article.published_at) append_element(out, "published", to_rfc3339(*article.published_at));
  if (const std::optional<std::string> author = author_of(project, article)) append_author(out, *author);
  for (const std::string& tag : article.tags) {
    out += "<category term=\"";
    append_escaped(out, tag);
    out += "\"/>\n";
  }
  append_element(out, "summary", excerpt_of(article));
  if (const std::optional<std::string> html = contents.next(article)) {
    out += "<content type=\"html\">";
    append_escaped(out, *html);
    out += "</content>\n";
  }
  out += "</entry>\n";
}

void write_author(json::Writer& json, const std::string& name) {
  json.key("authors").begin_array().begin_object().member("name", name).end_object().end_array();
}

void write_item(json::Writer& json, const Project& project, const Article& article, std::string_view self_url,
                Contents& contents) {
  json.begin_object().member("id", id_of(article, self_url));
  if (const std::optional<std::string> url = public_url(project, article)) json.member("url", *url);
  json.member("title", article.text.title);
  const std::string excerpt = excerpt_of(article);
  // The format demands one of the two contents.
  if (const std::optional<std::string> html = contents.next(article)) {
    json.member("content_html", *html);
  } else {
    json.member("content_text", excerpt);
  }
  json.member("summary", excerpt);
  if (article.featured_image_url) json.member("image", *article.featured_image_url);
  if (article.published_at) json.member("date_published", to_rfc3339(*article.published_at));
  json.member("date_modified", to_rfc3339(changed_at(article)));
  if (const std::optional<std::string> author = author_of(project, article)) write_author(json, *author);
  if (!article.tags.empty()) {
    json.key("tags").begin_array();
    for (const std::string& tag : article.tags)
      json.value(tag);
    json.end_array();
  }
  json.end_object();
}

}  // namespace

std::string render_atom(const Project& project, std::span<const Article> newest, std::string_view self_url,
                        std::size_t max_bytes) {
  const std::span<const Article> entries = first_entries(newest);
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"";
  append_escaped(out, project.language);
  out += "\">\n";
  append_element(out, "id", self_url);
  append_element(out, "title", project.name);
  append_element(out, "updated", to_rfc3339(feed_changed_at(project, entries)));
  append_link(out, "self", self_url);
  if (project.target_domain) append_link(out, "alternate", *project.target_domain);
  // RFC 4287 §4.1.1: a feed needs an author unless each of its entries has one.
  append_author(out, project.author_name && !project.author_name->empty() ? *project.author_name : project.name);
  Contents contents(project, max_bytes);
  for (const Article& article : entries)
    append_entry(out, project, article, self_url, contents);
  out += "</feed>\n";
  return out;
}

std::string render_json_feed(const Project& project, std::span<const Article> newest, std::string_view self_url,
                             std::size_t max_bytes) {
  std::string out;
  json::Writer json(out);
  json.begin_object().member("version", "https://jsonfeed.org/version/1.1").member("title", project.name);
  if (project.target_domain) json.member("home_page_url", *project.target_domain);
  json.member("feed_url", self_url).member("language", project.language);
  if (project.author_name && !project.author_name->empty()) write_author(json, *project.author_name);
  json.key("items").begin_array();
  Contents contents(project, max_bytes);
  for (const Article& article : first_entries(newest))
    write_item(json, project, article, self_url, contents);
  json.end_array().end_object();
  return out;
}

}  // namespace galley::sitemap
