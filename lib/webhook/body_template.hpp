// BodyTemplate: the customer's own JSON with {{name}} placeholders for the names of the flat format. Inside a string a
// placeholder is the value's text (several texts with ", " between them, nothing where it is absent); standing alone as
// a value it is the value as JSON. What a value holds can never change the structure around it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "webhook/article_fields.hpp"

namespace galley::webhook {

inline constexpr std::size_t max_template_bytes = std::size_t{64} << 10;
inline constexpr std::size_t max_filled_bytes = std::size_t{4} << 20;

class BodyTemplate {
 public:
  // Finds the placeholders. validation_failed naming "template" with line and column: an unknown name, an open
  // placeholder, one in a place where it is neither a whole value nor inside a string that is a value; too long.
  static Result<BodyTemplate> parse(std::string_view text);

  // The body: compact JSON, its bytes as JSON.stringify would print them. payload_too_large beyond max_filled_bytes.
  Result<std::string> fill(const ArticleFields& fields) const;

 private:
  friend Result<void> check_template(std::string_view text);

  // Literal text, and then a placeholder (none behind the last).
  struct Part {
    std::string literal;
    std::size_t offset = 0;  // of literal in the template
    const FlatField* field = nullptr;
    bool in_string = false;
  };
  class Scanner;

  Result<std::string> fill_text(const ArticleFields& fields) const;
  // The place in the template from which the byte at the offset of the filled text came.
  std::size_t source_offset(const ArticleFields& fields, std::size_t filled_offset) const;

  std::vector<Part> parts_;
};

// The whole judgement when a template is saved: parse(), and filled with a sample it must be JSON without a name that
// JavaScript would move or lose ("0", "__proto__") or that stands twice. validation_failed naming "template" with line
// and column where there is a place.
Result<void> check_template(std::string_view text);

}  // namespace galley::webhook
