// The Idempotency-Key of a request, and an answer as it is kept to be given again.
#pragma once

#include <optional>
#include <string>

#include "api/call.hpp"
#include "api/reply.hpp"
#include "base/crypto.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/idempotency.hpp"

namespace galley::api {

inline constexpr std::string_view idempotency_field = "Idempotency-Key";
inline constexpr std::size_t longest_idempotency_key = 255;

// What the request's key means: nothing where it has none, or changes nothing that a POST makes. validation_failed for
// a key that is empty, too long or not printable ASCII.
Result<std::optional<IdempotencyScope>> idempotency_scope(const Call& call);
// Of what is asked: path, query without the credential, media type and body.
Digest request_digest(const Call& call);

// Whether an answer is kept: success, and refusals that the same request would meet again (402, 404, 409, 422).
bool is_kept(const Result<Reply>& reply);
// The answer as its dialect frames it. Without fields that name a request or a limit: those are each answer's own.
Secret keep_answer(const Call& call, const Result<Reply>& reply);
// What keep_answer wrote; internal for anything else.
Result<Reply> kept_answer(const Secret& kept);

}  // namespace galley::api
