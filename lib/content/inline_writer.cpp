#include <algorithm>
#include <cstddef>

#include "base/encoding.hpp"
#include "content/markdown_writer.hpp"
#include "content/utf8.hpp"

namespace galley::content {
namespace {

bool is_white(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x2028 || c == 0x2029;
}
bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_dropped(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xFEFF;
}

std::size_t longest_run(std::string_view text, char mark) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (char c : text) {
    run = c == mark ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// In a destination only parentheses and character references could end it or change it.
std::string destination(std::string_view address) {
  std::string out;
  for (char c : address) {
    if (c == '(') {
      out += "%28";
    } else if (c == ')') {
      out += "%29";
    } else if (c == '&') {
      out += "\\&";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

void InlineWriter::text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (is_white(c)) {
      has_space_ = true;
      continue;
    }
    if (is_dropped(c)) continue;
    before_ink();
    if (c < 0x80 && needs_escape(static_cast<char>(c), text.substr(at))) out_ += '\\';
    append_utf8(out_, c);
  }
}

bool InlineWriter::needs_escape(char c, std::string_view rest) const {
  if (std::string_view("\\`*_[]<~|@").find(c) != std::string_view::npos) return true;
  const std::string_view line = std::string_view(out_).substr(line_start_);
  switch (c) {
    case '#':
      return is_heading_ || line.empty();
    case '+':
    case '-':
    case '=':
    case '>':
      return line.empty();
    case '&':
      return !rest.empty() && (rest.front() == '#' || is_ascii_letter(rest.front()));
    // Bare addresses would become links; here they were text.
    case ':':
      return rest.starts_with("//");
    case '.':
      if (line.size() >= 3 && equals_ignoring_case(line.substr(line.size() - 3), "www")) return true;
      [[fallthrough]];
    case ')':
      return !line.empty() && line.size() <= 9 &&
             std::ranges::all_of(line, [](char d) { return d >= '0' && d <= '9'; });
    default:
      return false;
  }
}

void InlineWriter::before_ink() {
  const bool at_line_start = out_.size() == line_start_;
  if (has_space_ && !at_line_start) out_ += ' ';
  has_space_ = false;
  for (Mark& mark : marks_) {
    if (mark.is_written) continue;
    mark.is_written = true;
    mark.is_silent = false;
    if (!mark.is_link && closed_at_ == out_.size() && closed_at_ > 0) {
      // "**a****b**" would be read wrongly: bold that ends where bold begins goes on instead, and any other emphasis
      // that begins right there is left out.
      if (closed_mark_ == mark.opening) {
        out_.resize(out_.size() - mark.opening.size());
        closed_at_ = 0;
      } else {
        mark.is_silent = true;
      }
    } else {
      out_ += mark.opening;
    }
  }
}

void InlineWriter::code(std::string_view code, bool in_table) {
  std::string line;
  for (std::size_t at = 0; at < code.size();) {
    const char32_t c = next_code_point(code, at);
    if (is_white(c)) {
      line += ' ';
    } else if (c == '|' && in_table) {
      line += "\\|";
    } else if (!is_dropped(c)) {
      append_utf8(line, c);
    }
  }
  if (trim_ascii(line).empty()) {
    has_space_ = has_space_ || !line.empty();
    return;
  }
  before_ink();
  const std::string fence(longest_run(line, '`') + 1, '`');
  const bool pads = line.front() == '`' || line.back() == '`' || (line.front() == ' ' && line.back() == ' ');
  out_ += fence + (pads ? " " : "") + line + (pads ? " " : "") + fence;
}

void InlineWriter::image(std::string_view alt, std::string_view address) {
  before_ink();
  out_ += "![";
  InlineWriter inner;
  inner.text(alt);
  out_ += inner.take() + "](" + destination(address) + ")";
}

void InlineWriter::hard_break() {
  if (out_.size() == line_start_) return;
  if (is_heading_) {
    has_space_ = true;
    return;
  }
  has_space_ = false;
  out_ += "\\\n";
  line_start_ = out_.size();
}

void InlineWriter::open(Emphasis emphasis) {
  static constexpr std::string_view marks[] = {"**", "*", "~~"};
  const auto index = static_cast<std::size_t>(emphasis);
  if (depth_[index]++ > 0) return;
  marks_.push_back({std::string(marks[index]), std::string(marks[index]), false, false});
}

void InlineWriter::close(Emphasis emphasis) {
  static constexpr std::string_view marks[] = {"**", "*", "~~"};
  const auto index = static_cast<std::size_t>(emphasis);
  if (depth_[index] == 0 || --depth_[index] > 0) return;
  const auto found = std::ranges::find(marks_, marks[index], &Mark::opening);
  if (found != marks_.end()) close_mark(static_cast<std::size_t>(found - marks_.begin()));
}

void InlineWriter::open_link(std::string_view address) {
  close_link();
  marks_.push_back({"[", "](" + destination(address) + ")", true, false});
}

void InlineWriter::close_link() {
  const auto found = std::ranges::find(marks_, true, &Mark::is_link);
  if (found != marks_.end()) close_mark(static_cast<std::size_t>(found - marks_.begin()));
}

void InlineWriter::write_closing(const Mark& mark) {
  if (!mark.is_written || mark.is_silent) return;
  // A break just before a closing mark would leave the mark at a line's beginning, where it closes nothing.
  if (out_.ends_with("\\\n")) {
    out_.resize(out_.size() - 2);
    has_space_ = true;
  }
  out_ += mark.closing;
  closed_at_ = mark.is_link ? 0 : out_.size();
  closed_mark_ = mark.closing;
}

// Marks nest: those opened later are closed before it and opened again after it.
void InlineWriter::close_mark(std::size_t index) {
  for (std::size_t i = marks_.size(); i-- > index;) {
    write_closing(marks_[i]);
    marks_[i].is_written = false;
  }
  marks_.erase(marks_.begin() + static_cast<std::ptrdiff_t>(index));
}

std::string InlineWriter::take() {
  close_link();
  for (std::size_t i = marks_.size(); i-- > 0;) {
    write_closing(marks_[i]);
    marks_[i].is_written = false;
  }
  while (out_.ends_with("\\\n"))
    out_.resize(out_.size() - 2);
  std::string taken;
  taken.swap(out_);
  line_start_ = closed_at_ = 0;
  has_space_ = is_heading_ = false;
  return taken;
}

}  // namespace galley::content
