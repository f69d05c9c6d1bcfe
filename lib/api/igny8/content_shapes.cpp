#include "api/igny8/content.hpp"

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules title_rules{
    .required = true, .one_line = true, .min = 1, .max = Article::max_title, .example = "\"How to clean a moka pot\""};
constexpr Rules slug_rules{.about = "Made from the title by default.", .example = "\"how-to-clean-a-moka-pot\""};
constexpr Rules image_rules{.format = "uri", .example = "\"https://example.com/moka.jpg\""};
constexpr std::string_view status_about =
    "draft; review: ready and not approved; approved: approved or scheduled; published.";

template <class T>
ShapeOf<T>& with_changes(ShapeOf<T>& shape) {
  shape.field("title", &ContentChanges::title, title_rules);
  shape.field("content", &ContentChanges::content, {.about = "Markdown.", .example = "\"Rinse it with hot water.\""});
  shape.field("content_html", &ContentChanges::content_html,
              {.about = "In place of content; becomes Markdown when it comes in."});
  shape.field("status", &ContentChanges::status, {.about = status_about});
  shape.field("slug", &ContentChanges::slug, slug_rules);
  shape.field("excerpt", &ContentChanges::excerpt, {.about = "Made from the text by default."});
  shape.field("meta_title", &ContentChanges::meta_title).field("meta_description", &ContentChanges::meta_description);
  shape.field("meta_keywords", &ContentChanges::meta_keywords);
  shape.field("tags", &ContentChanges::tags).field("categories", &ContentChanges::categories);
  shape.field("author_name", &ContentChanges::author_name);
  shape.field("featured_image_url", &ContentChanges::featured_image_url, image_rules);
  return shape;
}

}  // namespace

template <>
const Shape& shape_of<ContentChanges>() {
  static const Shape shape = [] {
    ShapeOf<ContentChanges> fields("ContentChanges", "What may be changed of content.");
    return Shape(with_changes(fields));
  }();
  return shape;
}

template <>
const Shape& shape_of<ContentFields>() {
  static const Shape shape = [] {
    ShapeOf<ContentFields> fields("ContentFields", "Content as a person writes it.");
    with_changes(fields);
    fields.field("site_id", &ContentFields::site_id, {.about = "The account's first site by default."});
    fields.field("task_id", &ContentFields::task_id, {.about = "The task that it is written for: completed with it."});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<ContentView>() {
  static const Shape shape =
      ShapeOf<ContentView>("Content", "An article.")
          .field("id", &ContentView::id, {.example = "9"})
          .field("title", &ContentView::title, title_rules)
          .field("slug", &ContentView::slug, slug_rules)
          .field("status", &ContentView::status, {.about = status_about})
          .field("content", &ContentView::content, {.about = "Markdown; null in lists."})
          .field("content_html", &ContentView::content_html, {.about = "Null in lists."})
          .field("excerpt", &ContentView::excerpt)
          .field("meta_title", &ContentView::meta_title)
          .field("meta_description", &ContentView::meta_description)
          .field("meta_keywords", &ContentView::meta_keywords)
          .field("primary_keyword", &ContentView::primary_keyword, {.about = "What it was generated from."})
          .field("tags", &ContentView::tags)
          .field("categories", &ContentView::categories)
          .field("author_name", &ContentView::author_name)
          .field("featured_image_url", &ContentView::featured_image_url, image_rules)
          .field("word_count", &ContentView::word_count)
          .field("url", &ContentView::url, {.about = "Where readers find it."})
          .field("error", &ContentView::error, {.about = "Why its generation or publication failed."})
          .field("site_id", &ContentView::site_id)
          .field("task_id", &ContentView::task_id)
          .field("scheduled_for", &ContentView::scheduled_for)
          .field("published_at", &ContentView::published_at)
          .field("created_at", &ContentView::created_at)
          .field("updated_at", &ContentView::updated_at);
  return shape;
}

template <>
const Shape& shape_of<ContentQuery>() {
  static const Shape shape = [] {
    ShapeOf<ContentQuery> fields("ContentQuery", "Which content, and which page of it.");
    with_paging(fields);
    fields.field("status", &ContentQuery::status).field("site_id", &ContentQuery::site_id);
    fields.field("search", &ContentQuery::search, {.max = Article::max_title, .about = "A part of the title."});
    fields.field("ordering", &ContentQuery::ordering,
                 {.about = "created_at, updated_at or title; a minus before it turns the order around.",
                  .example = "\"-updated_at\""});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<PublishContentFields>() {
  static const Shape shape =
      ShapeOf<PublishContentFields>("PublishContent", "When content is published.")
          .field("scheduled_for", &PublishContentFields::scheduled_for, {.about = "At once by default."});
  return shape;
}

template <>
const Shape& shape_of<ImageView>() {
  static const Shape shape = ShapeOf<ImageView>("FeaturedImage", "The image of a content.")
                                 .field("content_id", &ImageView::content_id, {.example = "9"})
                                 .field("title", &ImageView::title, {.about = "Of the content."})
                                 .field("image_url", &ImageView::image_url, image_rules)
                                 .field("site_id", &ImageView::site_id)
                                 .field("created_at", &ImageView::created_at, {.about = "Of the content."});
  return shape;
}

template <>
const Shape& shape_of<ImageQuery>() {
  static const Shape shape = [] {
    ShapeOf<ImageQuery> fields("ImageQuery", "Images of which site, and which page of them.");
    with_paging(fields);
    fields.field("site_id", &ImageQuery::site_id);
    return Shape(fields);
  }();
  return shape;
}

}  // namespace galley
