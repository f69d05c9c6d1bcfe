#include "webhook/body.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/variant.hpp"
#include "webhook/article_fields.hpp"
#include "webhook/body_template.hpp"

namespace galley::webhook {

namespace {

using json::Writer;

void write_text_or_null(Writer& out, std::string_view name, std::string_view text) {
  out.key(name);
  if (text.empty())
    out.null();
  else
    out.value(text);
}

void write_texts(Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  out.key(name).begin_array();
  for (const std::string& text : texts)
    out.value(text);
  out.end_array();
}

void write_time_or_null(Writer& out, std::string_view name, const std::optional<Time>& time) {
  write_text_or_null(out, name, time ? to_rfc3339(*time) : std::string());
}

void write_noun(Writer& out, const ArticleSnapshot& article) {
  const ArticleFields fields = derive_fields(article);
  out.key("article").begin_object();
  out.member("id", article.id.text()).member("title", article.text.title).member("slug", article.slug);
  out.member("content", fields.html).member("excerpt", fields.excerpt).member("status", to_text(article.status));
  out.key("meta").begin_object().member("description", fields.meta_description);
  write_texts(out, "keywords", article.text.meta_keywords);
  out.end_object();
  write_text_or_null(out, "author", article.author_name);
  write_time_or_null(out, "publishedAt", article.published_at);
  write_texts(out, "categories", article.categories);
  write_texts(out, "tags", article.tags);
  write_text_or_null(out, "url", article.url);
  write_text_or_null(out, "keyword", article.keyword);
  out.member("wordCount", article.word_count).member("readingTime", fields.reading_time);
  out.member("markdown", article.text.markdown).member("jsonLd", fields.json_ld);
  out.end_object();
}

void write_noun(Writer& out, const JobSnapshot& job) {
  out.key("job").begin_object();
  out.member("id", job.id.text()).member("kind", job.kind).member("status", job.status);
  out.key("progress").begin_object();
  out.member("total", job.total).member("done", job.done).member("failed", job.failed).end_object();
  out.end_object();
}

void write_noun(Writer& out, const KeywordSnapshot& keyword) {
  out.key("keyword").begin_object();
  out.member("id", keyword.id.text()).member("keyword", keyword.keyword);
  write_text_or_null(out, "intent", keyword.intent);
  out.member("clusterId", keyword.cluster.text()).member("clusterName", keyword.cluster_name).end_object();
}

void write_noun(Writer& out, const ConnectionSnapshot& connection) {
  out.key("connection").begin_object();
  out.member("id", connection.id.text()).member("name", connection.name).member("type", connection.type);
  write_text_or_null(out, "lastError", connection.error);
  out.end_object();
}

void write_noun(Writer& out, const TestSnapshot& test) {
  out.key("test").begin_object().member("message", test.message).end_object();
}

struct FlatValueWriter {
  Writer& out;
  void operator()(monostate) const { out.null(); }
  void operator()(std::string_view text) const { out.value(text); }
  void operator()(const std::string& text) const { out.value(text); }
  void operator()(std::int64_t number) const { out.value(number); }
  void operator()(const std::vector<std::string>& texts) const {
    out.begin_array();
    for (const std::string& text : texts)
      out.value(text);
    out.end_array();
  }
};

Result<std::string> bounded(std::string body) {
  if (body.size() > max_body_bytes)
    return Error{.code = ErrorCode::payload_too_large,
                 .message = "The message would be longer than " + std::to_string(max_body_bytes) + " bytes."};
  return body;
}

// The noun before the body, so that nothing is written of what cannot be sent.
Result<const ArticleSnapshot*> article_of(const Event& event) {
  const auto* const article = get_if<ArticleSnapshot>(&event.snapshot);
  if (article == nullptr) return internal_error("event " + event.id.text() + " has no article for its format");
  return article;
}

}  // namespace

Result<std::string> event_body(const Event& event) {
  std::string body;
  Writer out(body);
  out.begin_object();
  out.member("id", event.id.text()).member("event", to_text(event.type)).member("projectId", event.project.text());
  out.member("createdAt", to_rfc3339(event.created_at));
  visit([&out](const auto& noun) { write_noun(out, noun); }, event.snapshot);
  out.end_object();
  return bounded(std::move(body));
}

Result<std::string> flat_body(const Event& event) {
  const ArticleSnapshot* const article = GALLEY_TRY(article_of(event));
  const ArticleFields fields = derive_fields(*article);
  std::string body;
  Writer out(body);
  out.begin_object();
  for (const FlatField& field : flat_fields()) {
    out.key(field.name);
    visit(FlatValueWriter{out}, field.value(fields));
  }
  out.end_object();
  return bounded(std::move(body));
}

Result<std::string> make_body(BodyFormat format, std::string_view body_template, const Event& event) {
  if (event.type == EventType::webhook_test) return event_body(event);
  switch (format) {
    case BodyFormat::event:
      return event_body(event);
    case BodyFormat::flat:
      return flat_body(event);
    case BodyFormat::custom: {
      const ArticleSnapshot* const article = GALLEY_TRY(article_of(event));
      const BodyTemplate parsed = GALLEY_TRY(BodyTemplate::parse(body_template));
      return parsed.fill(derive_fields(*article));
    }
  }
  return internal_error("no such body format");
}

}  // namespace galley::webhook
