#include "content/html_tokens.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "content/html_entities.hpp"

namespace galley::content {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// Their content is text to a browser, or is not shown: it ends at the closing tag and nowhere else.
bool has_raw_content(std::string_view name) {
  static constexpr std::string_view names[] = {"script",  "style",    "iframe",    "textarea", "title",
                                               "noembed", "noframes", "plaintext", "xmp"};
  return std::ranges::find(names, name) != std::end(names);
}

}  // namespace

std::string HtmlToken::attribute(std::string_view wanted) const {
  for (const auto& [attribute_name, value] : attributes) {
    if (attribute_name == wanted) return decode_entities(value);
  }
  return {};
}

HtmlToken HtmlTokens::next() {
  while (at_ < html_.size()) {
    if (html_[at_] == '<' && at_ + 1 < html_.size()) {
      const char second = html_[at_ + 1];
      if (second == '!' || second == '?') {
        skip_markup_declaration();
        continue;
      }
      if (is_letter(second) || second == '/') {
        HtmlToken tag = read_tag();
        if (tag.kind == HtmlToken::Kind::end) continue;
        if (tag.kind == HtmlToken::Kind::open_tag && has_raw_content(tag.name)) {
          skip_raw_content(tag.name);
          continue;
        }
        return tag;
      }
    }
    // Text up to what may be the next tag; a "<" that begins none is part of it.
    const std::size_t start = at_;
    at_ = std::min(html_.find('<', at_ + 1), html_.size());
    HtmlToken text;
    text.kind = HtmlToken::Kind::text;
    text.text = html_.substr(start, at_ - start);
    return text;
  }
  return {};
}

void HtmlTokens::skip_markup_declaration() {
  const bool is_comment = html_.substr(at_).starts_with("<!--");
  // "<!-->" and "<!--->" are whole comments.
  const std::size_t end = is_comment ? html_.find("-->", at_ + 2) : html_.find('>', at_);
  at_ = end == std::string_view::npos ? html_.size() : end + (is_comment ? 3 : 1);
}

HtmlToken HtmlTokens::read_tag() {
  HtmlToken tag;
  const bool closes = html_[at_ + 1] == '/';
  at_ += closes ? 2 : 1;
  if (at_ >= html_.size() || !is_letter(html_[at_])) {
    // "</>" and "</3": a bogus comment to browsers.
    at_ = std::min(html_.find('>', at_), html_.size() - 1) + 1;
    return tag;
  }
  const std::size_t start = at_;
  while (at_ < html_.size() && !is_white(html_[at_]) && html_[at_] != '/' && html_[at_] != '>')
    ++at_;
  tag.name = to_lower_ascii(html_.substr(start, at_ - start));
  read_attributes(tag);
  if (at_ >= html_.size()) return tag;  // cut off: no tag
  ++at_;
  tag.kind = closes ? HtmlToken::Kind::close_tag : HtmlToken::Kind::open_tag;
  return tag;
}

void HtmlTokens::read_attributes(HtmlToken& tag) {
  while (at_ < html_.size() && html_[at_] != '>') {
    if (is_white(html_[at_]) || html_[at_] == '/') {
      ++at_;
      continue;
    }
    const std::size_t start = at_;
    ++at_;  // a name may begin with "="
    while (at_ < html_.size() && !is_white(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' && html_[at_] != '=')
      ++at_;
    const std::string_view name = html_.substr(start, at_ - start);
    skip_white();
    std::string_view value;
    if (at_ < html_.size() && html_[at_] == '=') {
      ++at_;
      skip_white();
      value = read_value();
    }
    if (tag.attributes.size() < max_html_attributes) tag.attributes.emplace_back(to_lower_ascii(name), value);
  }
}

std::string_view HtmlTokens::read_value() {
  if (at_ >= html_.size()) return {};
  const char quote = html_[at_];
  if (quote == '"' || quote == '\'') {
    const std::size_t start = at_ + 1;
    const std::size_t end = std::min(html_.find(quote, start), html_.size());
    at_ = std::min(end + 1, html_.size());
    return html_.substr(start, end - start);
  }
  const std::size_t start = at_;
  while (at_ < html_.size() && !is_white(html_[at_]) && html_[at_] != '>')
    ++at_;
  return html_.substr(start, at_ - start);
}

void HtmlTokens::skip_raw_content(std::string_view name) {
  while (at_ < html_.size()) {
    at_ = std::min(html_.find("</", at_), html_.size());
    if (at_ == html_.size()) return;
    at_ += 2;
    if (!equals_ignoring_case(html_.substr(at_, name.size()), name)) continue;
    const std::size_t after = at_ + name.size();
    if (after < html_.size() && !is_white(html_[after]) && html_[after] != '/' && html_[after] != '>') continue;
    at_ = std::min(html_.find('>', after), html_.size() - 1) + 1;
    return;
  }
}

void HtmlTokens::skip_white() {
  while (at_ < html_.size() && is_white(html_[at_]))
    ++at_;
}

}  // namespace galley::content
