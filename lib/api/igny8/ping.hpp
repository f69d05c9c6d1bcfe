// /api/ping: whether anybody answers.
#pragma once

#include <string>

#include "api/endpoint.hpp"

namespace galley::api::igny8 {

struct PingView {
  std::string status = "ok";
};

Task<Result<PingView>> ping(Call& call);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::PingView>();
}
