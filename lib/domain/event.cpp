#include "domain/event.hpp"

#include <type_traits>
#include <utility>

#include "base/json.hpp"

namespace galley {
namespace {

// What is absent or empty is left out: most articles have few of these.
class SnapshotWriter {
 public:
  explicit SnapshotWriter(std::string_view kind) : json_(out_) { json_.begin_object().member("of", kind); }

  void put(std::string_view name, const std::string& text) {
    if (!text.empty()) json_.member(name, text);
  }
  // Present and empty is not absent.
  void put(std::string_view name, const std::optional<std::string>& text) {
    if (text) json_.member(name, *text);
  }
  void put(std::string_view name, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    json_.key(name).begin_array();
    for (const std::string& text : texts)
      json_.value(text);
    json_.end_array();
  }
  void put(std::string_view name, const std::optional<Time>& time) {
    if (time) json_.member(name, static_cast<std::int64_t>(time->time_since_epoch().count()));
  }
  void put(std::string_view name, std::int64_t number) {
    if (number != 0) json_.member(name, number);
  }
  std::string take() && {
    json_.end_object();
    return std::move(out_);
  }

 private:
  std::string out_;
  json::Writer json_;
};

// The inverse; what is not there stays as it is, and the first thing of another kind is remembered.
class SnapshotReader {
 public:
  explicit SnapshotReader(const json::Value& object) : object_(object) {}

  void get(std::string_view name, std::string& text) {
    if (const json::Value* value = find(name)) read(name, value->text(), text);
  }
  void get(std::string_view name, std::optional<std::string>& text) {
    if (const json::Value* value = find(name)) read(name, value->text(), text.emplace());
  }
  void get(std::string_view name, std::int64_t& number) {
    if (const json::Value* value = find(name)) read(name, value->integer(), number);
  }
  void get(std::string_view name, std::optional<Time>& time) {
    std::int64_t milliseconds = 0;
    if (const json::Value* value = find(name)) {
      read(name, value->integer(), milliseconds);
      time = Time(Milliseconds(milliseconds));
    }
  }
  void get(std::string_view name, std::vector<std::string>& texts) {
    const json::Value* value = find(name);
    if (value == nullptr) return;
    const json::Array* array = value->array();
    if (array == nullptr) return fail(name);
    for (const json::Value& entry : *array)
      read(name, entry.text(), texts.emplace_back());
  }
  template <class Tag>
  void get(std::string_view name, Id<Tag>& id) {
    std::string text;
    get(name, text);
    id = Id<Tag>(std::move(text));
  }
  void fail(std::string_view name) {
    if (fault_.empty()) fault_ = std::string("snapshot member ") + std::string(name);
  }
  Result<Snapshot> result(Snapshot snapshot) && {
    if (!fault_.empty()) return internal_error(std::move(fault_));
    return snapshot;
  }

 private:
  const json::Value* find(std::string_view name) const { return object_.find(name); }
  template <class T>
  void read(std::string_view name, const T* found, T& into) {
    if (found == nullptr) return fail(name);
    into = *found;
  }

