#include "service/planned.hpp"

namespace galley::service {

Result<std::string> PlannerView::name_of(const std::optional<ClusterId>& cluster) {
  if (!cluster) return std::string();
  std::string& name = names_[*cluster];
  if (name.empty()) name = GALLEY_TRY(transaction_.keywords().find_cluster(account_, *cluster)).name;
  return name;
}

Result<PlannedKeyword> PlannerView::of(Keyword keyword) {
  PlannedKeyword planned;
  planned.number = GALLEY_TRY(transaction_.accounts().number_of(account_, keyword.id));
  planned.site = GALLEY_TRY(sites_.of(keyword.project));
  planned.cluster = GALLEY_TRY(clusters_.of(keyword.cluster));
  planned.cluster_name = GALLEY_TRY(name_of(keyword.cluster));
  planned.keyword = std::move(keyword);
  return planned;
}

Result<PlannedCluster> PlannerView::of(ClusterSummary summary) {
  PlannedCluster planned;
  planned.number = GALLEY_TRY(clusters_.of(summary.cluster.id));
  planned.site = GALLEY_TRY(sites_.of(summary.cluster.project));
  planned.summary = std::move(summary);
  return planned;
}

Result<PlannedIdea> PlannerView::of(Idea idea) {
  PlannedIdea planned;
  planned.number = GALLEY_TRY(ideas_.of(idea.id));
  planned.site = GALLEY_TRY(sites_.of(idea.project));
  planned.cluster = GALLEY_TRY(clusters_.of(idea.cluster));
  planned.cluster_name = GALLEY_TRY(name_of(idea.cluster));
  planned.idea = std::move(idea);
  return planned;
}

Result<PlannedTask> PlannerView::of(WritingTask task) {
  PlannedTask planned;
  planned.number = GALLEY_TRY(transaction_.accounts().number_of(account_, task.id));
  planned.site = GALLEY_TRY(sites_.of(task.project));
  planned.cluster = GALLEY_TRY(clusters_.of(task.cluster));
  planned.idea = GALLEY_TRY(ideas_.of(task.idea));
  if (task.article) planned.content = GALLEY_TRY(transaction_.accounts().number_of(account_, *task.article));
  planned.task = std::move(task);
  return planned;
}

Result<PlannedContent> PlannerView::of(ArticleDetail detail) {
  PlannedContent planned;
  planned.number = GALLEY_TRY(transaction_.accounts().number_of(account_, detail.article.id));
  planned.site = GALLEY_TRY(sites_.of(detail.article.project));
  const auto task = GALLEY_TRY(transaction_.writing_tasks().find_by_article(account_, detail.article.id));
  if (task) planned.task = GALLEY_TRY(transaction_.accounts().number_of(account_, task->id));
  planned.detail = std::move(detail);
  return planned;
}

}  // namespace galley::service
