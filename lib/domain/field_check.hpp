// Checks the fields of a struct one after the other and keeps every bad one, so that a caller learns of all at once.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace galley {

// Lengths are in code points. Text must be UTF-8.
class FieldCheck {
 public:
  void add(std::string field, std::string reason) { errors_.push_back({std::move(field), std::move(reason)}); }

  // One line without control characters, 1 to max long and not blank.
  void required_line(const std::string& field, std::string_view text, std::size_t max);
  // The same, but it may be absent or empty.
  void line(const std::string& field, const std::optional<std::string>& text, std::size_t max);
  // Absent, or up to max with line breaks and tabs.
  void text(const std::string& field, const std::optional<std::string>& text, std::size_t max);
  // At most max_count lines as required_line() has them; a bad one is named "field.3", from 0.
  void lines(const std::string& field, const std::vector<std::string>& lines, std::size_t max_count, std::size_t max);
  // Absent, or what parse_web_url() takes.
  void web_url(const std::string& field, const std::optional<std::string>& text);
  // Adds the fields of the error.
  void add_all(const Result<void>& result);

  // validation_failed with every field that was added.
  Result<void> result() &&;

 private:
  std::vector<FieldError> errors_;
};

// UTF-8 without control characters other than line breaks and tabs: what JSON, XML and every database can hold.
bool is_storable_text(std::string_view text);

}  // namespace galley
