#include "api/igny8/ping.hpp"

namespace galley::api::igny8 {

Task<Result<PingView>> ping(Call&) {
  co_return PingView{};
}

}  // namespace galley::api::igny8

namespace galley {

template <>
const Shape& shape_of<api::igny8::PingView>() {
  using api::igny8::PingView;
  static const Shape shape =
      ShapeOf<PingView>("Ping", "That the server answers.").field("status", &PingView::status, {.example = "\"ok\""});
  return shape;
}

}  // namespace galley
