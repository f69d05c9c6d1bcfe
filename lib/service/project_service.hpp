// Projects: made, changed, removed, and their webhook secret.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/secret.hpp"
#include "domain/project.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

struct ProjectDetail {
  Project project;
  ProjectCounts counts{};
};

class ProjectService {
 public:
  explicit ProjectService(const Context& context) : context_(context) {}

  Result<Page<ProjectDetail>> list(const Actor& actor, const PageRequest& page) const;
  Result<ProjectDetail> get(const Actor& actor, const ProjectId& id) const;

  struct Created {
    ProjectDetail detail;
    Secret webhook_secret;
  };
  // wanted: without id, account, version and times. quota_exceeded beyond the plan's number of projects.
  Task<Result<Created>> create(Actor actor, Project wanted) const;
  // The same within a transaction of the caller's.
  Result<Created> make(Transaction& transaction, const Actor& actor, const Project& wanted) const;

  using Edit = std::function<Result<void>(Project&)>;
  // edit runs in the transaction on the row as it is then.
  Task<Result<ProjectDetail>> update(Actor actor, ProjectId id, std::optional<std::int64_t> known_version,
                                     Edit edit) const;
  // confirm: the project's name, so that nobody removes the wrong one; validation_failed for field "confirm".
  Task<Result<void>> remove(Actor actor, ProjectId id, std::optional<std::int64_t> known_version,
                            std::string confirm) const;
  // The new secret; the former one holds for overlap.
  Task<Result<Secret>> rotate_webhook_secret(Actor actor, ProjectId id, std::chrono::seconds overlap) const;
  // All receivers know the new one: the former one's overlap ends now. Nothing changes where none runs.
  Task<Result<void>> confirm_webhook_secret(Actor actor, ProjectId id) const;

 private:
  const Context& context_;
};

}  // namespace galley::service
