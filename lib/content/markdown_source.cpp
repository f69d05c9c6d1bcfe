#include "content/markdown_source.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/front_matter.hpp"

namespace galley::content {
namespace {

constexpr std::size_t date_length = 10;  // 2024-03-01

// The first of the names that has a text.
std::optional<std::string> text_of(const FrontMatterDocument& document, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const std::string* text = document.text(name); text != nullptr && !trim_ascii(*text).empty()) return *text;
  return std::nullopt;
}

std::vector<std::string> list_of(const FrontMatterDocument& document, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    std::vector<std::string> kept;
    for (const std::string& item : document.list(name))
      if (std::string tidy = tidy_line(item); !tidy.empty() && std::ranges::find(kept, tidy) == kept.end())
        kept.push_back(std::move(tidy));
    if (!kept.empty()) return kept;
  }
  return {};
}

// "2024-03-01", "2024-03-01T09:30:00Z", and Jekyll's "2024-03-01 09:30:00 +0100"; without a zone it is UTC.
std::optional<Time> parse_moment(std::string_view given) {
  std::string text(trim_ascii(given));
  if (text.size() == date_length) return parse_date(text);
  if (text.size() < 16 || (text[10] != ' ' && text[10] != 'T')) return std::nullopt;
  text[10] = 'T';
  // The clock ends where a zone begins, if there is one.
  std::size_t end = text.find_first_not_of("0123456789:.", 11);
  std::string zone = end == std::string::npos ? std::string() : std::string(trim_ascii(text.substr(end)));
  std::string clock = text.substr(0, end);
  if (clock.size() == 16) clock += ":00";
  if (zone.empty() || zone == "UTC") zone = "Z";
  if (zone.size() == 5 && (zone[0] == '+' || zone[0] == '-')) zone.insert(3, ":");
  return parse_rfc3339(clock + zone);
}

std::optional<Time> time_of(const FrontMatterDocument& document, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const std::string* text = document.text(name))
      if (const std::optional<Time> time = parse_moment(*text)) return time;
  return std::nullopt;
}

bool says(const FrontMatterDocument& document, std::string_view name, std::string_view word) {
  const std::string* text = document.text(name);
  return text != nullptr && equals_ignoring_case(trim_ascii(*text), word);
}

// "posts/2024-03-01-first.md" is "2024-03-01-first"; "posts/first/index.md" is "first".
std::string_view stem_of(std::string_view path) {
  path = path.substr(0, path.rfind('.'));
  std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos && path.substr(slash + 1) == "index") {
    path = path.substr(0, slash);
    slash = path.rfind('/');
  }
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::optional<Time> date_of(std::string_view stem) {
  if (stem.size() <= date_length || stem[date_length] != '-') return std::nullopt;
  return parse_date(stem.substr(0, date_length));
}

void fill_state(const FrontMatterDocument& document, std::string_view path, SourceArticle& article) {
  article.created = time_of(document, {"date", "publishDate", "created"});
  if (!article.created) article.created = date_of(stem_of(path));
  article.modified = time_of(document, {"lastmod", "updated", "modified", "last_modified_at"});
  const std::optional<Time> published = time_of(document, {"publishedAt"});
  if (says(document, "draft", "true") || says(document, "status", "draft")) {
    article.status = SourceStatus::draft;
  } else if (published || says(document, "status", "published") || says(document, "status", "publish")) {
    article.status = SourceStatus::published;
    article.published = published ? published : article.created;
  } else {
    article.status = SourceStatus::ready;
  }
}

}  // namespace

Result<SourceArticle> read_markdown_source(std::string_view path, std::string_view text) {
  if (!is_utf8(text)) return invalid("markdown", "is not UTF-8");
  if (text.starts_with("+++")) return invalid("markdown", "has front matter in TOML; only YAML is read");
  FrontMatterDocument document = GALLEY_TRY(parse_front_matter(text));
  SourceArticle article{.key = "markdown|" + std::string(path)};
  const std::optional<std::string> title = text_of(document, {"title"});
  if (!title) return invalid("title", "is required in the front matter");
  article.title = tidy_line(*title);
  const std::string_view stem = stem_of(path);
  article.slug = text_of(document, {"slug"});
  if (!article.slug) article.slug = std::string(date_of(stem) ? stem.substr(date_length + 1) : stem);
  article.excerpt = text_of(document, {"excerpt", "summary"});
  article.meta_title = text_of(document, {"metaTitle", "meta_title", "seo_title"});
  article.meta_description = text_of(document, {"metaDescription", "meta_description", "description"});
  article.meta_keywords = list_of(document, {"metaKeywords", "keywords"});
  article.categories = list_of(document, {"categories", "category"});
  article.tags = list_of(document, {"tags"});
  article.author = text_of(document, {"authorName", "author"});
  if (const auto authors = list_of(document, {"authors"}); !article.author && !authors.empty())
    article.author = authors.front();
  article.canonical_url = text_of(document, {"canonicalUrl", "canonical_url"});
  article.image_url =
      text_of(document, {"featuredImageUrl", "featured_image", "feature_image", "image", "cover", "thumbnail"});
  fill_state(document, path, article);
  article.markdown = std::move(document.body);
  return article;
}

}  // namespace galley::content
