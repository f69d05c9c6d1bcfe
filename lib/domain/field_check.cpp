#include "domain/field_check.hpp"

#include "base/encoding.hpp"
#include "domain/web_url.hpp"

namespace galley {
namespace {

enum class Breaks { allowed, refused };

bool has_control(std::string_view text, Breaks breaks) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\t' || byte == '\n' || byte == '\r') {
      if (breaks == Breaks::refused) return true;
    } else if (byte < 0x20 || byte == 0x7f) {
      return true;
    } else if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      return true;  // U+0080 to U+009F
    }
  }
  return false;
}

std::string at_most(std::size_t max) {
  return "must be at most " + std::to_string(max) + " characters long";
}

// Nothing where the text is good.
std::optional<std::string> fault_of(std::string_view text, std::size_t max, Breaks breaks) {
  if (!is_utf8(text)) return "must be valid UTF-8";
  if (count_code_points(text) > max) return at_most(max);
  if (has_control(text, breaks)) {
    return breaks == Breaks::refused ? "must be one line without control characters"
                                     : "must not contain control characters";
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_required(std::string_view text, std::size_t max) {
  if (trim_ascii(text).empty()) return "must not be blank";
  return fault_of(text, max, Breaks::refused);
}

}  // namespace

bool is_storable_text(std::string_view text) {
  return is_utf8(text) && !has_control(text, Breaks::allowed);
}

void FieldCheck::required_line(const std::string& field, std::string_view text, std::size_t max) {
  if (std::optional<std::string> fault = fault_of_required(text, max)) add(field, *std::move(fault));
}

void FieldCheck::line(const std::string& field, const std::optional<std::string>& text, std::size_t max) {
  if (!text) return;
  if (std::optional<std::string> fault = fault_of(*text, max, Breaks::refused)) add(field, *std::move(fault));
}

void FieldCheck::text(const std::string& field, const std::optional<std::string>& text, std::size_t max) {
  if (!text) return;
  if (std::optional<std::string> fault = fault_of(*text, max, Breaks::allowed)) add(field, *std::move(fault));
}

void FieldCheck::lines(const std::string& field, const std::vector<std::string>& lines, std::size_t max_count,
                       std::size_t max) {
  if (lines.size() > max_count) {
    add(field, "must have at most " + std::to_string(max_count) + " entries");
    return;
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    required_line(field + '.' + std::to_string(i), lines[i], max);
}

void FieldCheck::web_url(const std::string& field, const std::optional<std::string>& text) {
  if (!text) return;
  if (text->size() > max_web_url) {
    add(field, "must be at most " + std::to_string(max_web_url) + " bytes long");
  } else if (!parse_web_url(*text)) {
    add(field, "must be an absolute http or https URL");
  }
}

void FieldCheck::add_all(const Result<void>& result) {
  if (!result.has_error()) return;
  const std::vector<FieldError>& more = result.error().fields;
  errors_.insert(errors_.end(), more.begin(), more.end());
}

Result<void> FieldCheck::result() && {
  if (errors_.empty()) return {};
  return invalid(std::move(errors_));
}

}  // namespace galley
