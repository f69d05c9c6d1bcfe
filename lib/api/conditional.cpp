#include "api/conditional.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/encoding.hpp"

namespace galley::api {

namespace {

// RFC 9110 §13.1.2: weak comparison; "*" matches anything that is there.
bool none_match_holds(std::string_view field, std::string_view etag) {
  while (!field.empty()) {
    const std::size_t comma = std::min(field.find(','), field.size());
    std::string_view tag = trim_ascii(field.substr(0, comma));
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == "*" || tag == etag) return true;
    field.remove_prefix(std::min(comma + 1, field.size()));
  }
  return false;
}

}  // namespace

bool not_modified(const http::Request& request, std::string_view etag, std::string_view last_modified) {
  if (request.method != http::Method::get && request.method != http::Method::head) return false;
  if (const auto field = request.header("If-None-Match")) return !etag.empty() && none_match_holds(*field, etag);
  // RFC 9110 §13.1.3: only where there is no If-None-Match.
  if (last_modified.empty()) return false;
  const auto field = request.header("If-Modified-Since");
  if (!field) return false;
  const std::optional<Time> since = parse_http_date(*field);
  const std::optional<Time> modified = parse_http_date(last_modified);
  return since && modified && *modified <= *since;
}

}  // namespace galley::api
