#include "content/csv.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/encoding.hpp"

namespace galley::content {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool begins_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

// Apostrophes count, so that what began with one comes back as it was: "'=a" is written "''=a".
bool is_defusable(std::string_view text) {
  while (text.starts_with('\''))
    text.remove_prefix(1);
  return begins_formula(text);
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
}

bool CsvReader::at_row_end() const {
  return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
}

void CsvReader::skip_line_break() {
  if (at_ >= text_.size()) return;
  if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
  ++at_;
  ++line_;
}

std::string_view CsvReader::read_quoted(std::string& field) {
  ++at_;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') {
      if (at_ >= text_.size() || text_[at_] != '"') {
        if (at_row_end() || text_[at_] == ',') return {};
        while (!at_row_end() && text_[at_] != ',')
          ++at_;
        return "A closing quote must be followed by a comma or the end of the row.";
      }
      ++at_;
    }
    if (c == '\n' || (c == '\r' && (at_ >= text_.size() || text_[at_] != '\n'))) ++line_;
    if (field.size() <= max_csv_row_bytes) field += c;
  }
  return "A quoted field is not closed.";
}

std::string_view CsvReader::read_field(std::string& field) {
  if (at_ < text_.size() && text_[at_] == '"') return read_quoted(field);
  const std::size_t start = at_;
  // A quote inside an unquoted field is taken as it is: spreadsheets do, and nothing is lost.
  while (!at_row_end() && text_[at_] != ',')
    ++at_;
  field = text_.substr(start, std::min(at_ - start, max_csv_row_bytes + 1));
  return {};
}

Result<std::optional<CsvRow>> CsvReader::next() {
  while (at_ < text_.size() && at_row_end())
    skip_line_break();
  if (at_ >= text_.size()) return std::optional<CsvRow>();
  CsvRow row{.number = ++number_, .line = line_};
  std::string_view reason;
  std::size_t bytes = 0;
  // A bad row is read to its end as well, so that the next one begins where it should.
  while (true) {
    std::string field;
    const std::string_view fault = read_field(field);
    if (reason.empty()) reason = fault;
    bytes += field.size() + 1;
    if (reason.empty() && bytes > max_csv_row_bytes) reason = "The row is longer than 64 KiB.";
    if (reason.empty() && row.fields.size() == max_csv_columns) reason = "The row has more than 64 columns.";
    if (reason.empty() && !is_utf8(field)) reason = "The row is not UTF-8 text.";
    if (is_defusable(field) && field.front() == '\'') field.erase(0, 1);
    if (reason.empty()) row.fields.push_back(std::move(field));
    if (at_ >= text_.size() || text_[at_] != ',') break;
    ++at_;
  }
  if (!at_row_end()) at_ = text_.size();
  skip_line_break();
  if (reason.empty()) return std::optional<CsvRow>(std::move(row));
  Error error = invalid("row", std::string(reason));
  error.details.push_back({"row", static_cast<std::int64_t>(row.number)});
  error.details.push_back({"line", static_cast<std::int64_t>(row.line)});
  return error;
}

void CsvWriter::field(std::string_view text, bool first) {
  if (!first) out_ += ',';
  const bool defuses = is_defusable(text);
  const bool quotes = defuses || text.find_first_of(",\"\r\n") != std::string_view::npos || text.starts_with(' ') ||
                      text.ends_with(' ');
  if (!quotes) {
    out_ += text;
    return;
  }
  out_ += '"';
  if (defuses) out_ += '\'';
  for (char c : text) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
}

CsvWriter& CsvWriter::row(std::span<const std::string> fields) {
  // A row of one empty field would be a blank line, which readers skip.
  if (fields.size() == 1 && fields.front().empty()) out_ += "\"\"";
  for (std::size_t i = 0; i < fields.size(); ++i)
    field(fields[i], i == 0);
  out_ += "\r\n";
  return *this;
}

CsvWriter& CsvWriter::row(std::initializer_list<std::string_view> fields) {
  const std::vector<std::string> copies(fields.begin(), fields.end());
  return row(std::span<const std::string>(copies));
}

}  // namespace galley::content
