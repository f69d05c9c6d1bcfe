// Waiting for a CMS, in whatever dialect it was asked.
#pragma once

#include "api/call.hpp"
#include "base/task.hpp"
#include "domain/job.hpp"

namespace galley::api {

// The article of a publishing job once that is done, or the job as it is after ten seconds, to be followed.
// connection_rejected with the CMS's own words where it refused.
struct PublicationWait {
  Job job{};
  ArticleId article{};
};
Task<Result<PublicationWait>> wait_for_publication(Call& call, JobId job);

}  // namespace galley::api
