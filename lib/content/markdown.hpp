// Markdown (CommonMark with GitHub's tables, strikethrough, task lists and autolinks) to HTML and to plain text.
// Raw HTML is off: it is shown as the text that it is. All functions are thread-safe and take work linear in the input;
// input beyond max_markdown_bytes is left out, and a text that would blow up (nested references, very wide tables) is
// cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace galley::content {

inline constexpr std::size_t max_markdown_bytes = std::size_t{1} << 20;
// render_html() gives at most max_expansion bytes for each byte of Markdown, and 64 KiB.
inline constexpr std::size_t max_expansion = 48;

struct RenderOptions {
  std::string site_host{};  // "example.com": links to other hosts get rel="nofollow noopener"; empty: none does
  std::string language{};   // BCP 47, for the slugs of heading ids
  bool heading_ids = true;  // at most max_headings of them
};

// The HTML of the page's body: only p h1-h6 a img strong em code pre ul ol li blockquote br hr table (thead tbody tr th
// td) del input[checkbox, disabled], balanced. A link or image whose address is empty or not allowed (see link.hpp) is
// its text.
std::string render_html(std::string_view markdown, const RenderOptions& options = {});

// The words alone: blocks one line each, table cells separated by tabs, code included; images and raw markup left out.
std::string plain_text(std::string_view markdown);

inline constexpr std::size_t max_headings = 1000;

struct Heading {
  int level = 1;  // 1 to 6
  std::string text;
  std::string id;  // the one that render_html() gives it with the same language

  bool operator==(const Heading&) const = default;
};

// The first max_headings headings in the order of the text.
std::vector<Heading> headings(std::string_view markdown, std::string_view language = {});

inline constexpr std::size_t max_questions = 100;

struct Question {
  std::string question;
  std::string answer;  // plain text, one line; never empty

  bool operator==(const Question&) const = default;
};

// Every heading that ends in a question mark (of any script) and has text before the next heading.
std::vector<Question> questions(std::string_view markdown);

}  // namespace galley::content
