// The keyword matrix of a project, and its clusters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"

namespace galley {

enum class Intent : std::uint8_t { informational, commercial, transactional, navigational };
enum class Priority : std::uint8_t { high, medium, low };
enum class KeywordStatus : std::uint8_t { not_generated, queued, generated, published };
// What people plan with it. An archived one is kept, and generation does not take it by itself.
enum class Planning : std::uint8_t { active, pending, archived };

template <>
struct Names<Intent> {
  static constexpr NameOf<Intent> all[] = {{Intent::informational, "informational"},
                                           {Intent::commercial, "commercial"},
                                           {Intent::transactional, "transactional"},
                                           {Intent::navigational, "navigational"}};
};
template <>
struct Names<Priority> {
  static constexpr NameOf<Priority> all[] = {
      {Priority::high, "high"}, {Priority::medium, "medium"}, {Priority::low, "low"}};
};
template <>
struct Names<KeywordStatus> {
  static constexpr NameOf<KeywordStatus> all[] = {{KeywordStatus::not_generated, "notGenerated"},
                                                  {KeywordStatus::queued, "queued"},
                                                  {KeywordStatus::generated, "generated"},
                                                  {KeywordStatus::published, "published"}};
};
template <>
struct Names<Planning> {
  static constexpr NameOf<Planning> all[] = {
      {Planning::active, "active"}, {Planning::pending, "pending"}, {Planning::archived, "archived"}};
};

struct Keyword {
  static constexpr std::size_t max_length = 200;  // code points
  static constexpr std::int64_t max_volume = 1'000'000'000;

  KeywordId id;
  AccountId account;
  ProjectId project;
  std::string text;
  std::optional<std::int64_t> volume{};  // searches a month
  std::optional<int> difficulty{};       // 0 to 100
  std::optional<Intent> intent{};
  Priority priority = Priority::medium;
  std::optional<ClusterId> cluster{};
  KeywordStatus status = KeywordStatus::not_generated;
  std::optional<ArticleId> article{};  // the newest one made from it
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
  Planning planning = Planning::active;
};

struct Cluster {
  ClusterId id;
  AccountId account;
  ProjectId project;
  std::string name;  // unique in the project after folding
  Time created_at{};
};

// All the rules of the struct; every bad field at once.
Result<void> check(const Keyword& keyword);

struct KeywordFilter {
  std::vector<KeywordStatus> statuses{};
  std::optional<Priority> priority{};
  std::optional<Intent> intent{};
  std::optional<ClusterId> cluster{};
  std::string search{};  // a part of the keyword, folded; empty: all
};

// Keywords of an account, or of one project or cluster in it.
struct KeywordBrowse {
  enum class Order : std::uint8_t { created_at, volume, difficulty, text };

  std::optional<ProjectId> project{};
  std::optional<ClusterId> cluster{};
  std::optional<Planning> planning{};
  std::optional<Intent> intent{};
  std::optional<int> difficulty_min{};
  std::optional<int> difficulty_max{};
  std::optional<std::int64_t> volume_min{};
  std::optional<std::int64_t> volume_max{};
  std::string search{};  // a part of the keyword, folded; empty: all
  Order order = Order::created_at;
  bool descending = true;
  NumberedPage page{};
};
// A cluster and what is in it.
struct ClusterSummary {
  Cluster cluster;
  std::int64_t keywords = 0;
  std::int64_t volume = 0;  // of all of them
};

class Keywords {
 public:
  virtual ~Keywords() = default;

  virtual Result<Keyword> find(const AccountId& account, const KeywordId& id) const = 0;
  // By fold_text(text).
  virtual Result<std::optional<Keyword>> find_by_text(const AccountId& account, const ProjectId& project,
                                                      const std::string& text) const = 0;
  // SortField::title sorts by the keyword's text.
  virtual Result<Page<Keyword>> list(const AccountId& account, const ProjectId& project, const KeywordFilter& filter,
                                     const PageRequest& page) const = 0;
  // Of a project, in no cluster and not archived: highest volume first, then oldest; at most max.
  virtual Result<std::vector<Keyword>> unclustered(const AccountId& account, const ProjectId& project,
                                                   int max) const = 0;
  // What generation takes when nothing is named: highest priority, then highest volume, then oldest.
  virtual Result<std::vector<Keyword>> select(const AccountId& account, const ProjectId& project,
                                              const KeywordFilter& filter, int max) const = 0;
  // All of a project in the order of creation, at most max behind the place after, which is 0 at first.
  virtual Result<Chunk<Keyword>> scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                                      int max) const = 0;
  virtual Result<std::int64_t> count(const AccountId& account, const ProjectId& project) const = 0;
  virtual Result<Counted<Keyword>> browse(const AccountId& account, const KeywordBrowse& wanted) const = 0;
  // conflict when the project has the keyword already.
  virtual Result<void> insert(const Keyword& keyword) = 0;
  virtual Result<void> update(const Keyword& keyword) = 0;
  virtual Result<void> remove(const AccountId& account, const KeywordId& id) = 0;

  virtual Result<Cluster> find_cluster(const AccountId& account, const ClusterId& id) const = 0;
  virtual Result<std::optional<Cluster>> find_cluster_by_name(const AccountId& account, const ProjectId& project,
                                                              const std::string& name) const = 0;
  virtual Result<std::vector<Cluster>> clusters(const AccountId& account, const ProjectId& project) const = 0;
  // Newest first, of one project or of all.
  virtual Result<Counted<ClusterSummary>> browse_clusters(const AccountId& account,
                                                          const std::optional<ProjectId>& project,
                                                          const NumberedPage& page) const = 0;
  virtual Result<ClusterSummary> summary(const AccountId& account, const ClusterId& id) const = 0;
  // conflict when the project has one of that name.
  virtual Result<void> insert_cluster(const Cluster& cluster) = 0;
  virtual Result<void> rename_cluster(const AccountId& account, const ClusterId& id, const std::string& name) = 0;
  // Its keywords stay, in no cluster.
  virtual Result<void> remove_cluster(const AccountId& account, const ClusterId& id) = 0;
};

}  // namespace galley
