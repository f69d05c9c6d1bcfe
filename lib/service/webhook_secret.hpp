// Secrets that requests are signed with.
#pragma once

#include <chrono>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "domain/project.hpp"

namespace galley::service {

// How long the former secret goes on being accepted by the receiver's side unless the caller says otherwise.
inline constexpr std::chrono::seconds default_overlap = std::chrono::hours(24);
inline constexpr std::chrono::seconds longest_overlap = std::chrono::hours(24 * 30);

// 16 to 200 printable ASCII characters; validation_failed for field "secret".
Result<void> check_webhook_secret(const Secret& secret);
// next becomes current; the former current holds until now + overlap (not at all where that is zero).
Projects::WebhookSecrets rotate(const Projects::WebhookSecrets& secrets, Secret next, Time now,
                                std::chrono::seconds overlap);

}  // namespace galley::service
