// The text of an API key: "icf_live_" + 43 url-safe characters (256 random bits) + 6 characters of checksum, so that
// secret scanners know it and a mistyped one is refused without a look-up.
#pragma once

#include <optional>
#include <string_view>

#include "base/crypto.hpp"
#include "base/secret.hpp"

namespace galley::service {

Secret make_api_key();
// The digest that a key is stored under; nothing for a text that no key can have.
std::optional<Digest> digest_of_api_key(std::string_view text);

}  // namespace galley::service
