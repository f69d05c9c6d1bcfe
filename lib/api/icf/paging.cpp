#include "api/icf/paging.hpp"

namespace galley::api::icf {

namespace {

std::optional<Sort> parse_sort(std::string_view text) {
  Sort sort{.descending = text.starts_with('-')};
  if (sort.descending) text.remove_prefix(1);
  if (text == "createdAt") {
    sort.field = SortField::created_at;
  } else if (text == "updatedAt") {
    sort.field = SortField::updated_at;
  } else if (text == "title" && !sort.descending) {
    sort.field = SortField::title;
  } else {
    return std::nullopt;
  }
  return sort;
}

}  // namespace

Result<PageRequest> page_request(const PagingParameters& parameters) {
  std::vector<FieldError> errors;
  PageRequest request;
  request.page = parameters.page.value_or(1);
  request.size = parameters.page_size.value_or(parameters.limit.value_or(20));
  if (parameters.page_size && parameters.limit && *parameters.page_size != *parameters.limit)
    errors.push_back({"limit", "is the same as pageSize and must not contradict it"});
  if (parameters.sort) {
    const std::optional<Sort> sort = parse_sort(*parameters.sort);
    if (sort)
      request.sort = *sort;
    else
      errors.push_back({"sort", "must be createdAt, -createdAt, updatedAt, -updatedAt or title"});
  }
  if (parameters.cursor) {
    if (parameters.page) errors.push_back({"page", "cannot stand beside cursor"});
    Result<Cursor> cursor = Cursor::decode(*parameters.cursor, request.sort);
    if (cursor)
      request.after = *std::move(cursor);
    else
      gather_fields(cursor, errors);
  }
  if (!errors.empty()) return invalid(std::move(errors));
  return request;
}

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::ListQuery>() {
  using api::icf::ListQuery;
  static const Shape shape = [] {
    ShapeOf<ListQuery> fields("ListQuery", "Which page of a list.");
    return Shape(api::icf::with_paging(fields));
  }();
  return shape;
}

}  // namespace galley
