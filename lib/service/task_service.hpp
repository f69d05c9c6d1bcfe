// A writer's tasks: kept, and made into articles.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/writing_task.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/generation_service.hpp"
#include "service/planned.hpp"

namespace galley::service {

// A list's filter, which names things by their numbers; what there is not matches nothing.
struct TaskFilter {
  TaskBrowse browse{};
  std::optional<std::int64_t> site{};
  std::optional<std::int64_t> cluster{};
};

// What a person writes of a task.
struct TaskDraft {
  std::string title;
  std::string description{};
  std::vector<std::string> keywords{};
  std::optional<std::int64_t> cluster{};
  std::optional<std::int64_t> idea{};
  ContentType type = ContentType::post;
  ContentStructure structure = ContentStructure::article;
  TaskStatus status = TaskStatus::queued;
  std::optional<int> word_count{};  // the account's default where absent
  std::string primary_keyword{};
  std::vector<std::string> secondary_keywords{};
  std::vector<std::string> tags{};
  std::vector<std::string> categories{};
};

struct SkippedTask {
  std::int64_t number = 0;
  std::string reason;
};
struct QueuedTasks {
  Job job{};
  std::int64_t number = 0;  // the job's
  std::vector<PlannedTask> tasks{};
  std::vector<SkippedTask> skipped{};
};

class TaskService {
 public:
  static constexpr std::size_t max_generated = 50;  // of one call of generate

  // Both outlive this.
  TaskService(const Context& context, const GenerationService& generation)
      : context_(context), generation_(generation) {}

  Result<Counted<PlannedTask>> list(const Actor& actor, const TaskFilter& filter) const;
  Result<PlannedTask> get(const Actor& actor, std::int64_t number) const;
  // site: absent for the default.
  Task<Result<PlannedTask>> create(Actor actor, TaskDraft draft, std::optional<std::int64_t> site) const;
  using Edit = std::function<Result<void>(TaskDraft&)>;
  // edit runs in the transaction on what the task is then.
  Task<Result<PlannedTask>> update(Actor actor, std::int64_t number, Edit edit) const;
  // Its article stays.
  Task<Result<void>> remove(Actor actor, std::int64_t number) const;

  // One job that writes an article for each, from the task's subject, which becomes a keyword of the site's matrix.
  // validation_failed for tasks that there are not or of several sites; conflict where none is left to write,
  // quota_exceeded where the plan's articles or credits do not suffice.
  Task<Result<QueuedTasks>> generate(Actor actor, std::vector<std::int64_t> numbers) const;

 private:
  const Context& context_;
  const GenerationService& generation_;
};

}  // namespace galley::service
