#include "api/idempotency.hpp"

#include <algorithm>

#include "api/dialect.hpp"
#include "api/endpoint_row.hpp"
#include "api/error_table.hpp"
#include "base/json.hpp"

namespace galley::api {

namespace {

void append_part(std::string& text, std::string_view part) {
  text += std::to_string(part.size());
  text += ':';
  text += part;
}

}  // namespace

Result<std::optional<IdempotencyScope>> idempotency_scope(const Call& call) {
  const std::optional<std::string_view> key = call.request().header(idempotency_field);
  if (!key || call.request().method != http::Method::post || !call.endpoint->keeps_answers)
    return std::optional<IdempotencyScope>();
  const bool printable = std::all_of(key->begin(), key->end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (key->empty() || key->size() > longest_idempotency_key || !printable)
    return invalid(std::string(idempotency_field), "must be 1 to 255 printable ASCII characters");
  std::string credential;
  if (call.actor.key) credential = call.actor.key->text();
  if (call.actor.user) credential = call.actor.user->text();
  return std::optional(IdempotencyScope{.account = call.actor.account,
                                        .credential = std::move(credential),
                                        .route = std::string(call.endpoint->operation),
                                        .key = std::string(*key)});
}

Digest request_digest(const Call& call) {
  std::string text;
  append_part(text, call.request().path);
  for (const auto& [name, value] : call.query) {
    append_part(text, name);
    append_part(text, value);
  }
  append_part(text, call.content_type);
  append_part(text, call.body_text);
  return sha256(text);
}

bool is_kept(const Result<Reply>& reply) {
  if (reply) return reply->status >= 200 && reply->status < 300;
  const int status = public_error(reply.error().code).status;
  return status == 402 || status == 404 || status == 409 || status == 422;
}

Secret keep_answer(const Call& call, const Result<Reply>& reply) {
  Reply framed{.kind = Reply::Kind::document, .content_type = "application/json; charset=utf-8"};
  if (!reply) {
    framed.status = public_error(reply.error().code).status;
    call.dialect->write_error_body(call, reply.error(), framed.body);
  } else {
    framed.status = reply->status;
    framed.etag = reply->etag;
    framed.location = reply->location;
    if (reply->kind != Reply::Kind::empty) call.dialect->write_body(call, *reply, framed.body);
  }
  std::string text;
  json::Writer(text)
      .begin_object()
      .member("status", framed.status)
      .member("etag", framed.etag)
      .member("location", framed.location)
      .member("type", framed.content_type)
      .member("body", framed.body)
      .end_object();
  return Secret(std::move(text));
}

Result<Reply> kept_answer(const Secret& kept) {
  const json::Value value = GALLEY_TRY(json::parse(kept.reveal()));
  const json::Value* status = value.find("status");
  if (status == nullptr || status->integer() == nullptr) return internal_error("a kept answer has no status");
  Reply reply{.kind = Reply::Kind::document,
              .status = static_cast<int>(*status->integer()),
              .body = value.text_at({"body"}),
              .content_type = value.text_at({"type"}),
              .etag = value.text_at({"etag"}),
              .location = value.text_at({"location"})};
  if (reply.body.empty()) reply.kind = Reply::Kind::empty;
  return reply;
}

}  // namespace galley::api
