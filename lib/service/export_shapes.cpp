// How the nouns are written in export_lines.hpp. Every field of a noun stands here but for its account; a test compares
// whole structs, so that a field which is forgotten shows.
#include "service/export_lines.hpp"

namespace galley {

namespace {

using service::ArticleLine;
using service::ConnectionLine;
using service::ExportHeader;
using service::WebhookLine;

constexpr Rules required{.required = true};
constexpr Rules optional{.omit_absent = true};
constexpr Rules counted{.required = true, .min = 1};

}  // namespace

template <>
const Shape& shape_of<Account>() {
  static const Shape shape = ShapeOf<Account>("Account", "The account that was exported.")
                                 .field("id", &Account::id, required)
                                 .field("name", &Account::name, required)
                                 .field("plan", &Account::plan, required)
                                 .field("planSince", &Account::plan_since, required)
                                 .field("unlimitedCredits", &Account::unlimited_credits)
                                 .field("createdAt", &Account::created_at, required);
  return shape;
}

template <>
const Shape& shape_of<ExportHeader>() {
  static const Shape shape = ShapeOf<ExportHeader>("Header", "The first line.")
                                 .field("format", &ExportHeader::format, required)
                                 .field("version", &ExportHeader::version, counted)
                                 .field("exportedAt", &ExportHeader::exported_at, required)
                                 .field("account", &ExportHeader::account, required);
  return shape;
}

template <>
const Shape& shape_of<SitemapSettings>() {
  static const Shape shape = ShapeOf<SitemapSettings>("Sitemap", "How the project's sitemap is written.")
                                 .field("changefreq", &SitemapSettings::changefreq)
                                 .field("priority", &SitemapSettings::priority)
                                 .field("baseUrl", &SitemapSettings::base_url, optional);
  return shape;
}

template <>
const Shape& shape_of<Project>() {
  static const Shape shape = ShapeOf<Project>("Project", "A project.")
                                 .field("id", &Project::id, required)
                                 .field("name", &Project::name, required)
                                 .field("niche", &Project::niche, optional)
                                 .field("targetDomain", &Project::target_domain, optional)
                                 .field("language", &Project::language)
                                 .field("toneOfVoice", &Project::tone_of_voice)
                                 .field("writingStyle", &Project::writing_style, optional)
                                 .field("avoidWords", &Project::avoid_words)
                                 .field("authorName", &Project::author_name, optional)
                                 .field("permalink", &Project::permalink)
                                 .field("sitemap", &Project::sitemap)
                                 .field("version", &Project::version, {.min = 1})
                                 .field("createdAt", &Project::created_at, required)
                                 .field("updatedAt", &Project::updated_at, required);
  return shape;
}

template <>
const Shape& shape_of<Cluster>() {
  static const Shape shape = ShapeOf<Cluster>("Cluster", "A group of keywords.")
                                 .field("id", &Cluster::id, required)
                                 .field("projectId", &Cluster::project, required)
                                 .field("name", &Cluster::name, required)
                                 .field("createdAt", &Cluster::created_at, required);
  return shape;
}

template <>
const Shape& shape_of<Keyword>() {
  static const Shape shape = ShapeOf<Keyword>("Keyword", "A keyword of the matrix.")
                                 .field("id", &Keyword::id, required)
                                 .field("projectId", &Keyword::project, required)
                                 .field("keyword", &Keyword::text, required)
                                 .field("volume", &Keyword::volume, optional)
                                 .field("difficulty", &Keyword::difficulty, optional)
                                 .field("intent", &Keyword::intent, optional)
                                 .field("priority", &Keyword::priority)
                                 .field("clusterId", &Keyword::cluster, optional)
                                 .field("status", &Keyword::status)
                                 .field("planning", &Keyword::planning)
                                 .field("version", &Keyword::version, {.min = 1})
                                 .field("createdAt", &Keyword::created_at, required)
                                 .field("updatedAt", &Keyword::updated_at, required);
  return shape;
}

template <>
const Shape& shape_of<Idea>() {
  static const Shape shape = ShapeOf<Idea>("Idea", "What could be written.")
                                 .field("id", &Idea::id, required)
                                 .field("projectId", &Idea::project, required)
                                 .field("title", &Idea::title, required)
                                 .field("description", &Idea::description)
                                 .field("contentType", &Idea::type)
                                 .field("contentStructure", &Idea::structure)
                                 .field("keywords", &Idea::keywords)
                                 .field("clusterId", &Idea::cluster, optional)
                                 .field("status", &Idea::status)
                                 .field("wordCount", &Idea::word_count)
                                 .field("createdAt", &Idea::created_at, required)
                                 .field("updatedAt", &Idea::updated_at, required);
  return shape;
}

template <>
const Shape& shape_of<WritingTask>() {
  static const Shape shape = ShapeOf<WritingTask>("Task", "What is to be written.")
                                 .field("id", &WritingTask::id, required)
                                 .field("projectId", &WritingTask::project, required)
                                 .field("title", &WritingTask::title, required)
                                 .field("description", &WritingTask::description)
                                 .field("keywords", &WritingTask::keywords)
                                 .field("clusterId", &WritingTask::cluster, optional)
                                 .field("ideaId", &WritingTask::idea, optional)
                                 .field("contentType", &WritingTask::type)
                                 .field("contentStructure", &WritingTask::structure)
                                 .field("status", &WritingTask::status)
                                 .field("wordCount", &WritingTask::word_count)
                                 .field("primaryKeyword", &WritingTask::primary_keyword)
                                 .field("secondaryKeywords", &WritingTask::secondary_keywords)
                                 .field("tags", &WritingTask::tags)
                                 .field("categories", &WritingTask::categories)
                                 .field("articleId", &WritingTask::article, optional)
                                 .field("createdAt", &WritingTask::created_at, required)
                                 .field("updatedAt", &WritingTask::updated_at, required);
  return shape;
}

template <>
const Shape& shape_of<ConnectionLine>() {
  static const Shape shape = ShapeOf<ConnectionLine>("Connection", "A connection, without its credentials.")
                                 .field("id", &ConnectionLine::id, required)
                                 .field("projectId", &ConnectionLine::project, required)
                                 .field("name", &ConnectionLine::name, required)
                                 .field("type", &ConnectionLine::type, required)
                                 .field("settings", &ConnectionLine::settings, required)
                                 .field("headerNames", &ConnectionLine::header_names)
                                 .field("defaultCategories", &ConnectionLine::default_categories)
                                 .field("defaultTags", &ConnectionLine::default_tags)
                                 .field("isDefault", &ConnectionLine::is_default)
                                 .field("hadCredentials", &ConnectionLine::had_credentials)
                                 .field("status", &ConnectionLine::status)
                                 .field("lastError", &ConnectionLine::last_error, optional)
                                 .field("lastUsedAt", &ConnectionLine::last_used_at, optional)
                                 .field("version", &ConnectionLine::version, {.min = 1})
                                 .field("createdAt", &ConnectionLine::created_at, required)
                                 .field("updatedAt", &ConnectionLine::updated_at, required);
  return shape;
}

template <>
const Shape& shape_of<WebhookLine>() {
  static const Shape shape =
      ShapeOf<WebhookLine>("Webhook", "A subscription, without its secret.")
          .field("id", &WebhookLine::id, required)
          .field("projectId", &WebhookLine::project, required)
          .field("url", &WebhookLine::url, required)
          .field("events", &WebhookLine::events, {.required = true, .min = 1, .max = 50})
          .field("format", &WebhookLine::format)
          .field("template", &WebhookLine::body_template, {.omit_absent = true, .max = 65536})
          .field("headerNames", &WebhookLine::header_names)
          .field("rateLimit", &WebhookLine::rate_limit, {.omit_absent = true, .min = 1, .max = 1000})
          .field("maxInFlight", &WebhookLine::max_in_flight, {.min = 1, .max = 256})
          .field("status", &WebhookLine::status)
          .field("disabledReason", &WebhookLine::disabled_reason, optional)
          .field("ownSecret", &WebhookLine::own_secret)
          .field("failingSince", &WebhookLine::failing_since, optional)
          .field("version", &WebhookLine::version, {.min = 1})
          .field("createdAt", &WebhookLine::created_at, required)
          .field("updatedAt", &WebhookLine::updated_at, required);
  return shape;
}

template <>
const Shape& shape_of<ArticleText>() {
  static const Shape shape = ShapeOf<ArticleText>("Text", "What a person or a generator wrote.")
                                 .field("title", &ArticleText::title, required)
                                 .field("excerpt", &ArticleText::excerpt, optional)
                                 .field("metaTitle", &ArticleText::meta_title, optional)
                                 .field("metaDescription", &ArticleText::meta_description, optional)
                                 .field("metaKeywords", &ArticleText::meta_keywords)
                                 .field("markdown", &ArticleText::markdown, required);
  return shape;
}

template <>
const Shape& shape_of<ArticleError>() {
  static const Shape shape = ShapeOf<ArticleError>("Error", "Why the article is in error.")
                                 .field("code", &ArticleError::code, required)
                                 .field("message", &ArticleError::message, required);
  return shape;
}

template <>
const Shape& shape_of<ArticleLine>() {
  static const Shape shape = ShapeOf<ArticleLine>("Article", "An article; its revisions and publications follow.")
                                 .field("id", &ArticleLine::id, required)
                                 .field("projectId", &ArticleLine::project, required)
                                 .field("keywordId", &ArticleLine::keyword, optional)
                                 .field("newestOfKeyword", &ArticleLine::newest_of_keyword)
                                 .field("keyword", &ArticleLine::keyword_text, optional)
                                 .field("slug", &ArticleLine::slug, required)
                                 .field("status", &ArticleLine::status, required)
                                 .field("stage", &ArticleLine::stage)
                                 .field("error", &ArticleLine::error, optional)
                                 .field("text", &ArticleLine::text, required)
                                 .field("categories", &ArticleLine::categories)
                                 .field("tags", &ArticleLine::tags)
                                 .field("authorName", &ArticleLine::author_name, optional)
                                 .field("canonicalUrl", &ArticleLine::canonical_url, optional)
                                 .field("featuredImageUrl", &ArticleLine::featured_image_url, optional)
                                 .field("externalUrl", &ArticleLine::external_url, optional)
                                 .field("wordCount", &ArticleLine::word_count, {.min = 0})
                                 .field("scheduledFor", &ArticleLine::scheduled_for, optional)
                                 .field("publishedAt", &ArticleLine::published_at, optional)
                                 .field("lastUpdatedAt", &ArticleLine::last_updated_at, optional)
                                 .field("sitemapPage", &ArticleLine::sitemap_page, {.omit_absent = true, .min = 1})
                                 .field("revision", &ArticleLine::revision, {.min = 1})
                                 .field("version", &ArticleLine::version, {.min = 1})
                                 .field("createdAt", &ArticleLine::created_at, required)
                                 .field("updatedAt", &ArticleLine::updated_at, required)
                                 .field("revisionLines", &ArticleLine::revision_lines, {.min = 0})
                                 .field("publicationLines", &ArticleLine::publication_lines, {.min = 0});
  return shape;
}

template <>
const Shape& shape_of<Revision>() {
  static const Shape shape = ShapeOf<Revision>("Revision", "A text that the article had or has.")
                                 .field("articleId", &Revision::article, required)
                                 .field("number", &Revision::number, counted)
                                 .field("madeBy", &Revision::made_by, {.required = true, .max = 200})
                                 .field("createdAt", &Revision::created_at, required)
                                 .field("text", &Revision::text, required);
  return shape;
}

template <>
const Shape& shape_of<Publication>() {
  static const Shape shape = ShapeOf<Publication>("Publication", "Where the article stands, or stood.")
                                 .field("id", &Publication::id, required)
                                 .field("projectId", &Publication::project, required)
                                 .field("articleId", &Publication::article, required)
                                 .field("connectionId", &Publication::connection, optional)
                                 .field("status", &Publication::status, required)
                                 .field("externalId", &Publication::external_id, optional)
                                 .field("externalUrl", &Publication::external_url, optional)
                                 .field("lastError", &Publication::last_error, optional)
                                 .field("attempts", &Publication::attempts, {.min = 0})
                                 .field("publishedAt", &Publication::published_at, optional)
                                 .field("version", &Publication::version, {.min = 1})
                                 .field("createdAt", &Publication::created_at, required)
                                 .field("updatedAt", &Publication::updated_at, required);
  return shape;
}

}  // namespace galley
