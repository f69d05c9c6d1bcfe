// Which form of a body the requester can read.
#pragma once

#include "http/message.hpp"

namespace galley::api {

// By Accept-Encoding; without one it is not sent.
bool takes_gzip(const http::Request& request);

}  // namespace galley::api
