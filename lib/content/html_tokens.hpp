// HTML cut into tags and text, leniently, in one pass: what browsers agree on for well-formed pages, and never a tag
// where a browser would see none. No tree, no recursion; every byte is looked at a bounded number of times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace galley::content {

inline constexpr std::size_t max_html_attributes = 64;  // of one tag; more are skipped

struct HtmlToken {
  enum class Kind : std::uint8_t { text, open_tag, close_tag, end };
  Kind kind = Kind::end;
  std::string name{};                                                  // of a tag, lower case
  std::string_view text{};                                             // of a text, references not decoded
  std::vector<std::pair<std::string, std::string_view>> attributes{};  // names lower case, values not decoded

  // The decoded value of the first attribute of that name; empty where there is none.
  std::string attribute(std::string_view name) const;
};

class HtmlTokens {
 public:
  // html outlives this and the tokens' views.
  explicit HtmlTokens(std::string_view html) : html_(html) {}

  // Comments, declarations and the content of script, style and other raw elements are skipped. A tag that the text's
  // end cuts off is no token.
  HtmlToken next();

 private:
  void skip_markup_declaration();
  HtmlToken read_tag();
  void read_attributes(HtmlToken& tag);
  std::string_view read_value();
  void skip_raw_content(std::string_view name);
  void skip_white();

  std::string_view html_;
  std::size_t at_ = 0;
};

}  // namespace galley::content
