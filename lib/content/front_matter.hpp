// The block of fields between two "---" lines at the head of a Markdown document. A subset of YAML, the one that people
// write there: scalars (plain, 'single', "double"), lists of scalars (inline or dashed), comments. No nesting, anchors,
// tags or block scalars: those are refused with their line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/variant.hpp"

namespace galley::content {

inline constexpr std::size_t max_front_matter_bytes = std::size_t{64} << 10;
inline constexpr std::size_t max_front_matter_fields = 100;
inline constexpr std::size_t max_front_matter_items = 1000;  // of one list

// Reading gives texts and lists alone ("true" and "2026-03-30" are texts, an empty value is an empty text); writing
// knows the other kinds, because site generators do.
using FrontMatterValue = Variant<std::string, std::vector<std::string>, bool, std::int64_t, Time>;

struct FrontMatterField {
  std::string name;  // letters, digits, "_", "-", "."
  FrontMatterValue value;

  bool operator==(const FrontMatterField&) const = default;
};

struct FrontMatterDocument {
  std::vector<FrontMatterField> fields{};
  std::string body{};  // Markdown, without the blank lines after the block

  // The field of that name where it is a text, ASCII case ignored; null otherwise.
  const std::string* text(std::string_view name) const;
  // The same for a list; a text is a list of its comma-separated parts. Empty where there is none.
  std::vector<std::string> list(std::string_view name) const;
};

// A document without front matter is all body. validation_failed naming "markdown", with detail "line" (from 1, of the
// whole document), for a malformed block. A byte order mark is skipped, CRLF accepted.
Result<FrontMatterDocument> parse_front_matter(std::string_view document);

// The document's text. Reads back to the same texts and lists, and every YAML reader sees texts as texts ("no", "1e3"
// and dates are quoted). Empty fields are written; without any field the body stands alone.
std::string write_front_matter(const FrontMatterDocument& document);

}  // namespace galley::content
