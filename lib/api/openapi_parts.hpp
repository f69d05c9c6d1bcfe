// The parts of the API description that do not depend on the endpoints.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/dialect.hpp"
#include "api/schema_book.hpp"
#include "base/json.hpp"

namespace galley::api {

// info, servers and security.
void write_introduction(json::Writer& out);
// components: securitySchemes, headers, and those answers of errors that are used, by their names.
void write_components(json::Writer& out, const std::vector<const Dialect*>& dialects,
                      const std::set<std::string>& answers);
// What belongs under a tag. Throws for one that has no description: a bug in the table.
std::string_view tag_about(std::string_view tag);
// What each event sends to webhooks of the format "event".
void write_webhooks(json::Writer& out, SchemaBook& book);

void refer_to_header(json::Writer& out, std::string_view name);
// Each status of the error table once, rising.
std::vector<int> error_statuses();

// Compact JSON, two spaces for each level, with a line end behind it.
std::string indented(std::string_view compact);

}  // namespace galley::api
