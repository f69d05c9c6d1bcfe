// Groups keywords of a project into clusters, at once or as a durable job.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/clusterer.hpp"
#include "domain/job.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/event_recorder.hpp"
#include "service/job_progress.hpp"

namespace galley::service {

// Keywords of one project.
struct ClusterSelection {
  static constexpr std::size_t most = 10'000;
  static constexpr std::size_t most_at_once = 500;  // beyond it takes too long to wait for

  ProjectId project;
  std::vector<KeywordId> keywords{};
};

struct FoundCluster {
  ClusterId cluster;
  std::int64_t number = 0;
  std::string name;
  std::vector<std::string> keywords{};
};
struct ClusterOutcome {
  std::int64_t clusters_created = 0;  // the others were there already
  std::int64_t keywords_updated = 0;
  std::int64_t credits_used = 0;
  std::vector<FoundCluster> clusters{};  // those that keywords were put into
};
// As it is kept in a job: compact JSON of internal names.
json::Value encode_outcome(const ClusterOutcome& outcome);
ClusterOutcome decode_outcome(const json::Value& value);

// What an item of the job carries.
std::vector<KeywordId> keywords_of(const JobItem& item);

class ClusteringService {
 public:
  // All outlive this.
  ClusteringService(const Context& context, const EventRecorder& events, const JobProgress& progress,
                    const Clusterer& clusterer)
      : context_(context), events_(events), progress_(progress), clusterer_(clusterer) {}

  // The keywords with these numbers, which are of one project; without numbers all of the site that are in no cluster
  // and not archived, at most ClusterSelection::most of them. validation_failed for numbers that are none or too many.
  Result<ClusterSelection> select(const Actor& actor, const std::vector<std::int64_t>& numbers,
                                  const std::optional<std::int64_t>& site) const;
  // The same within a project that is named, by ids; not_found for one that is not a keyword of it.
  Result<ClusterSelection> select_in(const Actor& actor, const ProjectId& project,
                                     const std::vector<KeywordId>& keywords) const;
  // quota_exceeded where the account has too few credits.
  Task<Result<ClusterOutcome>> cluster(Actor actor, ClusterSelection selection) const;
  Task<Result<Job>> cluster_later(Actor actor, ClusterSelection selection) const;

  // The steps of the work. What is gone by now is left out.
  Result<std::vector<Keyword>> read(const AccountId& account, const std::vector<KeywordId>& keywords) const;
  // May take seconds.
  Clusterer::Grouping group(const std::vector<Keyword>& keywords, const std::string& language) const;
  // In the caller's transaction.
  Result<ClusterOutcome> apply(Transaction& transaction, const AccountId& account, const ProjectId& project,
                               const std::vector<Keyword>& keywords, const Clusterer::Grouping& grouping) const;

 private:
  const Context& context_;
  const EventRecorder& events_;
  const JobProgress& progress_;
  const Clusterer& clusterer_;
};

// Who did it, for the log of credits: the grouping by words.
inline constexpr std::string_view lexical_model = "lexical";

}  // namespace galley::service
