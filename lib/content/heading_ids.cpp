#include "content/heading_ids.hpp"

#include "base/encoding.hpp"
#include "content/markdown.hpp"
#include "content/slug.hpp"

namespace galley::content {
namespace {

// A slug needs no more of a heading than this.
constexpr std::size_t max_heading_text = 300;

}  // namespace

std::string HeadingIds::next(std::string_view text) {
  if (++count_ > max_headings) return {};
  std::string slug = make_slug(first_code_points(text, max_heading_text), language_);
  if (slug.empty()) slug = "section";
  std::size_t& number = last_number_[slug];
  std::string id = slug;
  do {
    ++number;
    id = number == 1 ? slug : slug + "-" + std::to_string(number);
  } while (!used_.insert(id).second);
  return id;
}

}  // namespace galley::content
