#include "domain/page.hpp"

#include <charconv>

#include "base/encoding.hpp"

namespace galley {
namespace {

char letter_of(SortField field) {
  switch (field) {
    case SortField::created_at:
      return 'c';
    case SortField::updated_at:
      return 'u';
    case SortField::title:
      return 't';
  }
  return '?';
}

std::string head_of(const Sort& sort) {
  return {letter_of(sort.field), sort.descending ? 'd' : 'a'};
}

bool is_known_head(std::string_view head) {
  return (head[0] == 'c' || head[0] == 'u' || head[0] == 't') && (head[1] == 'a' || head[1] == 'd');
}

// The whole text, in the one spelling that std::to_string gives: two cursors of one place are the same text.
std::optional<std::int64_t> parse_canonical(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{} || end != text.data() + text.size() || std::to_string(number) != text) return std::nullopt;
  return number;
}

Error not_ours() {
  return invalid("cursor", "is not a cursor of this list");
}

}  // namespace

std::string Cursor::encode() const {
  return to_base64url(head_of(sort) + std::to_string(row) + ':' + value);
}

Result<Cursor> Cursor::decode(std::string_view text, const Sort& sort) {
  if (text.size() > max_text) return not_ours();
  const std::optional<std::string> plain = from_base64url(text);
  if (!plain || plain->size() < 2 || !is_known_head(*plain)) return not_ours();
  const std::string_view rest = std::string_view(*plain).substr(2);
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return not_ours();
  const std::optional<std::int64_t> row = parse_canonical(rest.substr(0, colon));
  if (!row || *row < 0) return not_ours();
  const std::string_view value = rest.substr(colon + 1);
  if (!plain->starts_with(head_of(sort))) return invalid("cursor", "belongs to a list in another order");
  // The value goes into a comparison of the column's own type; it need not be one that the table holds.
  const bool fits = sort.field == SortField::title ? is_utf8(value) && value.find('\0') == std::string_view::npos
                                                   : parse_canonical(value).has_value();
  if (!fits) return not_ours();
  return Cursor{.sort = sort, .value = std::string(value), .row = *row};
}

}  // namespace galley
