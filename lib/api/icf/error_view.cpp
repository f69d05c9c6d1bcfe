#include "api/icf/error_view.hpp"

namespace galley::api::icf {

ErrorView error_view(const ArticleError& error) {
  return {error.code, error.message};
}

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::ErrorView>() {
  using api::icf::ErrorView;
  static const Shape shape = ShapeOf<ErrorView>("Failure", "Why something failed.")
                                 .field("code", &ErrorView::code)
                                 .field("message", &ErrorView::message);
  return shape;
}

}  // namespace galley
