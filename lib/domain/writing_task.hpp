// What a writer is to write: a task of a site, which becomes an article.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "domain/idea.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"

namespace galley {

enum class TaskStatus : std::uint8_t { queued, in_progress, completed, failed };

template <>
struct Names<TaskStatus> {
  static constexpr NameOf<TaskStatus> all[] = {{TaskStatus::queued, "queued"},
                                               {TaskStatus::in_progress, "in_progress"},
                                               {TaskStatus::completed, "completed"},
                                               {TaskStatus::failed, "failed"}};
};

struct WritingTask {
  static constexpr std::size_t max_terms = 100;  // tags, categories, secondary keywords

  WritingTaskId id;
  AccountId account;
  ProjectId project;
  std::string title;
  std::string description{};
  std::vector<std::string> keywords{};
  std::optional<ClusterId> cluster{};
  std::optional<IdeaId> idea{};
  ContentType type = ContentType::post;
  ContentStructure structure = ContentStructure::article;
  TaskStatus status = TaskStatus::queued;
  int word_count = 1200;
  std::string primary_keyword{};
  std::vector<std::string> secondary_keywords{};
  std::vector<std::string> tags{};
  std::vector<std::string> categories{};
  std::optional<ArticleId> article{};  // the newest one made for it
  Time created_at{};
  Time updated_at{};

  // What its article is generated from: the primary keyword, else the first keyword, else the title.
  const std::string& subject() const;
};

// All the rules of the struct; every bad field at once.
Result<void> check(const WritingTask& task);

// Tasks of an account, or of one project or cluster in it.
struct TaskBrowse {
  std::optional<ProjectId> project{};
  std::optional<ClusterId> cluster{};
  std::optional<TaskStatus> status{};
  std::optional<ContentType> type{};
  std::optional<ContentStructure> structure{};
  std::string search{};  // a part of the title, without regard to case; empty: all
  SortField order = SortField::created_at;
  bool descending = true;
  NumberedPage page{};
};

class WritingTasks {
 public:
  virtual ~WritingTasks() = default;

  virtual Result<WritingTask> find(const AccountId& account, const WritingTaskId& id) const = 0;
  // The newest whose article it is.
  virtual Result<std::optional<WritingTask>> find_by_article(const AccountId& account,
                                                             const ArticleId& article) const = 0;
  virtual Result<Counted<WritingTask>> browse(const AccountId& account, const TaskBrowse& wanted) const = 0;
  // All of a project in the order of creation, at most max behind the place after, which is 0 at first.
  virtual Result<Chunk<WritingTask>> scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                                          int max) const = 0;
  virtual Result<void> insert(const WritingTask& task) = 0;
  virtual Result<void> update(const WritingTask& task) = 0;
  virtual Result<void> remove(const AccountId& account, const WritingTaskId& id) = 0;
  // The tasks whose article it is, and with the last of its tasks the idea behind them: completed ideas are those whose
  // task is.
  virtual Result<void> follow(const AccountId& account, const ArticleId& article, TaskStatus status, Time now) = 0;
};

}  // namespace galley
