#include "api/igny8/paging.hpp"

#include <algorithm>
#include <charconv>

namespace galley::api::igny8 {

namespace {

constexpr int default_size = 10;
constexpr int largest_size = 100;
constexpr int last_page = 10'000'000;

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<NumberedPage> page_number(const PagingParameters& parameters) {
  NumberedPage number{.size = default_size};
  if (parameters.page_size) {
    const std::int64_t size = whole_number(*parameters.page_size).value_or(0);
    if (size >= 1) number.size = static_cast<int>(std::min<std::int64_t>(size, largest_size));
  }
  if (!parameters.page) return number;
  const std::int64_t page = whole_number(*parameters.page).value_or(0);
  if (page < 1 || page > last_page) return not_found("page", *parameters.page);
  number.number = static_cast<int>(page);
  return number;
}

}  // namespace galley::api::igny8

namespace galley {

template <>
const Shape& shape_of<api::igny8::PagingParameters>() {
  static const Shape shape = [] {
    ShapeOf<api::igny8::PagingParameters> fields("PlannerPageQuery", "Which page.");
    return Shape(api::igny8::with_paging(fields));
  }();
  return shape;
}

}  // namespace galley
