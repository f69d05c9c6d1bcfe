#include "content/html_elements.hpp"

#include <algorithm>
#include <cstddef>

namespace galley::content {
namespace {

template <std::size_t n>
bool is_one_of(std::string_view name, const std::string_view (&names)[n]) {
  return std::ranges::find(names, name) != std::end(names);
}

}  // namespace

bool is_dropped_whole(std::string_view name) {
  static constexpr std::string_view names[] = {"svg",    "math",  "object", "template", "noscript", "select",
                                               "canvas", "audio", "video",  "applet",   "frameset", "datalist"};
  return is_one_of(name, names);
}

bool is_plain_block(std::string_view name) {
  static constexpr std::string_view names[] = {"p",       "div",     "section", "article", "header",  "footer",
                                               "main",    "aside",   "nav",     "figure",  "address", "form",
                                               "details", "summary", "caption", "center",  "dl",      "dt",
                                               "dd",      "body",    "html",    "head",    "hgroup",  "fieldset"};
  return is_one_of(name, names);
}

int heading_level(std::string_view name) {
  return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' ? name[1] - '0' : 0;
}

std::optional<Emphasis> emphasis_of(std::string_view name) {
  if (name == "strong" || name == "b") return Emphasis::strong;
  if (name == "em" || name == "i") return Emphasis::emphasis;
  if (name == "del" || name == "s" || name == "strike") return Emphasis::strikethrough;
  return std::nullopt;
}

bool is_code_element(std::string_view name) {
  return name == "code" || name == "kbd" || name == "samp" || name == "tt";
}

}  // namespace galley::content
