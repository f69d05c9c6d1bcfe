// Where a request's credential stands.
#pragma once

#include <string>

#include "api/query.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/message.hpp"

namespace galley::api {

// The text behind "Bearer" in Authorization, else the parameter apiKey, which is taken out of the query so that nothing
// later can repeat it. unauthorized where there is none, or Authorization has another scheme.
Result<Secret> take_credential(const http::Request& request, Parameters& query);

}  // namespace galley::api
