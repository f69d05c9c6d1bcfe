// RFC 4180: reading row by row from text in memory, and writing.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace galley::content {

inline constexpr std::size_t max_csv_row_bytes = std::size_t{64} << 10;
inline constexpr std::size_t max_csv_columns = 64;

struct CsvRow {
  std::size_t number = 0;  // of the row, from 1, the header included, blank lines not
  std::size_t line = 0;    // of the text, from 1, where the row begins
  std::vector<std::string> fields{};
};

// Quoted fields with doubled quotes and line breaks, LF, CRLF or CR, a byte order mark skipped, blank lines skipped.
// Undoes CsvWriter's defusing: one apostrophe before (apostrophes and) = + - @ tab or CR is dropped.
class CsvReader {
 public:
  // text outlives this.
  explicit CsvReader(std::string_view text);

  // The next row, or nothing at the end. validation_failed, naming "row" with details row and line, for a row that is
  // malformed, too long, has too many columns or is not UTF-8; the next call goes on with the row after it.
  Result<std::optional<CsvRow>> next();
  // Rows that next() has come upon, bad ones included.
  std::size_t rows() const { return number_; }

 private:
  // Both say what is wrong with the field, or nothing.
  std::string_view read_field(std::string& field);
  std::string_view read_quoted(std::string& field);
  bool at_row_end() const;
  void skip_line_break();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t number_ = 0;
};

// Appends rows with CRLF to a buffer. A field that a spreadsheet would run as a formula (it begins with = + - @ tab or
// CR) gets an apostrophe before it, as OWASP recommends; CsvReader takes it away again.
class CsvWriter {
 public:
  // out outlives this; what is in it stays.
  explicit CsvWriter(std::string& out) : out_(out) {}

  CsvWriter& row(std::span<const std::string> fields);
  CsvWriter& row(std::initializer_list<std::string_view> fields);

 private:
  void field(std::string_view text, bool first);
  std::string& out_;
};

}  // namespace galley::content
