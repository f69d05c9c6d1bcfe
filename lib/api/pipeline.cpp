#include "api/pipeline.hpp"

#include <algorithm>
#include <exception>
#include <new>

#include "api/credentials.hpp"
#include "api/error_table.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/out_of_memory.hpp"
#include "service/authenticator.hpp"
#include "service/idempotency.hpp"

namespace galley::api {

namespace {

constexpr std::string_view json_media = "application/json";

bool is_json(std::string_view media) {
  return media == json_media || media == "application/merge-patch+json";
}

// RFC 9562 in lower case: what comes from outside goes into logs and answers, so nothing else is kept.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

std::optional<Role> role_for(Access access) {
  switch (access) {
    case Access::open:
      return std::nullopt;
    case Access::viewer:
      return Role::viewer;
    case Access::editor:
      return Role::editor;
    case Access::admin:
      return Role::admin;
    case Access::owner:
      return Role::owner;
  }
  return Role::owner;
}

ErrorCode code_of(http::RefusalKind kind) {
  switch (kind) {
    case http::RefusalKind::head_timed_out:
      return ErrorCode::timed_out;
    case http::RefusalKind::target_too_long:
      return ErrorCode::uri_too_long;
    case http::RefusalKind::head_too_large:
      return ErrorCode::headers_too_large;
    case http::RefusalKind::bad_frame:
    case http::RefusalKind::expectation_unknown:
    case http::RefusalKind::transfer_coding_unknown:
    case http::RefusalKind::version_unsupported:
      return ErrorCode::bad_request;
  }
  return ErrorCode::bad_request;
}

}  // namespace

Pipeline::Pipeline(const Services& services, std::vector<const EndpointTable*> tables,
                   std::vector<const Dialect*> dialects, service::Authenticator& authenticator, const PlanTable& plans,
                   IdSource& ids, const Clock& clock, Log& log, PipelineOptions options)
    : services_(services),
      router_(tables),
      dialects_(std::move(dialects)),
      authenticator_(authenticator),
      ids_(ids),
      clock_(clock),
      log_(log),
      options_(std::move(options)),
      proxies_(options_.trusted_proxies),
      framing_(options_.cors_origins),
      limits_(plans, clock, options_.limits),
      metrics_(tables),
      streams_(options_.event_streams) {}

Pipeline::~Pipeline() = default;

const Dialect& Pipeline::dialect_of(std::string_view path) const {
  for (const Dialect* dialect : dialects_)
    if (dialect->owns(path)) return *dialect;
  return *dialects_.back();
}

Result<void> Pipeline::match(Call& call) const {
  const http::Request& request = call.request();
  const std::optional<Match> match = router_.find(request.method, request.path);
  if (!match)
    return Error{.code = ErrorCode::route_not_found,
                 .message = "There is no such path.",
                 .details = {{"path", std::string(first_code_points(request.path, 200))}}};
  if (match->endpoint == nullptr)
    return Error{.code = ErrorCode::method_not_allowed,
                 .message = "The path does not know this method.",
                 .details = {{"allow", std::string(match->allow)}}};
  call.endpoint = match->endpoint;
  call.path = match->parameters;
  return {};
}

Result<void> Pipeline::authenticate(Call& call) {
  const std::optional<Role> needed = role_for(call.endpoint->access);
  if (!needed) return {};
  const Result<Secret> credential = take_credential(call.request(), call.query);
  Result<service::Actor> actor = credential ? authenticator_.authenticate(credential->reveal()) : credential.error();
  if (!actor) {
    if (actor.error().code != ErrorCode::unauthorized) return actor.error();
    GALLEY_TRY(limits_.take_unknown(call));
    return actor.error();
  }
  call.actor = *std::move(actor);
  call.recognised = true;
  // For the audit trail: reads leave none.
  if (call.request().method != http::Method::get && call.request().method != http::Method::head) {
    call.actor.address = call.client;
    call.actor.request_id = call.request_id;
  }
  if (call.actor.role < *needed) {
    // A refusal counts and tells of the limit like any other answer to a known key.
    GALLEY_TRY(limits_.take(call));
    return forbidden("This needs the role " + std::string(to_text(*needed)) + "; the credential has the role " +
                     std::string(to_text(call.actor.role)) + ".");
  }
  return {};
}

Task<Result<void>> Pipeline::take_body(Call& call) {
  const Endpoint& endpoint = *call.endpoint;
  if (endpoint.body_limit == 0 || !call.request().has_body()) co_return Result<void>();
  std::string_view media = call.request().header("Content-Type").value_or("");
  media = trim_ascii(media.substr(0, media.find(';')));
  const auto accepted = std::find_if(endpoint.bodies.begin(), endpoint.bodies.end(), [&](const BodyKind& kind) {
    return equals_ignoring_case(kind.media_type, media);
  });
  if (accepted == endpoint.bodies.end()) {
    std::vector<std::string> known;
    for (const BodyKind& kind : endpoint.bodies)
      known.emplace_back(kind.media_type);
    co_return Error{.code = ErrorCode::unsupported_media_type,
                    .message = "The body's Content-Type is not accepted here.",
                    .details = {{"accepted", std::move(known)}}};
  }
  call.content_type = accepted->media_type;
  Result<std::string_view> body = co_await call.exchange.read_body(endpoint.body_limit);
  if (body.has_error()) co_return std::move(body).error();
  call.body_text = *body;
  if (!is_json(call.content_type) || call.body_text.empty()) co_return Result<void>();
  Result<json::Value> value = json::parse(call.body_text);
  if (value.has_error()) co_return std::move(value).error();
  call.body = *std::move(value);
  co_return Result<void>();
}

Task<Result<Reply>> Pipeline::answer(Call& call) {
  Result<void> matched = match(call);
  if (!matched) {
    GALLEY_CO_TRY(limits_.take_stranger(call));
    co_return std::move(matched).error();
  }
  Result<Parameters> query = parse_query(call.request().query);
  // A query that cannot be read still must not hide a missing credential behind a 400.
  if (query) call.query = *std::move(query);
  GALLEY_CO_TRY(authenticate(call));
  GALLEY_CO_TRY(limits_.take(call));
  if (query.has_error() && call.endpoint->access != Access::open) co_return std::move(query).error();
  GALLEY_CO_TRY(co_await take_body(call));
  std::optional<IdempotencyScope> scope = GALLEY_CO_TRY(idempotency_scope(call));
  if (scope) co_return co_await invoke_once(call, *std::move(scope));
  co_return co_await invoke(call);
}

Task<Result<Reply>> Pipeline::invoke(Call& call) const {
  Result<Reply> reply = co_await call.endpoint->invoke(call);
  if (!reply || !reply->awaited) co_return reply;
  std::string awaited = *std::move(reply->awaited);
  co_return co_await call.endpoint->finish(call, std::move(awaited));
}

Task<Result<Reply>> Pipeline::invoke_once(Call& call, IdempotencyScope scope) const {
  std::optional<Result<Reply>> first;
  service::Idempotency::Work work = [&call, &first]() -> Task<Result<service::Idempotency::Outcome>> {
    first = co_await call.endpoint->invoke(call);
    service::Idempotency::Outcome outcome;
    if (*first && (*first)->awaited) {
      outcome.awaited = (*first)->awaited;
      co_return outcome;
    }
    // Not kept, so nothing of it may stay: the same request may be sent again under the same key.
    if (!is_kept(*first)) co_return first->error();
    outcome.answer = keep_answer(call, *first);
    co_return outcome;
  };
  const Digest request = request_digest(call);
  const auto outcome = GALLEY_CO_TRY(co_await services_.idempotency.once(scope, request, std::move(work)));
  call.replayed = outcome.replayed;
  if (outcome.answer) co_return outcome.replayed ? kept_answer(*outcome.answer) : *std::move(first);
  Result<Reply> reply = co_await call.endpoint->finish(call, *outcome.awaited);
  // An answer that says where to look later (202) is asked for again: by then there may be a better one.
  if (is_kept(reply) && (!reply || reply->status != 202)) {
    Secret kept = keep_answer(call, reply);
    GALLEY_CO_TRY(co_await services_.idempotency.settle(std::move(scope), std::move(kept)));
  }
  co_return reply;
}

Task<Result<void>> Pipeline::send(const Call& call, Reply& reply) {
  if (reply.kind != Reply::Kind::streamed) {
    framing_.frame(call, reply);
    co_return Result<void>();
  }
  const StreamSlots::Slot slot = GALLEY_CO_TRY(streams_.take(call.actor.account));
  framing_.frame(call, reply);
  co_await reply.stream(call.exchange);
  co_return Result<void>();
}

Task<void> Pipeline::handle(http::Exchange& exchange) {
  const Instant began = clock_.instant();
  Call call(services_, exchange);
  const std::string_view given = exchange.request().header("X-Request-ID").value_or("");
  if (is_uuid(given))
    call.request_id = given;
  else
    call.request_id = ids_.make_uuid();
  call.client = proxies_.client(exchange.request());
  call.from_proxy = proxies_.trusts(exchange.request());
  call.dialect = &dialect_of(exchange.request().path);
  std::optional<Error> failed;
  if (!framing_.preflight(call)) {
    try {
      Result<Reply> reply = co_await answer(call);
      Result<void> sent;
      if (reply) sent = co_await send(call, *reply);
      if (!reply) failed = std::move(reply).error();
      if (!sent) failed = std::move(sent).error();
    } catch (const std::bad_alloc&) {
      // What this request held is free again by the time of the answer, or soon.
      failed = out_of_memory();
    } catch (const std::exception& bug) {
      // The first of the two last catches: a bug or a broken machine, told in full to the log and to nobody else.
      failed = internal_error(bug.what());
    }
    if (failed) framing_.frame_error(call, *failed);
  }
  finish_log(call, began, failed ? &*failed : nullptr);
}

void Pipeline::refuse(const http::Refusal& refusal, http::Exchange& exchange) {
  const Instant began = clock_.instant();
  Call call(services_, exchange);
  call.request_id = ids_.make_uuid();
  // Of a request whose head could not be read nothing is believed.
  call.client = exchange.request().peer;
  call.dialect = &dialect_of(exchange.request().path);
  const Error error{.code = code_of(refusal.kind), .message = std::string(refusal.reason)};
  framing_.frame_refusal(call, error, http::status_of(refusal.kind));
  finish_log(call, began, &error);
}

void Pipeline::finish_log(const Call& call, Instant began, const Error* error) {
  const http::Request& request = call.request();
  const http::Answer& answer = call.exchange.answer();
  const auto took = clock_.instant() - began;
  metrics_.count(call.endpoint, answer.status(), took);
  const LogLevel level = answer.status() >= 500 ? LogLevel::error : LogLevel::info;
  if (!log_.enabled(level)) return;
  // The route's template, never the target: ids may be guessed from logs, keys must not be found in them.
  const std::string_view route = call.endpoint != nullptr ? call.endpoint->path : std::string_view("-");
  const std::string_view key = call.actor.key ? std::string_view(call.actor.key->text()) : std::string_view("-");
  const std::string_view user = call.actor.user ? std::string_view(call.actor.user->text()) : std::string_view("-");
  log_.write(level, "request",
             {{"method", request.method_text},
              {"route", route},
              {"status", static_cast<std::int64_t>(answer.status())},
              {"bytes", static_cast<std::int64_t>(answer.body_size())},
              {"us", static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count())},
              {"peer", std::string_view(call.client)},
              {"key", key},
              {"user", user},
              {"request_id", std::string_view(call.request_id)},
              {"error", error == nullptr ? std::string_view("-") : public_error(error->code).name},
              {"cause", error == nullptr || error->cause.empty() ? std::string_view("-") : error->cause}});
}

}  // namespace galley::api
