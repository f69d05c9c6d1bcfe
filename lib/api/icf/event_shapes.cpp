#include "api/icf/event_shapes.hpp"

namespace galley::api::icf {

ShapeFunction body_of(EventType type) {
  switch (type) {
    case EventType::article_created:
    case EventType::article_generated:
    case EventType::article_scheduled:
    case EventType::article_published:
    case EventType::article_updated:
    case EventType::article_unpublished:
    case EventType::article_failed:
    case EventType::article_deleted:
      return &shape_of<ArticleEventView>;
    case EventType::job_completed:
      return &shape_of<JobEventView>;
    case EventType::connection_failed:
      return &shape_of<ConnectionEventView>;
    case EventType::webhook_test:
      return &shape_of<TestEventView>;
    case EventType::keyword_clustered:
      return &shape_of<KeywordEventView>;
  }
  return nullptr;
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

namespace {

template <class T>
void add_envelope(ShapeOf<T>& shape) {
  shape.field("id", &EventView::id, {.about = "The same on every attempt; also sent as webhook-id."})
      .field("event", &EventView::event)
      .field("projectId", &EventView::project_id)
      .field("createdAt", &EventView::created_at);
}

}  // namespace

template <>
const Shape& shape_of<EventMetaView>() {
  static const Shape shape = ShapeOf<EventMetaView>("EventMeta", "What search engines are told.")
                                 .field("description", &EventMetaView::description)
                                 .field("keywords", &EventMetaView::keywords);
  return shape;
}

template <>
const Shape& shape_of<EventArticleView>() {
  static const Shape shape = ShapeOf<EventArticleView>("EventArticle", "The article as it was when the event happened.")
                                 .field("id", &EventArticleView::id)
                                 .field("title", &EventArticleView::title)
                                 .field("slug", &EventArticleView::slug)
                                 .field("content", &EventArticleView::content, {.about = "HTML."})
                                 .field("excerpt", &EventArticleView::excerpt)
                                 .field("status", &EventArticleView::status)
                                 .field("meta", &EventArticleView::meta)
                                 .field("author", &EventArticleView::author)
                                 .field("publishedAt", &EventArticleView::published_at)
                                 .field("categories", &EventArticleView::categories)
                                 .field("tags", &EventArticleView::tags)
                                 .field("url", &EventArticleView::url)
                                 .field("keyword", &EventArticleView::keyword)
                                 .field("wordCount", &EventArticleView::word_count)
                                 .field("readingTime", &EventArticleView::reading_time, {.about = "Minutes."})
                                 .field("markdown", &EventArticleView::markdown)
                                 .field("jsonLd", &EventArticleView::json_ld, {.about = "A string that holds JSON."});
  return shape;
}

template <>
const Shape& shape_of<EventProgressView>() {
  static const Shape shape = ShapeOf<EventProgressView>("EventProgress", "How the job's articles ended.")
                                 .field("total", &EventProgressView::total)
                                 .field("done", &EventProgressView::done)
                                 .field("failed", &EventProgressView::failed);
  return shape;
}

template <>
const Shape& shape_of<EventJobView>() {
  static const Shape shape = ShapeOf<EventJobView>("EventJob", "The job that ended.")
                                 .field("id", &EventJobView::id)
                                 .field("kind", &EventJobView::kind)
                                 .field("status", &EventJobView::status)
                                 .field("progress", &EventJobView::progress);
  return shape;
}

template <>
const Shape& shape_of<EventKeywordView>() {
  static const Shape shape = ShapeOf<EventKeywordView>("EventKeyword", "The keyword in its new cluster.")
                                 .field("id", &EventKeywordView::id)
                                 .field("keyword", &EventKeywordView::keyword)
                                 .field("intent", &EventKeywordView::intent)
                                 .field("clusterId", &EventKeywordView::cluster_id)
                                 .field("clusterName", &EventKeywordView::cluster_name);
  return shape;
}

template <>
const Shape& shape_of<EventConnectionView>() {
  static const Shape shape =
      ShapeOf<EventConnectionView>("EventConnection", "The connection that no longer works.")
          .field("id", &EventConnectionView::id)
          .field("name", &EventConnectionView::name)
          .field("type", &EventConnectionView::type)
          .field("lastError", &EventConnectionView::last_error, {.about = "The CMS's own words."});
  return shape;
}

template <>
const Shape& shape_of<EventTestView>() {
  static const Shape shape =
      ShapeOf<EventTestView>("EventTest", "Nothing happened.").field("message", &EventTestView::message);
  return shape;
}

template <>
const Shape& shape_of<ArticleEventView>() {
  static const Shape shape = [] {
    ShapeOf<ArticleEventView> fields("ArticleEvent", "Something happened to an article.");
    add_envelope(fields);
    fields.field("article", &ArticleEventView::article);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<JobEventView>() {
  static const Shape shape = [] {
    ShapeOf<JobEventView> fields("JobEvent", "A job ended.");
    add_envelope(fields);
    fields.field("job", &JobEventView::job);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<KeywordEventView>() {
  static const Shape shape = [] {
    ShapeOf<KeywordEventView> fields("KeywordEvent", "Clustering put a keyword into another cluster.");
    add_envelope(fields);
    fields.field("keyword", &KeywordEventView::keyword);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<ConnectionEventView>() {
  static const Shape shape = [] {
    ShapeOf<ConnectionEventView> fields("ConnectionEvent", "A connection stopped working.");
    add_envelope(fields);
    fields.field("connection", &ConnectionEventView::connection);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<TestEventView>() {
  static const Shape shape = [] {
    ShapeOf<TestEventView> fields("TestEvent", "A test that somebody asked for.");
    add_envelope(fields);
    fields.field("test", &TestEventView::test);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<FlatBodyView>() {
  static const Shape shape =
      ShapeOf<FlatBodyView>("FlatBody", "An article as it was when the event happened, without a word of the event.")
          .field("pageId", &FlatBodyView::page_id)
          .field("title", &FlatBodyView::title)
          .field("slug", &FlatBodyView::slug)
          .field("html", &FlatBodyView::html)
          .field("markdown", &FlatBodyView::markdown)
          .field("contentMd", &FlatBodyView::content_md, {.about = "The same as markdown."})
          .field("jsonLd", &FlatBodyView::json_ld, {.about = "A string that holds JSON."})
          .field("excerpt", &FlatBodyView::excerpt)
          .field("metaTitle", &FlatBodyView::meta_title)
          .field("metaDescription", &FlatBodyView::meta_description)
          .field("keyword", &FlatBodyView::keyword)
          .field("wordCount", &FlatBodyView::word_count)
          .field("readingTime", &FlatBodyView::reading_time, {.about = "Minutes."})
          .field("categories", &FlatBodyView::categories)
          .field("tags", &FlatBodyView::tags)
          .field("publishedAt", &FlatBodyView::published_at)
          .field("projectName", &FlatBodyView::project_name)
          .field("projectDomain", &FlatBodyView::project_domain)
          .field("authorName", &FlatBodyView::author_name);
  return shape;
}

}  // namespace galley
