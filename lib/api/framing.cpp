#include "api/framing.hpp"

#include <algorithm>

#include "api/conditional.hpp"
#include "api/dialect.hpp"
#include "api/error_table.hpp"

namespace galley::api {

bool Framing::knows(std::string_view origin) const {
  return std::find(cors_origins_.begin(), cors_origins_.end(), origin) != cors_origins_.end();
}

void Framing::add_common(const Call& call) const {
  http::Answer& answer = call.exchange.answer();
  answer.add("X-Request-ID", call.request_id);
  if (call.replayed) answer.add("Idempotent-Replayed", "true");
  if (call.rate) call.dialect->write_rate(*call.rate, answer);
  if (cors_origins_.empty()) return;
  const std::string_view origin = call.request().header("Origin").value_or("");
  answer.add("Vary", "Origin");
  if (!knows(origin)) return;
  answer.add("Access-Control-Allow-Origin", origin);
  answer.add("Access-Control-Expose-Headers",
             "ETag, Idempotent-Replayed, Location, Retry-After, X-Request-ID, X-RateLimit-Limit, "
             "X-RateLimit-Remaining, X-RateLimit-Reset");
}

void Framing::frame(const Call& call, Reply& reply) const {
  http::Answer& answer = call.exchange.answer();
  const bool unchanged = not_modified(call.request(), reply.etag, reply.last_modified);
  answer.begin(unchanged ? 304 : reply.status);
  add_common(call);
  if (!reply.etag.empty()) answer.add("ETag", reply.etag);
  if (!reply.last_modified.empty()) answer.add("Last-Modified", reply.last_modified);
  if (!reply.location.empty()) answer.add("Location", reply.location);
  if (!reply.cacheable) answer.add("Cache-Control", "no-store");
  for (const auto& [name, value] : reply.headers)
    answer.add(name, value);
  if (unchanged || reply.kind == Reply::Kind::empty) return answer.finish();
  answer.add("X-Content-Type-Options", "nosniff");
  if (reply.kind == Reply::Kind::object || reply.kind == Reply::Kind::list) {
    answer.add("Content-Type", "application/json; charset=utf-8");
    call.dialect->write_body(call, reply, answer.body());
    return answer.finish();
  }
  answer.add("Content-Type", reply.content_type);
  if (reply.kind == Reply::Kind::streamed) return;
  if (reply.shared) return answer.finish_shared(std::move(reply.shared));
  answer.finish(reply.body);
}

void Framing::frame_error(const Call& call, const Error& error) const {
  http::Answer& answer = call.exchange.answer();
  answer.begin(public_error(error.code).status);
  add_common(call);
  answer.add("Cache-Control", "no-store");
  answer.add("Content-Type", "application/json; charset=utf-8");
  if (error.code == ErrorCode::unauthorized) answer.add("WWW-Authenticate", "Bearer");
  if (error.code == ErrorCode::unavailable) answer.add("Retry-After", "2");
  for (const Detail& detail : error.details) {
    if (detail.name == "allow") answer.add("Allow", get<std::string>(detail.value));
    if (detail.name == "retry_after")
      answer.add("Retry-After", static_cast<std::size_t>(get<std::int64_t>(detail.value)));
  }
  call.dialect->write_error_body(call, error, answer.body());
  answer.finish();
}

void Framing::frame_refusal(const Call& call, const Error& error, int status) const {
  http::Answer& answer = call.exchange.answer();
  answer.begin(status);
  add_common(call);
  answer.add("Content-Type", "application/json; charset=utf-8");
  call.dialect->write_error_body(call, error, answer.body());
  answer.finish();
}

bool Framing::preflight(const Call& call) const {
  const http::Request& request = call.request();
  if (request.method != http::Method::options || !request.header("Access-Control-Request-Method")) return false;
  const std::string_view origin = request.header("Origin").value_or("");
  if (!knows(origin)) return false;
  http::Answer& answer = call.exchange.answer();
  answer.begin(204);
  add_common(call);
  answer.add("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
  answer.add("Access-Control-Allow-Headers",
             "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Prefer, X-Request-ID");
  answer.add("Access-Control-Max-Age", "600");
  answer.finish();
  return true;
}

}  // namespace galley::api