  const json::Value& object_;
  std::string fault_;
};

std::string encode(const ArticleSnapshot& article) {
  SnapshotWriter out("article");
  out.put("id", article.id.text());
  out.put("title", article.text.title);
  out.put("markdown", article.text.markdown);
  out.put("excerpt", article.text.excerpt);
  out.put("meta_title", article.text.meta_title);
  out.put("meta_description", article.text.meta_description);
  out.put("meta_keywords", article.text.meta_keywords);
  out.put("slug", article.slug);
  out.put("status", std::string(to_text(article.status)));
  out.put("keyword", article.keyword);
  out.put("categories", article.categories);
  out.put("tags", article.tags);
  out.put("author_name", article.author_name);
  out.put("url", article.url);
  out.put("canonical_url", article.canonical_url);
  out.put("featured_image_url", article.featured_image_url);
  out.put("published_at", article.published_at);
  out.put("last_updated_at", article.last_updated_at);
  out.put("word_count", article.word_count);
  out.put("project_name", article.project_name);
  out.put("project_domain", article.project_domain);
  out.put("language", article.language);
  if (article.error) {
    out.put("error_code", std::optional(article.error->code));
    out.put("error_message", article.error->message);
  }
  return std::move(out).take();
}

std::string encode(const JobSnapshot& job) {
  SnapshotWriter out("job");
  out.put("id", job.id.text());
  out.put("kind", job.kind);
  out.put("status", job.status);
  out.put("total", job.total);
  out.put("done", job.done);
  out.put("failed", job.failed);
  return std::move(out).take();
}

std::string encode(const KeywordSnapshot& keyword) {
  SnapshotWriter out("keyword");
  out.put("id", keyword.id.text());
  out.put("keyword", keyword.keyword);
  out.put("intent", keyword.intent);
  out.put("cluster", keyword.cluster.text());
  out.put("cluster_name", keyword.cluster_name);
  return std::move(out).take();
}

std::string encode(const ConnectionSnapshot& connection) {
  SnapshotWriter out("connection");
  out.put("id", connection.id.text());
  out.put("name", connection.name);
  out.put("type", connection.type);
  out.put("error", connection.error);
  return std::move(out).take();
}

std::string encode(const TestSnapshot& test) {
  SnapshotWriter out("test");
  out.put("message", test.message);
  return std::move(out).take();
}

Result<Snapshot> decode_article(SnapshotReader in) {
  ArticleSnapshot article;
  in.get("id", article.id);
  in.get("title", article.text.title);
  in.get("markdown", article.text.markdown);
  in.get("excerpt", article.text.excerpt);
  in.get("meta_title", article.text.meta_title);
  in.get("meta_description", article.text.meta_description);
  in.get("meta_keywords", article.text.meta_keywords);
  in.get("slug", article.slug);
  std::string status;
  in.get("status", status);
  const std::optional<ArticleStatus> known = from_text<ArticleStatus>(status);
  if (known) {
    article.status = *known;
  } else {
    in.fail("status");
  }
  in.get("keyword", article.keyword);
  in.get("categories", article.categories);
  in.get("tags", article.tags);
  in.get("author_name", article.author_name);
  in.get("url", article.url);
  in.get("canonical_url", article.canonical_url);
  in.get("featured_image_url", article.featured_image_url);
  in.get("published_at", article.published_at);
  in.get("last_updated_at", article.last_updated_at);
  in.get("word_count", article.word_count);
  in.get("project_name", article.project_name);
  in.get("project_domain", article.project_domain);
  in.get("language", article.language);
  std::optional<std::string> code;
  in.get("error_code", code);
  if (code) {
    article.error.emplace(ArticleError{.code = *std::move(code), .message = {}});
    in.get("error_message", article.error->message);
  }
  return std::move(in).result(std::move(article));
}

Result<Snapshot> decode_job(SnapshotReader in) {
  JobSnapshot job;
  in.get("id", job.id);
  in.get("kind", job.kind);
  in.get("status", job.status);
  in.get("total", job.total);
  in.get("done", job.done);
  in.get("failed", job.failed);
  return std::move(in).result(std::move(job));
}

Result<Snapshot> decode_keyword(SnapshotReader in) {
  KeywordSnapshot keyword;
  in.get("id", keyword.id);
  in.get("keyword", keyword.keyword);
  in.get("intent", keyword.intent);
  in.get("cluster", keyword.cluster);
  in.get("cluster_name", keyword.cluster_name);
  return std::move(in).result(std::move(keyword));
}

Result<Snapshot> decode_connection(SnapshotReader in) {
  ConnectionSnapshot connection;
  in.get("id", connection.id);
  in.get("name", connection.name);
  in.get("type", connection.type);
  in.get("error", connection.error);
  return std::move(in).result(std::move(connection));
}

Result<Snapshot> decode_test(SnapshotReader in) {
  TestSnapshot test;
  in.get("message", test.message);
  return std::move(in).result(std::move(test));
}

}  // namespace

ArticleSnapshot snapshot_of(const Project& project, const Article& article) {
  return {.id = article.id,
          .text = article.text,
          .slug = article.slug,
          .status = article.status,
          .keyword = article.keyword_text.value_or(""),
          .categories = article.categories,
          .tags = article.tags,
          .author_name = article.author_name.value_or(project.author_name.value_or("")),
          .url = public_url(project, article).value_or(""),
          .canonical_url = article.canonical_url.value_or(""),
          .featured_image_url = article.featured_image_url.value_or(""),
          .published_at = article.published_at,
          .last_updated_at = article.last_updated_at,
          .word_count = article.word_count,
          .project_name = project.name,
          .project_domain = project.target_domain.value_or(""),
          .language = project.language,
          .error = article.error};
}

std::string encode_snapshot(const Snapshot& snapshot) {
  return visit([](const auto& noun) { return encode(noun); }, snapshot);
}

Result<Snapshot> decode_snapshot(std::string_view text) {
  const Result<json::Value> parsed = json::parse(text);
  if (parsed.has_error()) return internal_error("snapshot: " + parsed.error().message);
  std::string of;
  if (const json::Value* kind = parsed->find("of"); kind != nullptr && kind->text() != nullptr) of = *kind->text();
  const SnapshotReader in(*parsed);
  if (of == "article") return decode_article(in);
  if (of == "job") return decode_job(in);
  if (of == "keyword") return decode_keyword(in);
  if (of == "connection") return decode_connection(in);
  if (of == "test") return decode_test(in);
  return internal_error("snapshot of nothing that is known");
}

}  // namespace galley
