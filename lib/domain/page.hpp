// A page of a list: by number or by cursor, in a stated order, with a total that is exact up to a bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/result.hpp"

namespace galley {

enum class SortField : std::uint8_t { created_at, updated_at, title };

struct Sort {
  SortField field = SortField::created_at;
  bool descending = true;

  bool operator==(const Sort&) const = default;
};

// The place behind a row: its value in the order's column and its number in the table. Stable while rows are inserted.
struct Cursor {
  // Bytes of the encoded text: room for the longest title (300 code points of four bytes).
  static constexpr std::size_t max_text = 2048;

  Sort sort;
  std::string value;  // milliseconds in decimal, or the title
  std::int64_t row = 0;

  // Opaque, url-safe text.
  std::string encode() const;
  // validation_failed for field "cursor" when it is not one of ours or belongs to another order.
  static Result<Cursor> decode(std::string_view text, const Sort& sort);
};

struct PageRequest {
  static constexpr int max_size = 100;

  int page = 1;   // from 1; ignored with a cursor
  int size = 20;  // 1 to max_size
  std::optional<Cursor> after{};
  Sort sort{};
};

// Figures of a status page are counted to here.
inline constexpr std::int64_t most_counted = 10'000;

// Matches are counted to here, so that no count scans a million rows.
inline constexpr std::int64_t counted_exactly = 10000;

template <class T>
struct Page {
  std::vector<T> rows{};
  std::int64_t total = 0;  // at most counted_exactly; where it is not exact there are more
  bool total_is_exact = true;
  std::optional<Cursor> next{};  // nothing on the last page
};

// Rows of a table in the order of their numbers; next is where the following ones begin, nothing at the end.
template <class T>
struct Chunk {
  std::vector<T> rows{};
  std::optional<std::int64_t> next{};
};

// A page by number alone, for dialects whose totals are always exact.
struct NumberedPage {
  int number = 1;
  int size = 10;
};
template <class T>
struct Counted {
  std::vector<T> rows{};
  std::int64_t total = 0;  // exact, however many there are
};

}  // namespace galley

template <>
struct galley::Names<galley::SortField> {
  static constexpr NameOf<SortField> all[] = {
      {SortField::created_at, "created_at"}, {SortField::updated_at, "updated_at"}, {SortField::title, "title"}};
};
