#include "content/markdown_guard.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace galley::content {
namespace {

// Steps of md4c's scans that a text may cost, all blocks together: about a fifth of a second. A table of 5000 rows with
// two links each stays below.
constexpr std::size_t max_steps = 60'000'000;
constexpr std::size_t split_lines = 50;
constexpr std::size_t split_bytes = std::size_t{2} << 10;
constexpr std::size_t max_token = 1024;

bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Most bytes say nothing about the cost.
enum class Mark : std::uint8_t { none, white, trigger, link, title, www };

constexpr std::array<Mark, 256> marks_of_bytes = [] {
  std::array<Mark, 256> marks{};
  for (const char c : {' ', '\t', '\n', '\r'})
    marks[static_cast<unsigned char>(c)] = Mark::white;
  for (const char c : {':', '@', '.'})
    marks[static_cast<unsigned char>(c)] = Mark::trigger;
  for (const char c : {'"', '\'', '('})
    marks[static_cast<unsigned char>(c)] = Mark::title;
  marks[']'] = Mark::link;
  marks['w'] = Mark::www;
  return marks;
}();

// What one run of lines without a blank one, the most that can be one block, would cost.
class BlockCost {
 public:
  void add(std::string_view line) {
    ++lines_;
    bytes_ += line.size();
    std::size_t token_begin = 0;
    std::size_t triggers = 0;
    bool has_titles = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      switch (marks_of_bytes[static_cast<unsigned char>(line[i])]) {
        case Mark::none:
          break;
        case Mark::white:
          steps_ += (i - token_begin) * triggers;
          token_begin = i + 1;
          triggers = 0;
          break;
        case Mark::trigger:
          // Each may be a bare address, which is read to the end of its word.
          ++triggers;
          // All bare addresses of a block are gone through for each one.
          if (line.substr(i).starts_with("://")) ++addresses_;
          break;
        case Mark::www:
          if (line.substr(i).starts_with("www.")) ++addresses_;
          break;
        case Mark::link:
          // A link's lines are looked for from the block's first one.
          ++links_;
          break;
        case Mark::title:
          has_titles = true;
          break;
      }
    }
    steps_ += (line.size() - token_begin) * triggers;
    if (has_titles) add_titles(line);
  }

  std::size_t end_block() {
    // Titles are the titles of links: words in quotes cost nothing.
    const std::size_t cost =
        steps_ + links_ * lines_ + addresses_ * addresses_ / 2 + std::min(titles_, links_) * bytes_ / 4;
    *this = {};
    return cost;
  }

 private:
  // What follows white space and a quote may be a link's title: read to its end, which in honest texts is on the line.
  void add_titles(std::string_view line) {
    std::size_t titles = 0;
    bool is_open = false;
    for (const std::string_view marks : {"\"\"", "''", "()"}) {
      std::size_t opening = 0;
      std::size_t closing = 0;
      for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') ++i;
        if (i >= line.size()) break;
        if (line[i] == marks[0] && (i == 0 || is_white(line[i - 1]))) ++titles;
        if (line[i] == marks[0]) ++opening;
        if (line[i] == marks[1]) ++closing;
      }
      is_open = is_open || (marks[0] == marks[1] ? opening % 2 != 0 : opening > closing);
    }
    steps_ += titles * line.size() / 4;
    if (is_open) titles_ += titles;
  }

  std::size_t lines_ = 0;
  std::size_t bytes_ = 0;
  std::size_t links_ = 0;
  std::size_t addresses_ = 0;
  std::size_t titles_ = 0;  // on lines that do not close them all
  std::size_t steps_ = 0;
};

bool is_costly(std::string_view markdown) {
  // No text costs more than twice the square of its length: each of the sums below is a product of counts of its bytes.
  if (2 * markdown.size() * markdown.size() <= max_steps) return false;
  BlockCost block;
  std::size_t cost = 0;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (std::ranges::all_of(line, is_white)) {
      cost += block.end_block();
    } else {
      block.add(line);
    }
  }
  return cost + block.end_block() > max_steps;
}

}  // namespace

std::optional<std::string> split_costly_blocks(std::string_view markdown) {
  if (!is_costly(markdown)) return std::nullopt;
  std::string out;
  out.reserve(markdown.size() + markdown.size() / 256);
  std::size_t lines = 0;
  std::size_t bytes = 0;
  std::size_t token = 0;
  for (char c : markdown) {
    token = is_white(c) ? 0 : token + 1;
    out += c;
    ++bytes;
    if (c == '\n') ++lines;
    const bool is_due = lines >= split_lines || bytes >= split_bytes;
    if (is_due && (is_white(c) || token > max_token) && static_cast<unsigned char>(c) < 0x80) {
      out += "\n\n";
      lines = bytes = token = 0;
    }
  }
  return out;
}

}  // namespace galley::content
