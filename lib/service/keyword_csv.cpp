// read_keyword_csv() of keyword_service.hpp.
#include <array>
#include <charconv>

#include "base/encoding.hpp"
#include "content/csv.hpp"
#include "service/keyword_service.hpp"

namespace galley::service {

namespace {

enum class Column : std::uint8_t { keyword, volume, difficulty, intent, priority, cluster };

}  // namespace
}  // namespace galley::service

template <>
struct galley::Names<galley::service::Column> {
  using Column = galley::service::Column;
  static constexpr NameOf<Column> all[] = {{Column::keyword, "keyword"},       {Column::volume, "volume"},
                                           {Column::difficulty, "difficulty"}, {Column::intent, "intent"},
                                           {Column::priority, "priority"},     {Column::cluster, "cluster"}};
};

namespace galley::service {

namespace {

using Columns = std::vector<Column>;

Result<Columns> read_header(const content::CsvRow& row) {
  Columns columns;
  for (const std::string& field : row.fields) {
    const std::string name = to_lower_ascii(trim_ascii(field));
    const std::optional<Column> column = from_text<Column>(name);
    if (!column)
      return invalid("header", "names the column \"" + std::string(first_code_points(name, 40)) +
                                   "\"; known are keyword, volume, difficulty, intent, priority and cluster");
    for (const Column earlier : columns)
      if (earlier == *column) return invalid("header", "names the column " + name + " twice");
    columns.push_back(*column);
  }
  for (const Column column : columns)
    if (column == Column::keyword) return columns;
  return invalid("header", "must name the column keyword");
}

// Spreadsheets write 12,000 and 12000.0; what is not a whole number in any of these ways is refused.
std::optional<std::int64_t> whole_number(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ',' && c != ' ') digits += c;
  if (digits.size() > 2 && digits.ends_with(".0")) digits.resize(digits.size() - 2);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

void read_field(Column column, const std::string& text, KeywordDraft& draft, std::vector<FieldError>& errors) {
  const std::string lower = to_lower_ascii(text);
  switch (column) {
    case Column::keyword:
      draft.text = text;
      return;
    case Column::cluster:
      draft.cluster = text;
      return;
    case Column::volume:
      draft.volume = whole_number(text);
      if (!draft.volume) errors.push_back({"volume", "must be a whole number"});
      return;
    case Column::difficulty: {
      const std::optional<std::int64_t> number = whole_number(text);
      if (!number || *number < 0 || *number > 100)
        errors.push_back({"difficulty", "must be a whole number between 0 and 100"});
      else
        draft.difficulty = static_cast<int>(*number);
      return;
    }
    case Column::intent:
      draft.intent = from_text<Intent>(lower);
      if (!draft.intent)
        errors.push_back({"intent", "must be one of informational, commercial, transactional or navigational"});
      return;
    case Column::priority:
      draft.priority = from_text<Priority>(lower);
      if (!draft.priority) errors.push_back({"priority", "must be one of high, medium or low"});
      return;
  }
}

Result<KeywordDraft> read_row(const Columns& columns, const content::CsvRow& row) {
  if (row.fields.size() > columns.size())
    return invalid("row", "has " + std::to_string(row.fields.size()) + " fields; the header names " +
                              std::to_string(columns.size()));
  KeywordDraft draft;
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    const std::string text(trim_ascii(row.fields[i]));
    if (!text.empty()) read_field(columns[i], text, draft, errors);
  }
  if (draft.text.empty()) errors.push_back({"keyword", "must not be empty"});
  if (!errors.empty()) return invalid(std::move(errors));
  return draft;
}

}  // namespace

Result<std::vector<ImportRow>> read_keyword_csv(std::string_view csv) {
  content::CsvReader reader(csv);
  const std::optional<content::CsvRow> header = GALLEY_TRY(reader.next());
  if (!header) return invalid("body", "must have a header row that names its columns");
  const Columns columns = GALLEY_TRY(read_header(*header));
  std::vector<ImportRow> rows;
  for (;;) {
    Result<std::optional<content::CsvRow>> row = reader.next();
    if (row && !*row) return rows;
    if (rows.size() == max_import)
      return invalid("body", "must have at most " + std::to_string(max_import) + " rows below its header");
    const auto number = static_cast<std::int64_t>(reader.rows());
    if (row)
      rows.push_back({number, read_row(columns, **row)});
    else
      rows.push_back({number, row.error()});
  }
}

}  // namespace galley::service
