// Judges HTML as strictly as can be: everything that is not known to be harmless is a fault.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.hpp"
#include "content/html_entities.hpp"

namespace galley::content {

inline bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// What a browser would make of an address, by its first colon.
inline bool is_harmless_address(std::string_view written) {
  std::string address = decode_entities(written);
  std::erase_if(address, [](unsigned char c) { return c <= 0x20; });
  const std::size_t end = address.find_first_of(":/?#\\");
  if (end == std::string::npos || address[end] != ':') return true;
  return is_one_of(to_lower_ascii(address.substr(0, end)), {"http", "https", "mailto"});
}

inline bool is_known_attribute(std::string_view tag, std::string_view name, std::string_view value) {
  if (name == "id") return tag.size() == 2 && tag[0] == 'h' && !value.empty();
  if (tag == "a" && name == "href") return is_harmless_address(value);
  if (tag == "img" && name == "src") return is_harmless_address(value);
  if (tag == "a" && name == "rel") return value == "nofollow noopener";
  if (name == "title") return tag == "a" || tag == "img";
  if (tag == "img" && name == "alt") return true;
  if (tag == "img" && name == "loading") return value == "lazy";
  if (name == "class")
    return (tag == "code" && value.starts_with("language-")) || (tag == "li" && value == "task-list-item");
  if (tag == "input")
    return (name == "type" && value == "checkbox") || ((name == "disabled" || name == "checked") && value.empty());
  if (name == "align") return (tag == "td" || tag == "th") && is_one_of(value, {"left", "center", "right"});
  if (tag == "ol" && name == "start")
    return std::all_of(value.begin(), value.end(), [](unsigned char c) { return std::isdigit(c); });
  return false;
}

// Empty where the page is harmless and balanced; else what is wrong, with the place.
inline std::string page_fault(std::string_view html) {
  std::vector<std::string> open;
  std::size_t at = 0;
  const auto fault = [&](std::string_view what) {
    return std::string(what) + " at: " + std::string(html.substr(at, 60));
  };
  while (at < html.size()) {
    if (html[at] == '>' || html[at] == '"' || html[at] == '\'') return fault("unescaped character in text");
    if (html[at] != '<') {
      ++at;
      continue;
    }
    const std::size_t end = html.find('>', at);
    if (end == std::string_view::npos) return fault("unclosed tag");
    std::string_view inside = html.substr(at + 1, end - at - 1);
    const bool closes = inside.starts_with('/');
    if (closes) inside.remove_prefix(1);
    const std::string name(inside.substr(0, inside.find(' ')));
    if (!is_one_of(name, {"p",      "h1",    "h2",    "h3",    "h4", "h5", "h6", "a",          "img",
                          "strong", "em",    "code",  "pre",   "ul", "ol", "li", "blockquote", "br",
                          "hr",     "table", "thead", "tbody", "tr", "th", "td", "del",        "input"}))
      return fault("unknown tag");
    std::string_view rest = inside.substr(name.size());
    while (!rest.empty()) {
      if (rest.front() != ' ') return fault("malformed tag");
      rest.remove_prefix(1);
      const std::size_t equals = rest.find("=\"");
      if (equals == std::string_view::npos) return fault("malformed attribute");
      const std::size_t close = rest.find('"', equals + 2);
      if (close == std::string_view::npos) return fault("unclosed attribute");
      const std::string_view value = rest.substr(equals + 2, close - equals - 2);
      if (value.find('<') != std::string_view::npos) return fault("unescaped attribute");
      if (!is_known_attribute(name, rest.substr(0, equals), value)) return fault("unknown attribute");
      rest.remove_prefix(close + 1);
    }
    if (closes) {
      if (open.empty() || open.back() != name) return fault("unbalanced tag");
      open.pop_back();
    } else if (!is_one_of(name, {"img", "br", "hr", "input"})) {
      open.push_back(name);
    }
    at = end + 1;
  }
  return open.empty() ? std::string() : "left open: " + open.back();
}

}  // namespace galley::content
