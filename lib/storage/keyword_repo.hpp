// The keyword matrix and its clusters, over SQL.
#pragma once

#include "domain/keyword.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class KeywordRepo final : public Keywords {
 public:
  // connection outlives this.
  explicit KeywordRepo(Connection& connection) : connection_(connection) {}

  Result<Keyword> find(const AccountId& account, const KeywordId& id) const override;
  Result<std::optional<Keyword>> find_by_text(const AccountId& account, const ProjectId& project,
                                              const std::string& text) const override;
  Result<Page<Keyword>> list(const AccountId& account, const ProjectId& project, const KeywordFilter& filter,
                             const PageRequest& page) const override;
  Result<std::vector<Keyword>> unclustered(const AccountId& account, const ProjectId& project, int max) const override;
  Result<std::vector<Keyword>> select(const AccountId& account, const ProjectId& project, const KeywordFilter& filter,
                                      int max) const override;
  Result<Chunk<Keyword>> scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                              int max) const override;
  Result<std::int64_t> count(const AccountId& account, const ProjectId& project) const override;
  Result<Counted<Keyword>> browse(const AccountId& account, const KeywordBrowse& wanted) const override;
  Result<void> insert(const Keyword& keyword) override;
  Result<void> update(const Keyword& keyword) override;
  Result<void> remove(const AccountId& account, const KeywordId& id) override;

  Result<Cluster> find_cluster(const AccountId& account, const ClusterId& id) const override;
  Result<std::optional<Cluster>> find_cluster_by_name(const AccountId& account, const ProjectId& project,
                                                      const std::string& name) const override;
  Result<std::vector<Cluster>> clusters(const AccountId& account, const ProjectId& project) const override;
  Result<Counted<ClusterSummary>> browse_clusters(const AccountId& account, const std::optional<ProjectId>& project,
                                                  const NumberedPage& page) const override;
  Result<ClusterSummary> summary(const AccountId& account, const ClusterId& id) const override;
  Result<void> insert_cluster(const Cluster& cluster) override;
  Result<void> rename_cluster(const AccountId& account, const ClusterId& id, const std::string& name) override;
  Result<void> remove_cluster(const AccountId& account, const ClusterId& id) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
