// The bytes of a request on the wire, up to its body.
#pragma once

#include <string>

#include "base/result.hpp"
#include "net/http_client.hpp"

namespace galley::net {

// Appends request line and headers (RFC 9112 §3), the empty line included. validation_failed naming "headers", and
// nothing useful in out, for a header that check_header() or is_connection_header() objects to.
Result<void> append_head(std::string& out, const HttpRequest& request);

}  // namespace galley::net
