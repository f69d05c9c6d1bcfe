// Whether the requester has it already.
#pragma once

#include <string_view>

#include "http/message.hpp"

namespace galley::api {

// 304 is the answer: by If-None-Match, else by If-Modified-Since, to GET and HEAD. etag has its quotes, last_modified
// is an HTTP date; either may be empty.
bool not_modified(const http::Request& request, std::string_view etag, std::string_view last_modified);

}  // namespace galley::api
