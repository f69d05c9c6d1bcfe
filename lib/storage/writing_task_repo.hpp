// A writer's tasks, over SQL.
#pragma once

#include "domain/writing_task.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class WritingTaskRepo final : public WritingTasks {
 public:
  // connection outlives this.
  explicit WritingTaskRepo(Connection& connection) : connection_(connection) {}

  Result<WritingTask> find(const AccountId& account, const WritingTaskId& id) const override;
  Result<std::optional<WritingTask>> find_by_article(const AccountId& account, const ArticleId& article) const override;
  Result<Counted<WritingTask>> browse(const AccountId& account, const TaskBrowse& wanted) const override;
  Result<Chunk<WritingTask>> scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                                  int max) const override;
  Result<void> insert(const WritingTask& task) override;
  Result<void> update(const WritingTask& task) override;
  Result<void> remove(const AccountId& account, const WritingTaskId& id) override;
  Result<void> follow(const AccountId& account, const ArticleId& article, TaskStatus status, Time now) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
