// The keyword matrix of a project as a file, in whatever dialect it was asked for.
#pragma once

#include "api/call.hpp"
#include "api/reply.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "domain/identity.hpp"

namespace galley::api {

// text/csv with a header row, sent piece by piece. not_found for a project that the caller may not see.
Task<Result<Reply>> keyword_csv(Call& call, ProjectId project);

}  // namespace galley::api
