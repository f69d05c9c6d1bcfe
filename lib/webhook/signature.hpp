// Signatures of a message. Source: the reference's sample receiver (X-iCF-Signature) and the Standard Webhooks
// specification 1.0.0 (webhook-signature). All functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "domain/project.hpp"

namespace galley::webhook {

// The value of X-iCF-Signature: lower-case hex HMAC-SHA256 of the very bytes of body, keyed with the secret's text as
// it was shown. While a rotation's overlap runs it is the old secret's: a receiver knows one, and not yet the new one.
std::string icf_signature(const Projects::WebhookSecrets& secrets, Time now, std::string_view body);

// The value of webhook-signature: "v1," + base64 HMAC-SHA256 of "<message_id>.<timestamp>.<body>", one for each secret
// that holds now, separated by spaces. A secret of the form "whsec_" + base64 keys it with the decoded bytes; others
// have no signature of this kind, and nothing is returned where none has. timestamp: Unix seconds.
std::optional<std::string> standard_signature(const Projects::WebhookSecrets& secrets, Time now,
                                              std::string_view message_id, std::int64_t timestamp,
                                              std::string_view body);

// The bytes behind "whsec_"; nothing for a secret of another form, or where no bytes are.
std::optional<Secret> standard_key(const Secret& secret);

}  // namespace galley::webhook
