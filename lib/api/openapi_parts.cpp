#include "api/openapi_parts.hpp"

#include <algorithm>
#include <stdexcept>

#include "api/error_table.hpp"
#include "api/icf/event_shapes.hpp"
#include "http/answer.hpp"

namespace galley::api {

namespace {

struct HeaderRow {
  std::string_view name;
  std::string_view type;
  std::string_view about;
};

constexpr HeaderRow answer_headers[] = {
    {"X-Request-ID", "string",
     "Names this request in the server's log: a UUID; a well-formed one that was sent is kept."},
    {"X-RateLimit-Limit", "integer", "The plan's requests per minute."},
    {"X-RateLimit-Remaining", "integer", "What is left of them in the last 60 seconds."},
    {"X-RateLimit-Reset", "integer", "Unix second in which the oldest counted request leaves the window."},
    {"X-Throttle-Limit", "integer", "Requests per minute in the endpoint's scope."},
    {"X-Throttle-Remaining", "integer", "What is left of them in the last 60 seconds."},
    {"X-Throttle-Reset", "integer", "Unix second in which the oldest counted request leaves the window."},
    {"ETag", "string", "\"<version>-<derived>\": for If-None-Match, and for If-Match, which compares the version."},
    {"Location", "string", "Path of what was made, or of the job to follow."},
    {"Idempotent-Replayed", "boolean", "true where an earlier request under the same Idempotency-Key did it."},
    {"Retry-After", "integer", "Seconds to wait."},
    {"WWW-Authenticate", "string", "Bearer."},
};

struct TagRow {
  std::string_view name;
  std::string_view about;
};

constexpr TagRow tag_rows[] = {
    {"projects", "Sites with their voice, addresses and settings; keywords, articles and connections of one site."},
    {"keywords", "The keyword matrix, keyword by keyword."},
    {"articles", "Articles: read, written, approved, generated anew, published."},
    {"publications", "Where articles are published, and how that went."},
    {"public", "What search engines and readers fetch: sitemaps, feeds, robots.txt."},
    {"account", "The account with its plan and quota."},
    {"audit", "Who did what."},
    {"keys", "API keys."},
    {"connections", "Content management systems that articles are published to."},
    {"webhooks", "Endpoints that are told of events."},
    {"deliveries", "What webhooks were sent, attempt by attempt."},
    {"jobs", "Work that goes on in the background."},
    {"ping", "Whether anybody answers."},
    {"auth", "Users who sign in, and their tokens."},
    {"planner", "Keywords, clusters and ideas of all sites."},
    {"writer", "Tasks, the content that is written for them, and its images."},
    {"system", "The server's state, prompts, settings, background tasks."},
    {"billing", "Credits: what is left, what was used, and for what."},
    {"operation", "For whoever runs the server: probes, and this description."},
};

struct WebhookHeaderRow {
  std::string_view name;
  bool always;
  std::string_view about;
};

constexpr WebhookHeaderRow webhook_headers[] = {
    {"X-iCF-Signature", true,
     "Lower-case hexadecimal HMAC-SHA256 of the body's bytes; the key is the secret as shown, whsec_ included. While a "
     "rotation overlaps it is the former secret's. It covers neither id nor time: webhook-signature does."},
    {"X-iCF-Event", true, "The event's name."},
    {"X-iCF-Delivery", true, "The delivery's id."},
    {"X-iCF-Attempt", true, "Number of the attempt, from 1."},
    {"X-iCF-Timestamp", true, "Unix second of the attempt."},
    {"webhook-id", true, "The event's id, the same on every attempt: what is known already can be dropped."},
    {"webhook-timestamp", true, "Unix second of the attempt, which is signed anew: refuse what is 5 minutes off."},
    {"webhook-signature", false,
     "Standard Webhooks: \"v1,\" and base64 HMAC-SHA256 of id.timestamp.body, the key being the bytes whose base64 "
     "stands "
     "behind whsec_; several separated by spaces while two secrets hold. Left out where the secret has another form."},
};

void write_error_answer(json::Writer& out, const Dialect& dialect, int status) {
  std::string about;
  for (const PublicError& row : error_table)
    if (row.status == status && dialect.knows(row.code))
      about += (about.empty() ? "" : " ") + std::string(row.name) + ": " + std::string(row.title);
  // The sessions' own last word, http/session.
  if (status == 503) about += " Where memory is too short for even this, the answer has no body.";
  out.key(dialect.error_answer(status)).begin_object().member("description", about);
  out.key("headers").begin_object();
  refer_to_header(out, "X-Request-ID");
  if (status == 401) refer_to_header(out, "WWW-Authenticate");
  if (status == 429 || status == 503) refer_to_header(out, "Retry-After");
  out.end_object();
  out.key("content").begin_object().key("application/json").begin_object().key("schema").begin_object();
  out.member("$ref", "#/components/schemas/" + std::string(dialect.error_schema())).end_object();
  out.key("examples").begin_object();
  for (const PublicError& row : error_table) {
    if (row.status != status || !dialect.knows(row.code)) continue;
    out.key(row.name).begin_object().key("value");
    dialect.write_error_example(out, row);
    out.end_object();
  }
  out.end_object().end_object().end_object().end_object();
}

void write_webhook_headers(json::Writer& out) {
  out.key("parameters").begin_array();
  for (const WebhookHeaderRow& header : webhook_headers) {
    out.begin_object().member("name", header.name).member("in", "header").member("required", header.always);
    out.member("description", header.about);
    out.key("schema").begin_object().member("type", "string").end_object().end_object();
  }
  out.end_array();
}

void write_webhook_answers(json::Writer& out) {
  out.key("responses").begin_object();
  out.key("2XX").begin_object().member("description", "Received.").end_object();
  out.key("410").begin_object().member("description", "Gone: the webhook is disabled.").end_object();
  out.key("default").begin_object();
  out.member("description", "Tried again later; 429 and 503 are obeyed in Retry-After.").end_object();
  out.end_object();
}

// "article.created" becomes "onArticleCreated".
std::string operation_of(std::string_view event) {
  std::string name = "on";
  bool begins = true;
  for (const char c : event) {
    if (c == '.')
      begins = true;
    else
      name += begins ? static_cast<char>(c - 'a' + 'A') : c;
    if (c != '.') begins = false;
  }
  return name;
}

}  // namespace

std::string_view tag_about(std::string_view tag) {
  for (const TagRow& row : tag_rows)
    if (row.name == tag) return row.about;
  throw std::logic_error("the tag has no description: " + std::string(tag));
}

void write_introduction(json::Writer& out) {
  out.key("info").begin_object().member("title", "Galley").member("version", "1.0.0");
  out.member("summary", "Content publishing: projects, keyword matrices, articles, publishing, sitemaps and webhooks.");
  out.member(
      "description",
      "Two dialects over the same accounts, projects, keywords and articles. The publishing API: ids are opaque, "
      "lists answer {data, pagination}, errors {error}, and unknown body fields and query parameters are refused "
      "by name. The planner and writer API (paths with a slash at their end): ids are whole numbers, every answer "
      "is {success, …, request_id}, and unknown fields are passed over. Times are RFC 3339, UTC. A credential of "
      "either, an API key or an access token, works in both.");
  out.key("license").begin_object().member("name", "MIT").member("identifier", "MIT").end_object();
  out.end_object();
  out.key("servers").begin_array().begin_object().member("url", "/").end_object().end_array();
  out.key("security").begin_array();
  for (const std::string_view scheme : {"bearer", "apiKey"})
    out.begin_object().key(scheme).begin_array().end_array().end_object();
  out.end_array();
}

void write_components(json::Writer& out, const std::vector<const Dialect*>& dialects,
                      const std::set<std::string>& answers) {
  out.key("securitySchemes").begin_object();
  out.key("bearer").begin_object().member("type", "http").member("scheme", "bearer");
  out.member("description", "An API key.").end_object();
  out.key("apiKey").begin_object().member("type", "apiKey").member("in", "query").member("name", "apiKey");
  out.member("description", "An API key in the query: less secure, since addresses are logged on the way.")
      .end_object();
  out.end_object();
  out.key("headers").begin_object();
  for (const HeaderRow& header : answer_headers) {
    out.key(header.name).begin_object().member("description", header.about);
    out.key("schema").begin_object().member("type", header.type).end_object().end_object();
  }
  out.end_object();
  out.key("responses").begin_object();
  for (const Dialect* dialect : dialects)
    for (const int status : error_statuses())
      if (answers.contains(dialect->error_answer(status))) write_error_answer(out, *dialect, status);
  out.end_object();
}

void write_webhooks(json::Writer& out, SchemaBook& book) {
  out.key("webhooks").begin_object();
  for (const NameOf<EventType>& type : Names<EventType>::all) {
    const ShapeFunction body = icf::body_of(type.value);
    if (body == nullptr) continue;
    out.key(type.text).begin_object().key("post").begin_object();
    out.member("operationId", operation_of(type.text));
    out.member("summary", "What a webhook of the format \"event\" is sent.");
    out.key("tags").begin_array().value("webhooks").end_array();
    out.key("security").begin_array().end_array();
    write_webhook_headers(out);
    out.key("requestBody").begin_object().member("required", true).key("content").begin_object();
    out.key("application/json").begin_object().key("schema");
    book.write_reference(out, body, SchemaBook::Form::answer);
    out.end_object().end_object().end_object();
    write_webhook_answers(out);
    out.end_object().end_object();
  }
  out.end_object();
}

void refer_to_header(json::Writer& out, std::string_view name) {
  out.key(name).begin_object().member("$ref", "#/components/headers/" + std::string(name)).end_object();
}

std::vector<int> error_statuses() {
  std::vector<int> statuses;
  for (const PublicError& row : error_table)
    statuses.push_back(row.status);
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
  return statuses;
}

std::string indented(std::string_view compact) {
  std::string out;
  std::size_t depth = 0;
  const auto next_line = [&] { out.append("\n").append(depth * 2, ' '); };
  bool quoted = false;
  for (std::size_t i = 0; i < compact.size(); ++i) {
    const char c = compact[i];
    if (quoted) {
      out += c;
      if (c == '\\') out += compact[++i];
      if (c == '"') quoted = false;
      continue;
    }
    const bool closes = c == '}' || c == ']';
    const bool opens = c == '{' || c == '[';
    const bool empty = opens && (compact[i + 1] == '}' || compact[i + 1] == ']');
    if (closes) {
      --depth;
      next_line();
    }
    out += c;
    if (empty) out += compact[++i];
    quoted = c == '"';
    if (opens && !empty) ++depth;
    if ((opens && !empty) || c == ',') next_line();
    if (c == ':') out += ' ';
  }
  return out + "\n";
}

}  // namespace galley::api
