#include <algorithm>
#include <utility>

#include "content/markdown_writer.hpp"

namespace galley::content {

bool BlockWriter::open_quote(std::size_t max_depth) {
  if (open_.size() >= max_depth) return false;
  open_.push_back({.is_quote = true});
  return true;
}

bool BlockWriter::open_list(bool ordered, std::size_t start, std::size_t max_depth) {
  if (open_.size() >= max_depth) return false;
  Container list{.is_quote = false, .ordered = ordered};
  list.number = std::min<std::size_t>(start, 999'999'999);
  // Two lists in a row with the same mark would be one.
  const char usual = ordered ? '.' : '-';
  const char other = ordered ? ')' : '*';
  list.mark = after_list_ && last_mark_ == usual ? other : usual;
  open_.push_back(std::move(list));
  return true;
}

void BlockWriter::close_down_to(std::size_t count) {
  if (open_.size() <= count) return;
  after_list_ = !open_[count].is_quote && open_[count].items > 0;
  last_mark_ = open_[count].mark;
  open_.resize(count);
  common_ = std::min(common_, count);
}

void BlockWriter::close_quote() {
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (open_[i].is_quote) return close_down_to(i);
  }
}

void BlockWriter::close_list() {
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (!open_[i].is_quote) return close_down_to(i);
  }
}

void BlockWriter::close_item() {
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (open_[i].is_quote) continue;
    if (open_.size() > i + 1) close_down_to(i + 1);
    open_[i].marker.clear();
    return;
  }
}

void BlockWriter::open_item() {
  close_item();
  auto list = std::find_if(open_.rbegin(), open_.rend(), [](const Container& c) { return !c.is_quote; });
  if (list == open_.rend()) {
    open_.push_back({.is_quote = false});
    list = open_.rbegin();
  }
  list->marker = list->ordered ? std::to_string(list->number++) + list->mark + ' ' : std::string{list->mark, ' '};
  list->width = list->marker.size();
}

std::string BlockWriter::bare_prefix(std::size_t count) const {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += open_[i].is_quote ? "> " : std::string(open_[i].width, ' ');
  while (out.ends_with(' '))
    out.pop_back();
  return out;
}

std::string BlockWriter::prefix() {
  std::string out;
  for (Container& container : open_) {
    if (container.is_quote) {
      out += "> ";
    } else if (container.marker.empty()) {
      out += std::string(container.width, ' ');
    } else {
      out += container.marker;
      container.marker.clear();
      ++container.items;
    }
  }
  return out;
}

// Items follow one another without a blank line, and so does a bullet list its item's text; anything else would run
// into the block before it.
void BlockWriter::separate() {
  if (out_.empty()) return;
  const auto starts = std::ranges::find_if(open_, [](const Container& c) { return !c.marker.empty(); });
  const bool is_item = starts != open_.end();
  const bool follows_item = is_item && starts->items > 0;
  const bool nests =
      is_item && starts != open_.begin() && !starts->ordered && !std::prev(starts)->is_quote && common_ > 0;
  if (!follows_item && !nests) out_ += bare_prefix(common_) + '\n';
}

void BlockWriter::block(std::string_view lines) {
  if (lines.empty()) return;
  separate();
  while (true) {
    const std::size_t end = lines.find('\n');
    std::string line = prefix();
    line += lines.substr(0, end);
    while (line.ends_with(' '))
      line.pop_back();
    out_ += line + '\n';
    if (end == std::string_view::npos) break;
    lines.remove_prefix(end + 1);
  }
  common_ = open_.size();
  after_list_ = false;
}

void BlockWriter::fenced_code(std::string_view code, std::string_view language) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (char c : code) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  std::string lines = fence;
  lines += language;
  lines += '\n';
  lines += code;
  if (!code.empty()) lines += '\n';
  block(lines + fence);
}

std::string BlockWriter::take() {
  return std::move(out_);
}

}  // namespace galley::content
