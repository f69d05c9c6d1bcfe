#include "service/numbers.hpp"

namespace galley::service {

Result<std::optional<ProjectId>> find_site(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  std::optional<ProjectId> project = GALLEY_TRY(look_up<ProjectTag>(transaction, actor.account, number));
  if (project && !actor.sees(*project)) project.reset();
  return project;
}

Result<SiteFilter> site_filter(const Transaction& transaction, const Actor& actor,
                               const std::optional<std::int64_t>& site) {
  if (!site) return SiteFilter{.project = actor.project};
  std::optional<ProjectId> project = GALLEY_TRY(find_site(transaction, actor, *site));
  const bool none = !project;
  return SiteFilter{.none = none, .project = std::move(project)};
}

Result<ProjectId> site_of(const Transaction& transaction, const Actor& actor, const std::optional<std::int64_t>& site) {
  if (site) {
    const std::optional<ProjectId> project = GALLEY_TRY(find_site(transaction, actor, *site));
    if (!project) return invalid("site_id", "is not the id of a site of this account");
    return *project;
  }
  if (actor.project) return *actor.project;
  const Settings settings = GALLEY_TRY(transaction.preferences().settings(actor.account));
  if (settings.default_site) return *settings.default_site;
  const PageRequest first{.size = 1, .sort = {.field = SortField::created_at, .descending = false}};
  const Page<Project> projects = GALLEY_TRY(transaction.projects().list(actor.account, first, std::nullopt));
  if (projects.rows.empty()) return invalid("site_id", "is required: the account has no site yet");
  return projects.rows.front().id;
}

Result<Cluster> find_cluster(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  const ClusterId id = GALLEY_TRY(id_of<ClusterTag>(transaction, actor.account, number));
  Cluster cluster = GALLEY_TRY(transaction.keywords().find_cluster(actor.account, id));
  GALLEY_TRY(require_sight(actor, cluster.project, ClusterTag::noun, std::to_string(number)));
  return cluster;
}

Result<Cluster> cluster_in(const Transaction& transaction, const Actor& actor, std::int64_t number, std::string field) {
  Result<Cluster> cluster = find_cluster(transaction, actor, number);
  if (cluster || cluster.error().code != ErrorCode::not_found) return cluster;
  return invalid(std::move(field), "is not the id of a cluster of this account");
}

}  // namespace galley::service
