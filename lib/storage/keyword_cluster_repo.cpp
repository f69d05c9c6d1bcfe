// The clusters of KeywordRepo.
#include "base/unicode.hpp"
#include "storage/browsing.hpp"
#include "storage/keyword_repo.hpp"

namespace galley::storage {
namespace {

Cluster read_cluster(const Row& row) {
  Cluster cluster;
  row.into(cluster.id, cluster.account, cluster.project, cluster.name, cluster.created_at);
  return cluster;
}

std::string select_where(std::string_view condition) {
  return "SELECT id, account_id, project_id, name, created_at FROM clusters WHERE " + std::string(condition);
}

Result<void> run_cluster(Query& query) {
  const SqlResult<void> done = query.run();
  if (done.has_value()) return {};
  if (done.error().violates("clusters_folded")) return conflict("The project has a cluster of this name already.");
  return Error(done.error());
}

}  // namespace

Result<Cluster> KeywordRepo::find_cluster(const AccountId& account, const ClusterId& id) const {
  Query query = connection_.query(select_where("id = $id AND account_id = $account"));
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step())) return not_found(ClusterTag::noun, id.text());
  return read_cluster(query.row());
}

Result<std::optional<Cluster>> KeywordRepo::find_cluster_by_name(const AccountId& account, const ProjectId& project,
                                                                 const std::string& name) const {
  Query query = connection_.query(select_where("project_id = $project AND folded = $folded AND account_id = $account"));
  query.bind("project", project).bind("folded", fold_text(name)).bind("account", account);
  std::optional<Cluster> cluster;
  if (GALLEY_TRY(query.step())) cluster = read_cluster(query.row());
  return cluster;
}

Result<std::vector<Cluster>> KeywordRepo::clusters(const AccountId& account, const ProjectId& project) const {
  Query query = connection_.query(select_where("project_id = $project AND account_id = $account ORDER BY row"));
  query.bind("project", project).bind("account", account);
  std::vector<Cluster> clusters;
  while (GALLEY_TRY(query.step()))
    clusters.push_back(read_cluster(query.row()));
  return clusters;
}

Result<void> KeywordRepo::insert_cluster(const Cluster& cluster) {
  Query query = connection_.query(
      "INSERT INTO clusters (id, account_id, project_id, name, folded, created_at) "
      "VALUES ($id, $account, $project, $name, $folded, $created_at)");
  query.bind("id", cluster.id).bind("account", cluster.account).bind("project", cluster.project);
  query.bind("name", cluster.name).bind("folded", fold_text(cluster.name)).bind("created_at", cluster.created_at);
  return run_cluster(query);
}

Result<void> KeywordRepo::rename_cluster(const AccountId& account, const ClusterId& id, const std::string& name) {
  Query query =
      connection_.query("UPDATE clusters SET name = $name, folded = $folded WHERE id = $id AND account_id = $account");
  query.bind("name", name).bind("folded", fold_text(name)).bind("id", id).bind("account", account);
  GALLEY_TRY(run_cluster(query));
  return require_change(connection_, ClusterTag::noun, id.text());
}

Result<void> KeywordRepo::remove_cluster(const AccountId& account, const ClusterId& id) {
  Query query = connection_.query("DELETE FROM clusters WHERE id = $id AND account_id = $account");
  GALLEY_TRY(query.bind("id", id).bind("account", account).run());
  return require_change(connection_, ClusterTag::noun, id.text());
}

Result<ClusterSummary> KeywordRepo::summary(const AccountId& account, const ClusterId& id) const {
  ClusterSummary summary{.cluster = GALLEY_TRY(find_cluster(account, id))};
  Query query =
      connection_.query("SELECT count(*), coalesce(sum(volume), 0) FROM keywords WHERE cluster_id = $cluster");
  GALLEY_TRY(query.bind("cluster", id).step());
  query.row().into(summary.keywords, summary.volume);
  return summary;
}

Result<Counted<ClusterSummary>> KeywordRepo::browse_clusters(const AccountId& account,
                                                             const std::optional<ProjectId>& project,
                                                             const NumberedPage& page) const {
  const Wanted wanted(account, project);
  const BrowseSql list{.columns = "id, account_id, project_id, name, created_at", .table = "clusters"};
  Counted<Cluster> clusters = GALLEY_TRY(browse_rows<Cluster>(connection_, list, wanted, page, read_cluster));
  Counted<ClusterSummary> found{.rows = {}, .total = clusters.total};
  for (const Cluster& cluster : clusters.rows)
    found.rows.push_back(GALLEY_TRY(summary(account, cluster.id)));
  return found;
}

}  // namespace galley::storage
