#include "webhook/article_fields.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "content/excerpt.hpp"
#include "content/jsonld.hpp"
#include "content/link.hpp"
#include "content/markdown.hpp"

namespace galley::webhook {

namespace {

std::string make_json_ld(const ArticleFields& fields) {
  const ArticleSnapshot& article = fields.article;
  const content::JsonLdArticle source{
      .headline = article.text.title,
      .description = fields.meta_description,
      .author = article.author_name,
      .published = article.published_at,
      .modified = article.last_updated_at,
      .url = article.canonical_url.empty() ? article.url : article.canonical_url,
      .image = article.featured_image_url,
      .keywords = article.text.meta_keywords,
      .word_count = static_cast<std::size_t>(std::max<std::int64_t>(article.word_count, 0)),
      .language = article.language};
  return content::json_ld(source, content::questions(article.text.markdown));
}

FieldValue text_or_absent(const std::string& text) {
  if (text.empty()) return monostate();
  return std::string_view(text);
}

FieldValue markdown_of(const ArticleFields& fields) {
  return std::string_view(fields.article.text.markdown);
}

FieldValue published_at_of(const ArticleFields& fields) {
  if (!fields.article.published_at) return monostate();
  return to_rfc3339(*fields.article.published_at);
}

constexpr FlatField all_flat_fields[] = {
    {"pageId", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.article.id.text()); }},
    {"title", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.article.text.title); }},
    {"slug", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.article.slug); }},
    {"html", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.html); }},
    {"markdown", markdown_of},
    {"contentMd", markdown_of},
    {"jsonLd", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.json_ld); }},
    {"excerpt", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.excerpt); }},
    {"metaTitle", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.meta_title); }},
    {"metaDescription", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.meta_description); }},
    {"keyword", [](const ArticleFields& f) { return text_or_absent(f.article.keyword); }},
    {"wordCount", [](const ArticleFields& f) -> FieldValue { return f.article.word_count; }},
    {"readingTime", [](const ArticleFields& f) -> FieldValue { return f.reading_time; }},
    {"categories", [](const ArticleFields& f) -> FieldValue { return std::cref(f.article.categories); }},
    {"tags", [](const ArticleFields& f) -> FieldValue { return std::cref(f.article.tags); }},
    {"publishedAt", published_at_of},
    {"projectName", [](const ArticleFields& f) -> FieldValue { return std::string_view(f.article.project_name); }},
    {"projectDomain", [](const ArticleFields& f) { return text_or_absent(f.article.project_domain); }},
    {"authorName", [](const ArticleFields& f) { return text_or_absent(f.article.author_name); }},
};

}  // namespace

ArticleFields derive_fields(const ArticleSnapshot& article) {
  const content::RenderOptions options{.site_host = content::address_host(article.project_domain),
                                       .language = article.language};
  ArticleFields fields{
      .article = article,
      .html = content::render_html(article.text.markdown, options),
      .excerpt = article.text.excerpt ? *article.text.excerpt : content::excerpt(article.text.markdown),
      .meta_title = article.text.meta_title.value_or(std::string()),
      .meta_description = article.text.meta_description.value_or(std::string()),
      .json_ld = {}};
  if (fields.meta_title.empty()) fields.meta_title = content::meta_title(article.text.title);
  if (fields.meta_description.empty()) fields.meta_description = content::meta_description(fields.excerpt);
  fields.json_ld = make_json_ld(fields);
  fields.reading_time = static_cast<std::int64_t>(
      content::reading_time_minutes(static_cast<std::size_t>(std::max<std::int64_t>(article.word_count, 0))));
  return fields;
}

std::span<const FlatField> flat_fields() {
  return all_flat_fields;
}

const FlatField* find_flat_field(std::string_view name) {
  const auto* const field = std::ranges::find(all_flat_fields, name, &FlatField::name);
  return field == std::end(all_flat_fields) ? nullptr : field;
}

}  // namespace galley::webhook
