// /projects/{id}/events
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"

namespace galley::api::icf {

struct ProjectEventsQuery {
  std::vector<std::string> events{};
  std::optional<Time> since{};
  std::optional<std::string> last_event_id{};
  bool follow = true;
};

// Server-sent events of all that happens in a project, behind Last-Event-ID: each is what a webhook in the event format
// would carry, under the event's id and name.
Task<Result<Reply>> follow_project(Call& call, ProjectId project, Query<ProjectEventsQuery> query);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::ProjectEventsQuery>();

}  // namespace galley
