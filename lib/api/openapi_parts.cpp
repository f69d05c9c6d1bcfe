#include "api/openapi_parts.hpp"

#include <algorithm>

#include "api/error_table.hpp"
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
    {"ETag", "string", "\"<version>-<derived>\": for If-None-Match, and for If-Match, which compares the version."},
    {"Location", "string", "Path of what was made, or of the job to follow."},
    {"Idempotent-Replayed", "boolean", "true where an earlier request under the same Idempotency-Key did it."},
    {"Retry-After", "integer", "Seconds to wait."},
    {"WWW-Authenticate", "string", "Bearer."},
};

struct WebhookHeaderRow {
  std::string_view name;
  bool always;
  std::string_view about;
};

constexpr WebhookHeaderRow webhook_headers[] = {
    {"X-iCF-Signature", true,
     "Lower-case hexadecimal HMAC-SHA256 of the body's bytes; the key is the secret as shown."},
    {"X-iCF-Event", true, "The event's name."},
    {"X-iCF-Delivery", true, "The delivery's id."},
    {"X-iCF-Attempt", true, "Number of the attempt, from 1."},
    {"X-iCF-Timestamp", true, "Unix second of the attempt."},
    {"webhook-id", true, "The event's id, the same on every attempt: what is known already can be dropped."},
    {"webhook-timestamp", true, "Unix second of the attempt."},
    {"webhook-signature", false,
     "Standard Webhooks: \"v1,\" and base64 HMAC-SHA256 of id.timestamp.body, several separated by spaces while two "
     "secrets hold. Left out where the secret has not the form whsec_."},
};

void write_error_schema(json::Writer& out) {
  out.key("Error").begin_object().member("type", "object").member("description", "What went wrong.");
  out.key("required").begin_array().value("error").end_array();
  out.key("properties").begin_object().key("error").begin_object().member("type", "object");
  out.key("required").begin_array().value("code").value("message").value("details").end_array();
  out.key("properties").begin_object();
  out.key("code").begin_object().member("type", "string").key("enum").begin_array();
  for (const PublicError& row : error_table)
    out.value(row.name);
  out.end_array().end_object();
  out.key("message").begin_object().member("type", "string").member("description", "A sentence for people.");
  out.key("examples").begin_array().value("The requested article could not be found.").end_array().end_object();
  out.key("details").begin_object().member("type", "object");
  out.member(
      "description",
      "What a program may want to know: the id that was not found; fields with every bad field and its reasons.");
  out.key("examples").begin_array().begin_object().member("articleId", "art_xyz789").end_object().end_array();
  out.end_object().end_object().end_object().end_object().end_object();
}

void write_number(json::Writer& out, std::string_view name, std::string_view type, std::string_view about) {
  out.key(name).begin_object().member("type", type).member("description", about).end_object();
}

void write_pagination_schema(json::Writer& out) {
  out.key("Pagination").begin_object().member("type", "object").member("description", "Where a page of a list stands.");
  out.key("required").begin_array().value("pageSize").value("total").value("nextCursor").end_array();
  out.key("properties").begin_object();
  write_number(out, "page", "integer", "From 1; left out where the page was asked for by cursor.");
  write_number(out, "pageSize", "integer", "Rows on a full page.");
  write_number(out, "total", "integer", "Matches, counted to 10000.");
  write_number(out, "totalIsExact", "boolean", "false where there are more than total; left out where it is exact.");
  out.key("nextCursor").begin_object().key("type").begin_array().value("string").value("null").end_array();
  out.member("description", "For the parameter cursor; null on the last page.").end_object();
  out.end_object().end_object();
}

void write_error_answer(json::Writer& out, int status) {
  std::string about;
  for (const PublicError& row : error_table)
    if (row.status == status)
      about += (about.empty() ? "" : " ") + std::string(row.name) + ": " + std::string(row.title);
  out.key(error_answer_name(status)).begin_object().member("description", about);
  out.key("headers").begin_object();
  refer_to_header(out, "X-Request-ID");
  if (status == 401) refer_to_header(out, "WWW-Authenticate");
  if (status == 429 || status == 503) refer_to_header(out, "Retry-After");
  out.end_object();
  out.key("content").begin_object().key("application/json").begin_object().key("schema").begin_object();
  out.member("$ref", "#/components/schemas/Error").end_object().end_object().end_object().end_object();
}

}  // namespace

void write_introduction(json::Writer& out) {
  out.key("info").begin_object().member("title", "Galley").member("version", "1.0.0");
  out.member("summary", "Content publishing: projects, keyword matrices, articles, publishing, sitemaps and webhooks.");
  out.member("description",
             "Ids are opaque. Times are RFC 3339, UTC. Lists answer {data, pagination}; errors answer {error}. Unknown "
             "body fields and query parameters are refused by name.");
  out.end_object();
  out.key("servers").begin_array().begin_object().member("url", "/").end_object().end_array();
  out.key("security").begin_array();
  for (const std::string_view scheme : {"bearer", "apiKey"})
    out.begin_object().key(scheme).begin_array().end_array().end_object();
  out.end_array();
}

void write_components(json::Writer& out) {
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
  for (const int status : error_statuses())
    write_error_answer(out, status);
  out.end_object();
}

void write_frame_schemas(json::Writer& out) {
  write_error_schema(out);
  write_pagination_schema(out);
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

std::string error_answer_name(int status) {
  std::string name(http::reason_phrase(status));
  std::erase(name, ' ');
  return name;
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
