#include "http/message.hpp"

#include "base/encoding.hpp"

namespace galley::http {

std::string_view to_text(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return {};
  }
  return {};
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Header& field : headers)
    if (field.name.size() == name.size() && equals_ignoring_case(field.name, name)) return field.value;
  return std::nullopt;
}

std::size_t Request::count(std::string_view name) const {
  std::size_t found = 0;
  for (const Header& field : headers)
    if (field.name.size() == name.size() && equals_ignoring_case(field.name, name)) ++found;
  return found;
}

}  // namespace galley::http
