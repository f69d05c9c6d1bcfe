#include <algorithm>
#include <utility>

#include "content/markdown_writer.hpp"

namespace galley::content {
namespace {

void append_row(std::string& out, const std::vector<std::string>& cells, std::size_t count) {
  out += '|';
  for (std::size_t i = 0; i < count; ++i)
    out += " " + (i < cells.size() ? cells[i] : std::string()) + " |";
}

}  // namespace

void TableWriter::add_cell(std::string cell) {
  size_ += cell.size() + 3;
  if (row_.size() < max_table_columns) {
    row_.push_back(std::move(cell));
  } else {
    row_.back() += " " + cell;
  }
}

void TableWriter::end_row() {
  if (!row_.empty()) rows_.push_back(std::exchange(row_, {}));
}

std::string TableWriter::take() {
  end_row();
  size_ = 0;
  const auto rows = std::exchange(rows_, {});
  std::string out;
  if (rows.empty()) return out;
  std::size_t columns = 0;
  for (const auto& row : rows)
    columns = std::max(columns, row.size());
  append_row(out, rows.front(), columns);
  out += '\n';
  append_row(out, std::vector<std::string>(columns, "---"), columns);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    out += '\n';
    append_row(out, rows[i], rows[i].size());
  }
  return out;
}

}  // namespace galley::content
