#include "service/webhook_secret.hpp"

#include <algorithm>

namespace galley::service {

Result<void> check_webhook_secret(const Secret& secret) {
  const std::string_view text = secret.reveal();
  if (text.size() < 16 || text.size() > 200) return invalid("secret", "must be 16 to 200 characters long");
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; }))
    return invalid("secret", "must be printable ASCII characters without spaces");
  return {};
}

Projects::WebhookSecrets rotate(const Projects::WebhookSecrets& secrets, Secret next, Time now,
                                std::chrono::seconds overlap) {
  Projects::WebhookSecrets rotated{.current = std::move(next)};
  if (overlap > std::chrono::seconds::zero() && !secrets.current.empty()) {
    rotated.previous = secrets.current;
    rotated.previous_until = now + overlap;
  }
  return rotated;
}

}  // namespace galley::service
