// The parameters that every list takes, and the frame of its rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "api/endpoint.hpp"
#include "base/shape.hpp"
#include "domain/keyword.hpp"

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

struct PageNumber {
  int page = 1;
  int size = 10;
};
// not_found for a page that can be none. A size beyond 100 means 100, and what is no size means 10.
Result<PageNumber> page_number(const PagingParameters& parameters);

// not_found for a page behind the last one.
template <class View, class Row, class F>
Result<Listed<View>> listed(Counted<Row> found, const PageNumber& asked, F&& view_of) {
  if (asked.page > 1 && found.rows.empty()) return not_found("page", std::to_string(asked.page));
  Listed<View> answer{.page = {.total = found.total}, .asked = {.page = asked.page, .size = asked.size}};
  answer.page.rows.reserve(found.rows.size());
  for (Row& row : found.rows)
    answer.page.rows.push_back(view_of(std::move(row)));
  return answer;
}

}  // namespace galley::api::igny8
