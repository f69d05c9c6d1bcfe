#include "api/endpoint.hpp"

#include <charconv>

#include "api/dialect.hpp"
#include "base/crypto.hpp"
#include "base/encoding.hpp"

namespace galley::api {

namespace {

const json::Value& empty_object() {
  static const json::Value value{json::Object{}};
  return value;
}

std::string_view strip_weak(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

}  // namespace

std::optional<std::int64_t> Call::known_version() const {
  const std::optional<std::string_view> field = request().header("If-Match");
  if (!field || *field == "*") return std::nullopt;
  const std::string_view tag = strip_weak(trim_ascii(*field));
  std::int64_t version = -1;  // no version is negative: what we did not make never matches
  if (tag.size() > 2 && tag.front() == '"') std::from_chars(tag.data() + 1, tag.data() + tag.size(), version);
  return version;
}

bool Call::prefers_async() const {
  // RFC 7240: preferences are separated by commas.
  const std::optional<std::string_view> field = request().header("Prefer");
  return field && to_lower_ascii(*field).find("respond-async") != std::string::npos;
}

std::string_view ArgumentReader::path_name() const {
  std::string_view rest = call_.endpoint->path;
  for (std::size_t i = 0; i < path_; ++i)
    rest.remove_prefix(rest.find('{') + 1);
  return rest.substr(0, rest.find('}'));
}

void ArgumentReader::missing(std::string_view noun, std::string_view id) {
  if (!missing_) missing_ = not_found(noun, first_code_points(id, 100));
}

void ArgumentReader::wrong(std::vector<FieldError> errors) {
  errors_.insert(errors_.end(), std::make_move_iterator(errors.begin()), std::make_move_iterator(errors.end()));
}

void ArgumentReader::read_query(const Shape& shape, void* target) {
  Decoding decoding(Decoding::Mode::whole);
  // Crawlers and caches add parameters of their own to public addresses.
  Parameters parameters = call_.query;
  if (call_.endpoint->access == Access::open || call_.dialect->ignores_unknown())
    std::erase_if(parameters, [&](const auto& parameter) { return !shape.has(parameter.first); });
  shape.decode_query(parameters, target, decoding);
  if (decoding.failed()) wrong(decoding.take_errors());
}

void ArgumentReader::read_body(const Shape& shape, void* target, Decoding::Mode mode) {
  Decoding decoding(mode);
  if (call_.body && call_.body->object() != nullptr && call_.dialect->ignores_unknown())
    std::erase_if(*call_.body->object(), [&](const json::Member& member) { return !shape.has(member.first); });
  shape.decode(call_.body ? *call_.body : empty_object(), target, decoding);
  if (decoding.failed()) wrong(decoding.take_errors());
}

void ArgumentReader::refuse_query() {
  struct Nothing {};
  static const Shape nothing("Nothing", "No parameter at all.");
  Nothing target;
  read_query(nothing, &target);
}

std::optional<Error> ArgumentReader::take_error() {
  if (missing_) return std::move(missing_);
  if (!errors_.empty()) return invalid(std::move(errors_));
  return std::nullopt;
}

PathNumber Argument<PathNumber>::read(ArgumentReader& reader) {
  const std::string_view text = reader.next_path();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || text.front() == '+')
    reader.missing(reader.path_name(), text);
  return {number};
}

std::string make_etag(std::int64_t version, std::string_view body) {
  const std::uint32_t derived = crc32(body);
  std::string tag = "\"" + std::to_string(version) + "-";
  constexpr std::string_view digits = "0123456789abcdef";
  for (int shift = 28; shift >= 0; shift -= 4)
    tag += digits[(derived >> shift) & 15U];
  return tag + "\"";
}

}  // namespace galley::api
