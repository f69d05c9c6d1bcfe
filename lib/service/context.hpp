// What every use case works with. All of it outlives the services.
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/account.hpp"
#include "domain/store.hpp"

namespace galley::service {

struct Context {
  Store& store;
  const Clock& clock;
  IdSource& ids;
  const PlanTable& plans;
};

}  // namespace galley::service
