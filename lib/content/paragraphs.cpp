#include "content/paragraphs.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "base/encoding.hpp"

namespace galley::content {
namespace {

constexpr std::string_view block_tags[] = {
    "address", "article",  "aside",      "blockquote", "caption", "dd",     "details", "div",   "dl",
    "dt",      "fieldset", "figcaption", "figure",     "footer",  "form",   "h1",      "h2",    "h3",
    "h4",      "h5",       "h6",         "header",     "hr",      "iframe", "li",      "main",  "nav",
    "ol",      "p",        "pre",        "script",     "section", "style",  "table",   "tbody", "td",
    "tfoot",   "th",       "thead",      "tr",         "ul",      "video"};

// The name of the tag that the text begins with, closing or not; empty where it begins with none.
std::string first_tag(std::string_view text) {
  if (!text.starts_with('<')) return {};
  text.remove_prefix(text.starts_with("</") ? 2 : 1);
  const auto end = std::ranges::find_if_not(text, [](unsigned char c) { return std::isalnum(c) != 0; });
  return to_lower_ascii(std::string_view(text.begin(), end));
}

bool begins_block(std::string_view text) {
  const std::string tag = first_tag(text);
  return !tag.empty() && std::ranges::find(block_tags, tag) != std::end(block_tags);
}

void append_chunk(std::string& out, std::string_view chunk) {
  chunk = trim_ascii(chunk);
  if (chunk.empty()) return;
  if (begins_block(chunk)) {
    out.append(chunk).append("\n");
    return;
  }
  out += "<p>";
  while (!chunk.empty()) {
    const std::size_t end = std::min(chunk.find('\n'), chunk.size());
    out += chunk.substr(0, end);
    chunk.remove_prefix(std::min(end + 1, chunk.size()));
    if (!chunk.empty()) out += begins_block(trim_ascii(chunk)) ? "\n" : "<br>";
  }
  out += "</p>\n";
}

bool is_blank(std::string_view line) {
  return trim_ascii(line).empty();
}

}  // namespace

std::string add_paragraphs(std::string html) {
  if (html.find("<!-- wp:") != std::string::npos || html.find('\n') == std::string::npos) return html;
  std::string out;
  std::string chunk;
  bool preformatted = false;
  std::string_view rest = html;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!preformatted && is_blank(line)) {
      append_chunk(out, chunk);
      chunk.clear();
      continue;
    }
    const std::string lower = to_lower_ascii(line);
    const std::size_t opens = lower.rfind("<pre");
    const std::size_t closes = lower.rfind("</pre");
    if (opens != std::string::npos && !preformatted) {
      // What precedes it is a chunk of its own, so that its lines are not broken with it.
      chunk.append(line.substr(0, opens));
      append_chunk(out, chunk);
      chunk.assign(line.substr(opens)).append("\n");
      preformatted = closes == std::string::npos || closes < opens;
    } else {
      chunk.append(line).append("\n");
      preformatted = preformatted && closes == std::string::npos;
    }
    if (!preformatted && closes != std::string::npos) {
      append_chunk(out, chunk);
      chunk.clear();
    }
  }
  append_chunk(out, chunk);
  return out;
}

}  // namespace galley::content
