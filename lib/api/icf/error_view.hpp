// Why an article or a job failed, as answers show it.
#pragma once

#include <string>

#include "base/shape.hpp"
#include "domain/article.hpp"

namespace galley::api::icf {

struct ErrorView {
  std::string code;
  std::string message;
};
ErrorView error_view(const ArticleError& error);

}  // namespace galley::api::icf

namespace galley {
template <>
const Shape& shape_of<api::icf::ErrorView>();
}
