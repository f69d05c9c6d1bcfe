#include "storage/browsing.hpp"

#include "storage/keyword_row.hpp"

namespace galley::storage {

const std::optional<ClusterId>& Wanted::no_cluster() {
  static const std::optional<ClusterId> none;
  return none;
}

Wanted::Wanted(const AccountId& account, const std::optional<ProjectId>& project,
               const std::optional<ClusterId>& cluster)
    : where_("account_id = $account") {
  binders_.push_back([&account](Query& query) { query.bind("account", account); });
  if (cluster)
    where_ = "cluster_id = $cluster AND (account_id || '') = $account";
  else if (project)
    where_ = "project_id = $project AND (account_id || '') = $account";
  if (cluster && project) where_ += " AND (project_id || '') = $project";
  if (cluster) binders_.push_back([&cluster](Query& query) { query.bind("cluster", *cluster); });
  if (project) binders_.push_back([&project](Query& query) { query.bind("project", *project); });
  whole_account_ = !cluster && !project;
}

Wanted& Wanted::narrow(std::string_view condition) {
  where_.append(" AND ").append(condition);
  whole_account_ = false;
  return *this;
}

Wanted& Wanted::containing(std::string_view column, const std::string& folded_search) {
  if (folded_search.empty()) return *this;
  narrow(std::string(column) + " LIKE $search ESCAPE '\\'");
  binders_.push_back([pattern = storage::containing(folded_search)](Query& query) { query.bind("search", pattern); });
  return *this;
}

void Wanted::bind(Query& query) const {
  for (const std::function<void(Query&)>& binder : binders_)
    binder(query);
}

}  // namespace galley::storage
