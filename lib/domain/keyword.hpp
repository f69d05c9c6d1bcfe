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
  // What generation takes when nothing is named: highest priority, then highest volume, then oldest.
  virtual Result<std::vector<Keyword>> select(const AccountId& account, const ProjectId& project,
                                              const KeywordFilter& filter, int max) const = 0;
  // All of a project in the order of creation, at most max behind row number after; rows carries their numbers.
  struct Chunk {
    std::vector<Keyword> rows;
    std::optional<std::int64_t> next{};
  };
  virtual Result<Chunk> scan(const AccountId& account, const ProjectId& project, std::int64_t after, int max) const = 0;
  virtual Result<std::int64_t> count(const AccountId& account, const ProjectId& project) const = 0;
  // conflict when the project has the keyword already.
  virtual Result<void> insert(const Keyword& keyword) = 0;
  virtual Result<void> update(const Keyword& keyword) = 0;
  virtual Result<void> remove(const AccountId& account, const KeywordId& id) = 0;

  virtual Result<Cluster> find_cluster(const AccountId& account, const ClusterId& id) const = 0;
  virtual Result<std::optional<Cluster>> find_cluster_by_name(const AccountId& account, const ProjectId& project,
                                                              const std::string& name) const = 0;
  virtual Result<std::vector<Cluster>> clusters(const AccountId& account, const ProjectId& project) const = 0;
  virtual Result<void> insert_cluster(const Cluster& cluster) = 0;
};

}  // namespace galley
