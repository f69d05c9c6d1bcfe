// What the router, the pipeline and the API description know of an endpoint. See endpoint.hpp for how one is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/reply.hpp"
#include "base/result.hpp"
#include "base/shape.hpp"
#include "base/task.hpp"
#include "http/message.hpp"

namespace galley::api {

struct Call;

// Who may call: nobody needs to sign in for open; the others name the smallest role.
enum class Access : std::uint8_t { open, viewer, editor, admin, owner };
// Which limit counts the call.
enum class RateScope : std::uint8_t {
  unlimited,     // probes
  plan,          // the account's plan, per credential
  public_pages,  // per client address
  // The planner and writer API's: see throttle.hpp.
  ai_function,
  image_gen,
  content_write,
  content_read,
  auth,
  auth_strict,
  planner,
  planner_ai,
  writer,
  writer_ai,
  system,
  system_admin,
  billing,
  billing_admin,
  fallback,  // "default"
};

using ShapeFunction = const Shape& (*)();

struct BodyKind {
  std::string_view media_type;
  ShapeFunction shape = nullptr;  // of JSON
  bool patch = false;
};

// An answer beside the usual one, for the API description.
struct OtherAnswer {
  int status = 202;
  ShapeFunction shape = nullptr;  // null: without a body
};

struct Endpoint {
  http::Method method = http::Method::get;
  std::string_view path;
  std::string_view operation;
  Access access = Access::owner;
  RateScope scope = RateScope::plan;
  std::string_view summary;

  Task<Result<Reply>> (*invoke)(Call& call) = nullptr;
  // Goes on where invoke left a reply that is awaited. What has to wait for the outside waits here: invoke may run
  // within a transaction.
  Task<Result<Reply>> (*finish)(Call& call, std::string awaited) = nullptr;
  std::size_t body_limit = 1 << 20;  // bytes; 0 where no body is read

  // What the signature says.
  std::vector<std::string_view> id_prefixes{};  // of the path's parameters; empty for a number
  ShapeFunction query = nullptr;
  std::vector<BodyKind> bodies{};
  int success = 200;
  Reply::Kind answer = Reply::Kind::empty;
  ShapeFunction answer_shape = nullptr;  // of the object, or of each element
  std::string_view answer_media = "application/json";
  std::vector<std::string_view> other_media{};  // of the usual answer, beside answer_media
  std::vector<OtherAnswer> other_answers{};
  std::vector<int> other_failures{};  // beside those that the rest of the row tells of
  bool has_version = false;           // ETag, If-Match
  // Whether an Idempotency-Key is taken: not where the request or its answer holds what must not be kept.
  bool keeps_answers = true;

  // For handlers that take Text or answer a Reply, whose signature does not tell.
  Endpoint&& accepts(BodyKind kind) && {
    bodies.push_back(kind);
    return std::move(*this);
  }
  Endpoint&& answers(int status, Reply::Kind kind, std::string_view media, ShapeFunction shape = nullptr) && {
    success = status;
    answer = kind;
    answer_media = media;
    answer_shape = shape;
    return std::move(*this);
  }
  Endpoint&& or_answers(int status, ShapeFunction shape = nullptr) && {
    other_answers.push_back({status, shape});
    return std::move(*this);
  }
  Endpoint&& or_media(std::string_view media) && {
    other_media.push_back(media);
    return std::move(*this);
  }
  Endpoint&& or_fails(int status) && {
    other_failures.push_back(status);
    return std::move(*this);
  }
  Endpoint&& finished_by(Task<Result<Reply>> (*function)(Call& call, std::string awaited)) && {
    finish = function;
    return std::move(*this);
  }
  Endpoint&& never_kept() && {
    keeps_answers = false;
    return std::move(*this);
  }
  Endpoint&& at_most(std::size_t bytes) && {
    body_limit = bytes;
    return std::move(*this);
  }
};

using EndpointTable = std::vector<Endpoint>;

}  // namespace galley::api
