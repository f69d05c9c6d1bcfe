// The parameters that every list takes.
#pragma once

#include <optional>
#include <string>

#include "api/endpoint.hpp"
#include "base/shape.hpp"
#include "domain/page.hpp"

namespace galley::api::icf {

struct PagingParameters {
  std::optional<int> page{};
  std::optional<int> page_size{};
  std::optional<int> limit{};  // a synonym of pageSize
  std::optional<std::string> cursor{};
  std::optional<std::string> sort{};
};

// Adds page, pageSize, limit, cursor and sort to the Shape of a query that derives from PagingParameters.
template <class T>
ShapeOf<T>& with_paging(ShapeOf<T>& shape) {
  shape.field("page", &PagingParameters::page, {.min = 1, .max = 1000000, .about = "Number of the page, from 1."});
  shape.field("pageSize", &PagingParameters::page_size,
              {.min = 1, .max = PageRequest::max_size, .about = "Rows on a page, 20 by default."});
  shape.field("limit", &PagingParameters::limit,
              {.min = 1, .max = PageRequest::max_size, .about = "The same as pageSize."});
  shape.field("cursor", &PagingParameters::cursor,
              {.max = static_cast<double>(Cursor::max_text),
               .about = "nextCursor of the page before; stable while rows are inserted."});
  shape.field("sort", &PagingParameters::sort,
              {.about = "createdAt, -createdAt (default), updatedAt, -updatedAt or title."});
  return shape;
}

// validation_failed naming sort, cursor, or page where a cursor stands beside it.
Result<PageRequest> page_request(const PagingParameters& parameters);

// A list without parameters of its own.
struct ListQuery : PagingParameters {};

// Rows of the domain as rows of the API.
template <class View, class Row, class F>
Listed<View> listed(Page<Row> page, const PageRequest& asked, F&& view_of) {
  Listed<View> answer{
      .page = {.total = page.total, .total_is_exact = page.total_is_exact, .next = std::move(page.next)},
      .asked = asked};
  answer.page.rows.reserve(page.rows.size());
  for (Row& row : page.rows)
    answer.page.rows.push_back(view_of(std::move(row)));
  return answer;
}

}  // namespace galley::api::icf

namespace galley {
template <>
const Shape& shape_of<api::icf::ListQuery>();
}
