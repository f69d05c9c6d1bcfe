// The parts of the API description that do not depend on the endpoints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/dialect.hpp"
#include "base/json.hpp"

namespace galley::api {

// info, servers and security.
void write_introduction(json::Writer& out);
// components: securitySchemes, headers, responses.
void write_components(json::Writer& out, const std::vector<const Dialect*>& dialects);
// parameters and responses of what webhooks send.
void write_webhook_headers(json::Writer& out);
void write_webhook_answers(json::Writer& out);

void refer_to_header(json::Writer& out, std::string_view name);
// Each status of the error table once, rising.
std::vector<int> error_statuses();

// Compact JSON, two spaces for each level, with a line end behind it.
std::string indented(std::string_view compact);

}  // namespace galley::api
