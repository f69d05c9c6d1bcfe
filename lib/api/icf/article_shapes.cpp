// The Shapes of articles.hpp.
#include "api/icf/articles.hpp"

namespace galley {

using namespace api::icf;

namespace {

template <class T>
void add_metadata(ShapeOf<T>& shape) {
  shape.field("excerpt", &T::excerpt, {.max = 2000, .about = "Made from the text where it is not given."})
      .field("metaTitle", &T::meta_title,
             {.one_line = true, .max = 300, .about = "Made from the title where it is not given."})
      .field("metaDescription", &T::meta_description,
             {.one_line = true, .max = 1000, .about = "Made from the excerpt where it is not given."})
      .field("metaKeywords", &T::meta_keywords, {.one_line = true, .max = 50})
      .field("categories", &T::categories, {.one_line = true, .max = 100})
      .field("tags", &T::tags, {.one_line = true, .max = 100})
      .field("authorName", &T::author_name,
             {.one_line = true, .max = 200, .about = "The project's author where it is not given."})
      .field("canonicalUrl", &T::canonical_url,
             {.max = 2000, .format = "uri", .about = "The address that search engines shall keep, if another."})
      .field("featuredImageUrl", &T::featured_image_url, {.max = 2000, .format = "uri"});
}

constexpr Rules title_rules{.required = true,
                            .one_line = true,
                            .min = 1,
                            .max = static_cast<double>(Article::max_title),
                            .example = "\"How to choose an espresso grinder\""};

}  // namespace

template <>
const Shape& shape_of<PublicationView>() {
  static const Shape shape =
      ShapeOf<PublicationView>("Publication", "An article at one place: on a CMS, or published natively.")
          .field("id", &PublicationView::id)
          .field("projectId", &PublicationView::project_id)
          .field("articleId", &PublicationView::article_id)
          .field("connectionId", &PublicationView::connection_id, {.about = "Null where it is published natively."})
          .field("status", &PublicationView::status)
          .field("externalId", &PublicationView::external_id, {.about = "The CMS's own id of the post."})
          .field("externalUrl", &PublicationView::external_url, {.about = "The CMS's own address of the post."})
          .field("lastError", &PublicationView::last_error)
          .field("attempts", &PublicationView::attempts)
          .field("publishedAt", &PublicationView::published_at)
          .field("createdAt", &PublicationView::created_at)
          .field("updatedAt", &PublicationView::updated_at);
  return shape;
}

template <>
const Shape& shape_of<ArticleFields>() {
  static const Shape shape = [] {
    ShapeOf<ArticleFields> fields("ArticleFields", "An article as a person writes it; only title is required.");
    fields.field("title", &ArticleFields::title, title_rules)
        .field("markdown", &ArticleFields::markdown,
               {.about = "The text, at most 1 MiB: CommonMark with GitHub's tables, task lists and strikethrough.",
                .example = "\"## Burrs first\\n\\nA grinder is its burrs.\""})
        .field("html", &ArticleFields::html,
               {.about = "The text as HTML instead of markdown: converted when it comes in."})
        .field("slug", &ArticleFields::slug, {.max = 200, .about = "Made from the title where it is not given."})
        .field("status", &ArticleFields::status,
               {.about = "draft or ready; the other states have actions of their own."});
    add_metadata(fields);
    fields.ignores({"id", "projectId", "keywordId", "keyword", "stage", "jsonLd", "wordCount", "readingTime",
                    "scheduledFor", "publishedAt", "lastUpdatedAt", "url", "error", "publications", "createdAt",
                    "updatedAt"});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<ArticleView>() {
  static const Shape shape = [] {
    ShapeOf<ArticleView> fields("Article", "An article. Lists leave markdown, html, jsonLd and publications out.");
    fields.field("id", &ArticleView::id)
        .field("projectId", &ArticleView::project_id)
        .field("keywordId", &ArticleView::keyword_id)
        .field("keyword", &ArticleView::keyword)
        .field("title", &ArticleView::title, title_rules)
        .field("slug", &ArticleView::slug)
        .field("status", &ArticleView::status)
        .field("stage", &ArticleView::stage, {.about = "What a queued article waits for, or in what it failed."})
        .field("markdown", &ArticleView::markdown, {.omit_absent = true})
        .field("html", &ArticleView::html, {.omit_absent = true, .about = "Derived from markdown; safe to show."});
    add_metadata(fields);
    fields
        .field("jsonLd", &ArticleView::json_ld,
               {.omit_absent = true,
                .about = "JSON as a text: BlogPosting, and FAQPage where the article asks and answers."})
        .field("wordCount", &ArticleView::word_count)
        .field("readingTime", &ArticleView::reading_time, {.about = "Minutes."})
        .field("scheduledFor", &ArticleView::scheduled_for)
        .field("publishedAt", &ArticleView::published_at)
        .field("lastUpdatedAt", &ArticleView::last_updated_at, {.about = "When a reader last saw something change."})
        .field("url", &ArticleView::url, {.about = "Where readers find it."})
        .field("error", &ArticleView::error)
        .field("publications", &ArticleView::publications, {.omit_absent = true})
        .field("createdAt", &ArticleView::created_at)
        .field("updatedAt", &ArticleView::updated_at);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<ArticleQuery>() {
  static const Shape shape = [] {
    ShapeOf<ArticleQuery> fields("ArticleQuery", "Which articles.");
    fields.field("status", &ArticleQuery::status, {.max = 10, .about = "One or more of them."})
        .field("project", &ArticleQuery::project)
        .field("projectId", &ArticleQuery::project_id, {.about = "The same as project."})
        .field("keywordId", &ArticleQuery::keyword_id)
        .field("q", &ArticleQuery::q, {.max = 200, .about = "Words of the title, the keyword or the text."})
        .field("updatedSince", &ArticleQuery::updated_since)
        .field("include", &ArticleQuery::include, {.max = 5, .about = "body: markdown, html and jsonLd too."});
    with_paging(fields);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<RevisionView>() {
  static const Shape shape =
      ShapeOf<RevisionView>("Revision", "The text of an article as it once was.")
          .field("number", &RevisionView::number, {.about = "From 1."})
          .field("title", &RevisionView::title)
          .field("markdown", &RevisionView::markdown, {.omit_absent = true, .about = "Left out of lists."})
          .field("madeBy", &RevisionView::made_by, {.about = "A user, a key, or a provider."})
          .field("createdAt", &RevisionView::created_at);
  return shape;
}

}  // namespace galley
