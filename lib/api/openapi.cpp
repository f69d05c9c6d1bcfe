#include "api/openapi.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "api/error_table.hpp"
#include "api/idempotency.hpp"
#include "api/openapi_examples.hpp"
#include "api/openapi_parts.hpp"
#include "api/schema_book.hpp"
#include "base/encoding.hpp"
#include "http/answer.hpp"

namespace galley::api {

namespace {

using Form = SchemaBook::Form;

// What the operations refer to.
struct Parts {
  SchemaBook schemas{"#/components/schemas/"};
  std::set<std::string> answers{};  // of errors
};

// Rows by path, both in the order of the tables.
struct PathRows {
  std::string_view path;
  const Dialect* dialect = nullptr;
  std::vector<const Endpoint*> rows{};
  // Whether a GET of this path answers an ETag that names a version.
  bool versioned() const {
    return std::any_of(rows.begin(), rows.end(),
                       [](const Endpoint* row) { return row->method == http::Method::get && row->has_version; });
  }
};

const Dialect& owner_of(std::string_view path, const std::vector<const Dialect*>& dialects) {
  const auto owner = std::find_if(dialects.begin(), dialects.end(), [&](const Dialect* d) { return d->owns(path); });
  return **owner;
}

std::vector<PathRows> by_path(const std::vector<const EndpointTable*>& tables,
                              const std::vector<const Dialect*>& dialects) {
  std::vector<PathRows> paths;
  for (const EndpointTable* table : tables)
    for (const Endpoint& row : *table) {
      auto found = std::find_if(paths.begin(), paths.end(), [&](const PathRows& p) { return p.path == row.path; });
      if (found == paths.end())
        found = paths.insert(paths.end(), {.path = row.path, .dialect = &owner_of(row.path, dialects)});
      found->rows.push_back(&row);
    }
  return paths;
}

// The noun behind the version, "public", or what the server tells of itself.
std::string_view tag_of(std::string_view path) {
  for (const std::string_view prefix : {"/api/v1/", "/api/"})
    if (path.starts_with(prefix) && path != "/api/schema/") {
      path.remove_prefix(prefix.size());
      return path.substr(0, path.find('/'));
    }
  return "operation";
}

std::string_view role_of(Access access) {
  switch (access) {
    case Access::open:
      return "";
    case Access::viewer:
      return "viewer";
    case Access::editor:
      return "editor";
    case Access::admin:
      return "admin";
    case Access::owner:
      return "owner";
  }
  return "";
}

void write_path_parameters(json::Writer& out, const Endpoint& row) {
  std::size_t index = 0;
  for (std::size_t at = row.path.find('{'); at != std::string_view::npos; at = row.path.find('{', at + 1)) {
    const std::string_view prefix = index < row.id_prefixes.size() ? row.id_prefixes[index] : std::string_view();
    ++index;
    out.begin_object().member("name", row.path.substr(at + 1, row.path.find('}', at) - at - 1));
    out.member("in", "path").member("required", true).key("schema").begin_object();
    if (prefix.empty())
      out.member("type", "integer").member("minimum", 1);
    else
      out.member("type", "string").member("pattern", "^" + std::string(prefix) + "_[a-z0-9]{12,40}$");
    out.end_object().end_object();
  }
}

void write_header_parameter(json::Writer& out, std::string_view name, std::string_view about) {
  out.begin_object().member("name", name).member("in", "header").member("description", about);
  out.key("schema").begin_object().member("type", "string").end_object().end_object();
}

// Whether its answers carry an ETag, so that a caller may have them already.
bool is_tagged(const Endpoint& row) {
  return row.has_version || (row.answer == Reply::Kind::document && row.scope == RateScope::public_pages);
}

void write_parameters(json::Writer& out, const Endpoint& row, bool versioned, SchemaBook& book) {
  out.key("parameters").begin_array();
  write_path_parameters(out, row);
  if (row.query != nullptr)
    for (const Shape::Field& field : row.query().fields()) {
      out.begin_object().member("name", field.name).member("in", "query");
      if (field.rules.required) out.member("required", true);
      if (!field.rules.about.empty()) out.member("description", field.rules.about);
      out.key("schema");
      book.write_parameter_schema(out, field);
      out.end_object();
    }
  if (row.method == http::Method::get && is_tagged(row))
    write_header_parameter(out, "If-None-Match", "ETag of what is known already: 304 where it still holds.");
  if (row.method != http::Method::get && row.method != http::Method::post && versioned)
    write_header_parameter(out, "If-Match", "ETag of what was read: 412 where it was changed since.");
  if (row.method == http::Method::post && row.access != Access::open && row.keeps_answers)
    write_header_parameter(out, idempotency_field,
                           "1 to 255 characters of your choice: sent again within 24 hours, the request is not carried "
                           "out again, and the first answer is given again.");
  if (row.answer_media == "text/event-stream")
    write_header_parameter(out, "Last-Event-ID", "Id of the last event that was seen.");
  out.end_array();
}

void write_request_body(json::Writer& out, const Endpoint& row, SchemaBook& book) {
  if (row.bodies.empty()) return;
  const bool required = std::any_of(row.bodies.begin(), row.bodies.end(), [](const BodyKind& kind) {
    if (kind.shape == nullptr) return true;
    const std::vector<Shape::Field>& fields = kind.shape().fields();
    return !kind.patch &&
           std::any_of(fields.begin(), fields.end(), [](const Shape::Field& field) { return field.rules.required; });
  });
  out.key("requestBody").begin_object().member("required", required).key("content").begin_object();
  for (const BodyKind& kind : row.bodies) {
    const Form form = kind.patch ? Form::patch : Form::request;
    out.key(kind.media_type).begin_object().key("schema");
    if (kind.shape != nullptr) {
      book.write_reference(out, kind.shape, form);
      out.key("example");
      write_example(out, kind.shape(), form);
    } else {
      out.begin_object().member("type", "string").end_object();
    }
    out.end_object();
  }
  out.end_object().end_object();
}

void write_answer_schema(json::Writer& out, const Endpoint& row, const Dialect& dialect, ShapeFunction shape,
                         SchemaBook& book) {
  const Dialect::WriteSchema schema = [&](json::Writer& writer) {
    if (shape != nullptr)
      book.write_reference(writer, shape, Form::answer);
    else
      writer.begin_object().member("type", "object").end_object();
  };
  if (row.answer == Reply::Kind::list)
    dialect.describe_list(out, schema);
  else
    dialect.describe_object(out, schema);
}

void write_answer_example(json::Writer& out, const Dialect& dialect, ShapeFunction shape, bool list) {
  if (shape == nullptr) return;
  const Dialect::WriteSchema data = [&](json::Writer& writer) { write_example(writer, shape(), Form::answer); };
  out.key("example");
  if (list)
    dialect.write_list_example(out, data);
  else
    dialect.write_object_example(out, data);
}

void write_answer_content(json::Writer& out, const Endpoint& row, const Dialect& dialect, SchemaBook& book) {
  if (row.answer == Reply::Kind::empty) return;
  out.key("content").begin_object().key(row.answer_media).begin_object().key("schema");
  if (row.answer == Reply::Kind::list || row.answer == Reply::Kind::object) {
    write_answer_schema(out, row, dialect, row.answer_shape, book);
    write_answer_example(out, dialect, row.answer_shape, row.answer == Reply::Kind::list);
  } else {
    out.begin_object().member("type", "string").end_object();
  }
  out.end_object();
  for (const std::string_view media : row.other_media)
    out.key(media).begin_object().key("schema").begin_object().member("type", "string").end_object().end_object();
  out.end_object();
}

void write_answer_headers(json::Writer& out, const Endpoint& row, const Dialect& dialect, int status) {
  out.key("headers").begin_object();
  refer_to_header(out, "X-Request-ID");
  for (const std::string_view name : dialect.rate_headers(row))
    refer_to_header(out, name);
  if (is_tagged(row) && status == row.success) refer_to_header(out, "ETag");
  if (status == 201 || status == 202) refer_to_header(out, "Location");
  if (row.method == http::Method::post && row.keeps_answers) refer_to_header(out, "Idempotent-Replayed");
  out.end_object();
}

void write_other_answer(json::Writer& out, const Endpoint& row, const Dialect& dialect, const OtherAnswer& other,
                        SchemaBook& book) {
  out.key(std::to_string(other.status)).begin_object();
  out.member("description", http::reason_phrase(other.status));
  write_answer_headers(out, row, dialect, other.status);
  if (other.shape != nullptr) {
    out.key("content").begin_object().key("application/json").begin_object().key("schema");
    dialect.describe_object(out,
                            [&](json::Writer& writer) { book.write_reference(writer, other.shape, Form::answer); });
    write_answer_example(out, dialect, other.shape, false);
    out.end_object().end_object();
  }
  out.end_object();
}

// Whether the endpoint may answer with this status. What belongs to every request alike (408, 414, 431) stands in the
// components alone.
bool may_fail_with(const Endpoint& row, const Dialect& dialect, int status, bool versioned) {
  if (std::ranges::find(row.other_failures, status) != row.other_failures.end()) return true;
  const bool known = row.access != Access::open;
  const bool changes = row.method != http::Method::get;
  switch (status) {
    case 400:
      return known || !row.bodies.empty();
    case 401:
    case 403:
      return known || !row.bodies.empty();
    case 402:
      return row.method == http::Method::post && row.access != Access::admin;
    case 422:
      return row.finish != nullptr;  // the outside has the last word
    case 404:
      return !row.id_prefixes.empty() || (row.answer == Reply::Kind::list && dialect.has_last_page());
    case 409:
      return changes;
    case 412:
      return changes && versioned && row.method != http::Method::post;
    case 413:
    case 415:
      return !row.bodies.empty();
    case 429:
      return row.scope != RateScope::unlimited;
    case 500:
    case 503:
      return true;
    default:
      return false;
  }
}

void write_responses(json::Writer& out, const Endpoint& row, const Dialect& dialect, bool versioned, Parts& parts) {
  SchemaBook& book = parts.schemas;
  out.key("responses").begin_object();
  out.key(std::to_string(row.success)).begin_object().member("description", http::reason_phrase(row.success));
  write_answer_headers(out, row, dialect, row.success);
  write_answer_content(out, row, dialect, book);
  out.end_object();
  for (const OtherAnswer& other : row.other_answers)
    write_other_answer(out, row, dialect, other, book);
  if (row.method == http::Method::get && is_tagged(row))
    out.key("304").begin_object().member("description", http::reason_phrase(304)).end_object();
  for (const int status : error_statuses())
    if (may_fail_with(row, dialect, status, versioned)) {
      parts.answers.insert(dialect.error_answer(status));
      out.key(std::to_string(status))
          .begin_object()
          .member("$ref", "#/components/responses/" + dialect.error_answer(status))
          .end_object();
    }
  out.end_object();
}

void write_operation(json::Writer& out, const Endpoint& row, const Dialect& dialect, bool versioned, Parts& parts) {
  out.begin_object().member("operationId", row.operation).member("summary", row.summary);
  if (row.access != Access::open)
    out.member("description", "Needs the role " + std::string(role_of(row.access)) + " or a higher one.");
  out.key("tags").begin_array().value(tag_of(row.path)).end_array();
  if (row.access == Access::open) out.key("security").begin_array().end_array();
  write_parameters(out, row, versioned, parts.schemas);
  write_request_body(out, row, parts.schemas);
  write_responses(out, row, dialect, versioned, parts);
  out.end_object();
}

void write_paths(json::Writer& out, const std::vector<PathRows>& paths, Parts& parts) {
  out.key("paths").begin_object();
  for (const PathRows& each : paths) {
    out.key(each.path).begin_object();
    for (const Endpoint* row : each.rows) {
      out.key(to_lower_ascii(http::to_text(row->method)));
      write_operation(out, *row, *each.dialect, each.versioned(), parts);
    }
    out.end_object();
  }
  out.end_object();
}

void write_tags(json::Writer& out, const std::vector<PathRows>& paths) {
  std::vector<std::string_view> tags;
  for (const PathRows& each : paths)
    if (const std::string_view tag = tag_of(each.path); std::find(tags.begin(), tags.end(), tag) == tags.end())
      tags.push_back(tag);
  out.key("tags").begin_array();
  for (const std::string_view tag : tags)
    out.begin_object().member("name", tag).member("description", tag_about(tag)).end_object();
  out.end_array();
}

}  // namespace

std::string render_openapi(const std::vector<const EndpointTable*>& tables,
                           const std::vector<const Dialect*>& dialects) {
  const std::vector<PathRows> paths = by_path(tables, dialects);
  Parts parts;
  std::string compact;
  json::Writer out(compact);
  out.begin_object().member("openapi", "3.1.0");
  write_introduction(out);
  write_tags(out, paths);
  write_paths(out, paths, parts);
  write_webhooks(out, parts.schemas);
  out.key("components").begin_object();
  write_components(out, dialects, parts.answers);
  out.key("schemas").begin_object();
  for (const Dialect* dialect : dialects)
    dialect->describe_frames(out);
  parts.schemas.write_all(out);
  out.end_object().end_object().end_object();
  return indented(compact);
}

}  // namespace galley::api
