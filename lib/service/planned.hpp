// What the planner and writer API shows: rows with the whole numbers of all that they belong to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "domain/store.hpp"
#include "service/article_service.hpp"
#include "service/numbers.hpp"

namespace galley::service {

struct PlannedKeyword {
  Keyword keyword{};
  std::int64_t number = 0;
  std::int64_t site = 0;  // the project's
  std::optional<std::int64_t> cluster{};
  std::string cluster_name{};
};

struct PlannedCluster {
  ClusterSummary summary{};
  std::int64_t number = 0;
  std::int64_t site = 0;
};

struct PlannedIdea {
  Idea idea{};
  std::int64_t number = 0;
  std::int64_t site = 0;
  std::optional<std::int64_t> cluster{};
  std::string cluster_name{};
};

struct PlannedTask {
  WritingTask task{};
  std::int64_t number = 0;
  std::int64_t site = 0;
  std::optional<std::int64_t> cluster{};
  std::optional<std::int64_t> idea{};
  std::optional<std::int64_t> content{};  // the article's
};

struct PlannedContent {
  ArticleDetail detail{};
  std::int64_t number = 0;
  std::int64_t site = 0;
  std::optional<std::int64_t> task{};
};

// Finds the numbers; what several rows of a page share is looked for once.
class PlannerView {
 public:
  // Both outlive this.
  PlannerView(const Transaction& transaction, const AccountId& account)
      : transaction_(transaction),
        account_(account),
        sites_(transaction, account),
        clusters_(transaction, account),
        ideas_(transaction, account) {}

  Result<PlannedKeyword> of(Keyword keyword);
  Result<PlannedCluster> of(ClusterSummary summary);
  Result<PlannedIdea> of(Idea idea);
  Result<PlannedTask> of(WritingTask task);
  Result<PlannedContent> of(ArticleDetail detail);

 private:
  Result<std::string> name_of(const std::optional<ClusterId>& cluster);

  const Transaction& transaction_;
  const AccountId& account_;
  Numbers<ProjectTag> sites_;
  Numbers<ClusterTag> clusters_;
  Numbers<IdeaTag> ideas_;
  std::map<ClusterId, std::string> names_{};
};

// Each row as it is shown.
template <class Planned, class Row>
Result<Counted<Planned>> planned_rows(const Transaction& transaction, const AccountId& account, Counted<Row> found) {
  Counted<Planned> planned{.rows = {}, .total = found.total};
  PlannerView view(transaction, account);
  for (Row& row : found.rows)
    planned.rows.push_back(GALLEY_TRY(view.of(std::move(row))));
  return planned;
}

}  // namespace galley::service
