// Keywords and clusters as a planner sees them: of the whole account, by whole numbers, with the names of what they
// belong to. What may be written, and how, is KeywordService's alone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/keyword.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/keyword_service.hpp"
#include "service/planned.hpp"

namespace galley::service {

// A list's filter, which names things by their numbers; what there is not matches nothing.
struct PlannerFilter {
  KeywordBrowse browse{};
  std::optional<std::int64_t> site{};
  std::optional<std::int64_t> cluster{};
};

// A keyword as a planner writes it.
struct PlannedDraft {
  KeywordDraft draft{};
  Planning planning = Planning::active;
  std::optional<std::int64_t> site{};  // absent: the account's first project
  std::optional<std::int64_t> cluster{};
};

// What a planner may change of a keyword.
struct PlannedChanges {
  std::string text;
  std::optional<std::int64_t> volume{};
  std::optional<int> difficulty{};
  std::optional<Intent> intent{};
  Planning planning = Planning::active;
  std::optional<std::int64_t> cluster{};
};

// What is changed of several keywords at once; what is absent stays.
struct BulkChanges {
  std::optional<Planning> planning{};
  std::optional<Intent> intent{};
  std::optional<std::int64_t> volume{};
  std::optional<int> difficulty{};
  std::optional<std::int64_t> cluster{};  // 0 takes them out of theirs

  bool empty() const { return !planning && !intent && !volume && !difficulty && !cluster; }
};

class PlannerService {
 public:
  PlannerService(const Context& context, const KeywordService& keywords) : context_(context), keywords_(keywords) {}

  Result<Counted<PlannedKeyword>> list(const Actor& actor, const PlannerFilter& filter) const;
  Result<PlannedKeyword> get(const Actor& actor, std::int64_t number) const;
  // conflict when the project has it already; validation_failed for a site or cluster that there is not.
  Task<Result<PlannedKeyword>> create(Actor actor, PlannedDraft draft) const;
  using Edit = std::function<Result<void>(PlannedChanges&)>;
  Task<Result<PlannedKeyword>> update(Actor actor, std::int64_t number, Edit edit) const;
  Task<Result<void>> remove(Actor actor, std::int64_t number) const;

  static constexpr std::size_t max_bulk = 1000;
  // All or none: validation_failed for one that there is not. How many they were.
  Task<Result<std::int64_t>> remove_many(Actor actor, std::vector<std::int64_t> numbers) const;
  Task<Result<std::int64_t>> update_many(Actor actor, std::vector<std::int64_t> numbers, BulkChanges changes) const;

  // The project behind a site's number, for the services that take one: site_of().
  Result<ProjectId> site(const Actor& actor, const std::optional<std::int64_t>& number) const;

  Result<Counted<PlannedCluster>> clusters(const Actor& actor, const std::optional<std::int64_t>& site,
                                           const NumberedPage& page) const;
  Result<PlannedCluster> cluster(const Actor& actor, std::int64_t number) const;
  Task<Result<PlannedCluster>> create_cluster(Actor actor, std::string name, std::optional<std::int64_t> site) const;
  Task<Result<PlannedCluster>> rename_cluster(Actor actor, std::int64_t number, std::string name) const;
  Task<Result<void>> remove_cluster(Actor actor, std::int64_t number) const;

 private:
  Result<KeywordId> id_of(const Actor& actor, std::int64_t number) const;
  Result<PlannedKeyword> planned(const Actor& actor, Keyword keyword) const;

  const Context& context_;
  const KeywordService& keywords_;
};

}  // namespace galley::service
