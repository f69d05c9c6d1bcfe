#include "storage/writing_task_repo.hpp"

#include "base/unicode.hpp"
#include "storage/browsing.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view task_columns =
    "id, account_id, project_id, title, description, keywords, cluster_id, idea_id, content_type, content_structure, "
    "status, word_count, primary_keyword, secondary_keywords, tags, categories, article_id, created_at, updated_at";

WritingTask read_task(const Row& row) {
  WritingTask task;
  row.into(task.id, task.account, task.project, task.title, task.description, task.keywords, task.cluster, task.idea,
           task.type, task.structure, task.status, task.word_count, task.primary_keyword, task.secondary_keywords,
           task.tags, task.categories, task.article, task.created_at, task.updated_at);
  return task;
}

void bind_changeable(Query& query, const WritingTask& task) {
  query.bind("id", task.id).bind("account", task.account).bind("title", task.title);
  query.bind("folded", fold_text(task.title)).bind("description", task.description).bind("keywords", task.keywords);
  query.bind("cluster", task.cluster).bind("idea", task.idea).bind("type", task.type);
  query.bind("structure", task.structure).bind("status", task.status).bind("word_count", task.word_count);
  query.bind("primary_keyword", task.primary_keyword).bind("secondary_keywords", task.secondary_keywords);
  query.bind("tags", task.tags).bind("categories", task.categories).bind("article", task.article);
  query.bind("updated_at", task.updated_at);
}

std::string select_where(std::string_view condition) {
  return "SELECT " + std::string(task_columns) + " FROM writing_tasks WHERE " + std::string(condition);
}

}  // namespace

Result<WritingTask> WritingTaskRepo::find(const AccountId& account, const WritingTaskId& id) const {
  Query query = connection_.query(select_where("id = $id AND account_id = $account"));
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step()))
    return not_found(WritingTaskTag::noun, id.text());
  return read_task(query.row());
}

Result<std::optional<WritingTask>> WritingTaskRepo::find_by_article(const AccountId& account,
                                                                    const ArticleId& article) const {
  Query query = connection_.query(
      select_where("article_id = $article AND (account_id || '') = $account ORDER BY row DESC LIMIT 1"));
  if (!GALLEY_TRY(query.bind("article", article).bind("account", account).step())) return std::optional<WritingTask>();
  return std::optional(read_task(query.row()));
}

Result<Counted<WritingTask>> WritingTaskRepo::browse(const AccountId& account, const TaskBrowse& wanted) const {
  Wanted rows(account, wanted.project, wanted.cluster);
  rows.with("status = $status", "status", wanted.status).with("content_type = $type", "type", wanted.type);
  rows.with("content_structure = $structure", "structure", wanted.structure);
  rows.containing("folded", fold_text(wanted.search));
  const BrowseSql list{.columns = std::string(task_columns),
                       .table = "writing_tasks",
                       .order = std::string(to_text(wanted.order)) + (wanted.descending ? " DESC" : "")};
  return browse_rows<WritingTask>(connection_, list, rows, wanted.page, read_task);
}

Result<Chunk<WritingTask>> WritingTaskRepo::scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                                                 int max) const {
  return scan_rows<WritingTask>(connection_, task_columns, "writing_tasks", {account, project, after, max}, read_task);
}

Result<void> WritingTaskRepo::insert(const WritingTask& task) {
  Query query = connection_.query(
      "INSERT INTO writing_tasks (id, account_id, project_id, title, folded, description, keywords, cluster_id, "
      "idea_id, content_type, content_structure, status, word_count, primary_keyword, secondary_keywords, tags, "
      "categories, article_id, created_at, updated_at) VALUES ($id, $account, $project, $title, $folded, "
      "$description, $keywords, $cluster, $idea, $type, $structure, $status, $word_count, $primary_keyword, "
      "$secondary_keywords, $tags, $categories, $article, $created_at, $updated_at)");
  bind_changeable(query, task);
  GALLEY_TRY(query.bind("project", task.project).bind("created_at", task.created_at).run());
  return {};
}

Result<void> WritingTaskRepo::update(const WritingTask& task) {
  Query query = connection_.query(
      "UPDATE writing_tasks SET title = $title, folded = $folded, description = $description, keywords = $keywords, "
      "cluster_id = $cluster, idea_id = $idea, content_type = $type, content_structure = $structure, "
      "status = $status, word_count = $word_count, primary_keyword = $primary_keyword, "
      "secondary_keywords = $secondary_keywords, tags = $tags, categories = $categories, article_id = $article, "
      "updated_at = $updated_at WHERE id = $id AND account_id = $account");
  bind_changeable(query, task);
  GALLEY_TRY(query.run());
  return require_change(connection_, WritingTaskTag::noun, task.id.text());
}

Result<void> WritingTaskRepo::remove(const AccountId& account, const WritingTaskId& id) {
  Query query = connection_.query("DELETE FROM writing_tasks WHERE id = $id AND account_id = $account");
  GALLEY_TRY(query.bind("id", id).bind("account", account).run());
  return require_change(connection_, WritingTaskTag::noun, id.text());
}

Result<void> WritingTaskRepo::follow(const AccountId& account, const ArticleId& article, TaskStatus status, Time now) {
  Query query = connection_.query(
      "UPDATE writing_tasks SET status = $status, updated_at = $now "
      "WHERE article_id = $article AND (account_id || '') = $account AND status <> $status");
  query.bind("status", status).bind("now", now).bind("article", article).bind("account", account);
  GALLEY_TRY(query.run());
  if (connection_.changes() == 0) return {};
  Query ideas = connection_.query(
      "UPDATE ideas SET status = $status, updated_at = $now WHERE id IN "
      "(SELECT idea_id FROM writing_tasks WHERE article_id = $article AND idea_id IS NOT NULL) "
      "AND account_id = $account AND status <> $status");
  ideas.bind("status", status == TaskStatus::completed ? IdeaStatus::completed : IdeaStatus::queued);
  GALLEY_TRY(ideas.bind("now", now).bind("article", article).bind("account", account).run());
  return {};
}

}  // namespace galley::storage
