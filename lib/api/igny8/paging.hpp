// The parameters that every list takes, and the frame of its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/endpoint.hpp"
#include "base/shape.hpp"
#include "domain/page.hpp"

namespace galley::api::igny8 {

struct PagingParameters {
  std::optional<std::string> page{};
  std::optional<std::string> page_size{};
};

// Adds page and page_size to the Shape of a query that derives from PagingParameters.
template <class T>
ShapeOf<T>& with_paging(ShapeOf<T>& shape) {
  shape.field("page", &PagingParameters::page, {.about = "Number of the page, from 1.", .example = "\"1\""});
  shape.field("page_size", &PagingParameters::page_size,
              {.about = "Rows on a page: 10 by default, at most 100.", .example = "\"20\""});
  return shape;
}

// not_found for a page that can be none. A size beyond 100 means 100, and what is no size means 10.
Result<NumberedPage> page_number(const PagingParameters& parameters);

// not_found for a page behind the last one.
template <class View, class Row, class F>
Result<Listed<View>> listed(Counted<Row> found, const NumberedPage& asked, F&& view_of) {
  if (asked.number > 1 && found.rows.empty()) return not_found("page", std::to_string(asked.number));
  Listed<View> answer{.page = {.total = found.total}, .asked = {.page = asked.number, .size = asked.size}};
  answer.page.rows.reserve(found.rows.size());
  for (Row& row : found.rows)
    answer.page.rows.push_back(view_of(std::move(row)));
  return answer;
}

// "-title": by which of a list's orders, and whether it descends. An order may have several names.
template <class Order>
struct OrderName {
  std::string_view name;
  Order order;
};
template <class Order, std::size_t n, class Browse>
Result<void> set_ordering(const std::optional<std::string>& asked, const OrderName<Order> (&names)[n], Browse& browse) {
  if (!asked) return {};
  std::string_view text = *asked;
  browse.descending = text.starts_with('-');
  if (browse.descending) text.remove_prefix(1);
  std::string known;
  for (const OrderName<Order>& one : names) {
    if (one.name == text) {
      browse.order = one.order;
      return {};
    }
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  return invalid("ordering", "must be one of " + known);
}

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::PagingParameters>();
}  // namespace galley
