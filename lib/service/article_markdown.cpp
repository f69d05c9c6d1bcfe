#include "service/article_markdown.hpp"

#include "base/encoding.hpp"
#include "content/front_matter.hpp"

namespace galley::service {

namespace {

// Most file systems take names of 255 bytes.
constexpr std::size_t max_name_bytes = 200;

class Fields {
 public:
  explicit Fields(content::FrontMatterDocument& document) : document_(document) {}

  Fields& add(const char* name, content::FrontMatterValue value) {
    document_.fields.push_back({name, std::move(value)});
    return *this;
  }
  template <class T>
  Fields& add(const char* name, const std::optional<T>& value) {
    if (value) add(name, content::FrontMatterValue(*value));
    return *this;
  }
  Fields& add(const char* name, const std::vector<std::string>& list) {
    if (!list.empty()) add(name, content::FrontMatterValue(list));
    return *this;
  }

 private:
  content::FrontMatterDocument& document_;
};

bool is_approved(ArticleStatus status) {
  return status == ArticleStatus::ready || status == ArticleStatus::scheduled || status == ArticleStatus::published;
}

}  // namespace

std::string markdown_file_name(const Article& article) {
  if (article.slug.size() <= max_name_bytes) return article.slug + ".md";
  // A letter has at most four bytes.
  std::string name(first_code_points(article.slug, max_name_bytes / 4));
  return name + "-" + article.id.text().substr(article.id.text().find('_') + 1) + ".md";
}

std::string to_markdown(const Article& article) {
  const ArticleText& text = article.text;
  const bool published = article.status == ArticleStatus::published;
  content::FrontMatterDocument document{.fields = {}, .body = text.markdown};
  Fields(document)
      .add("title", text.title)
      .add("slug", article.slug)
      .add("date", published ? article.published_at.value_or(article.created_at) : article.created_at)
      .add("lastmod", article.last_updated_at.value_or(article.updated_at))
      .add("draft", !is_approved(article.status))
      .add("status", std::string(is_approved(article.status) ? "ready" : "draft"))
      .add("publishedAt", published ? article.published_at : std::nullopt)
      .add("description", text.meta_description ? text.meta_description : text.excerpt)
      .add("excerpt", text.excerpt)
      .add("metaTitle", text.meta_title)
      .add("metaDescription", text.meta_description)
      .add("metaKeywords", text.meta_keywords)
      .add("categories", article.categories)
      .add("tags", article.tags)
      .add("author", article.author_name)
      .add("authorName", article.author_name)
      .add("canonicalUrl", article.canonical_url)
      .add("featuredImageUrl", article.featured_image_url);
  return content::write_front_matter(document);
}

}  // namespace galley::service
