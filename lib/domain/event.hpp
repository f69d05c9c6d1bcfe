// Events: what happened, with a snapshot of the noun as it was then, written in the transaction of the change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/variant.hpp"
#include "domain/article.hpp"
#include "domain/identity.hpp"
#include "domain/project.hpp"

namespace galley {

enum class EventType : std::uint8_t {
  article_created,
  article_generated,
  article_scheduled,
  article_published,
  article_updated,
  article_unpublished,
  article_failed,
  article_deleted,
  job_completed,
  keyword_clustered,
  connection_failed,
  webhook_test,
};

template <>
struct Names<EventType> {
  static constexpr NameOf<EventType> all[] = {
      {EventType::article_created, "article.created"},     {EventType::article_generated, "article.generated"},
      {EventType::article_scheduled, "article.scheduled"}, {EventType::article_published, "article.published"},
      {EventType::article_updated, "article.updated"},     {EventType::article_unpublished, "article.unpublished"},
      {EventType::article_failed, "article.failed"},       {EventType::article_deleted, "article.deleted"},
      {EventType::job_completed, "job.completed"},         {EventType::keyword_clustered, "keyword.clustered"},
      {EventType::connection_failed, "connection.failed"}, {EventType::webhook_test, "webhook.test"}};
};

// The article and what its bodies say of its project, as they were. The text is Markdown alone; HTML, excerpt and
// JSON-LD are derived when a body is made, and are the same each time.
struct ArticleSnapshot {
  ArticleId id;
  ArticleText text{};
  std::string slug;
  ArticleStatus status = ArticleStatus::draft;
  std::string keyword;
  std::vector<std::string> categories{};
  std::vector<std::string> tags{};
  std::string author_name;
  std::string url;  // empty: none
  std::string canonical_url;
  std::string featured_image_url;
  std::optional<Time> published_at{};
  std::optional<Time> last_updated_at{};
  std::int64_t word_count = 0;
  std::string project_name;
  std::string project_domain;
  std::string language;
  std::optional<ArticleError> error{};

  bool operator==(const ArticleSnapshot&) const = default;
};
struct JobSnapshot {
  JobId id;
  std::string kind;    // generate, publish, cluster
  std::string status;  // succeeded, failed, cancelled
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;

  bool operator==(const JobSnapshot&) const = default;
};
struct ConnectionSnapshot {
  ConnectionId id;
  std::string name;
  std::string type;
  std::string error;

  bool operator==(const ConnectionSnapshot&) const = default;
};
// In its new cluster.
struct KeywordSnapshot {
  KeywordId id;
  std::string keyword;
  std::string intent;  // empty: not known
  ClusterId cluster;
  std::string cluster_name;

  bool operator==(const KeywordSnapshot&) const = default;
};
struct TestSnapshot {
  std::string message;

  bool operator==(const TestSnapshot&) const = default;
};
using Snapshot = Variant<ArticleSnapshot, JobSnapshot, KeywordSnapshot, ConnectionSnapshot, TestSnapshot>;

ArticleSnapshot snapshot_of(const Project& project, const Article& article);

// How a snapshot is kept: compact JSON. decode_snapshot is the inverse for texts that encode_snapshot made.
std::string encode_snapshot(const Snapshot& snapshot);
Result<Snapshot> decode_snapshot(std::string_view text);

struct Event {
  EventId id;
  AccountId account;
  ProjectId project;
  EventType type = EventType::webhook_test;
  std::optional<ArticleId> article{};
  Snapshot snapshot{};
  Time created_at{};
};

// Where a walk through events is: behind the one of that time and row.
struct EventPlace {
  Time created_at{};
  std::int64_t row = 0;
};
// An event without what it carries.
struct EventMark {
  EventId id;
  EventType type = EventType::webhook_test;
  std::optional<ArticleId> article{};
  EventPlace place{};
};

class Events {
 public:
  virtual ~Events() = default;

  // Those of the project behind the place that happened before until and can still be sent; oldest first, at most max.
  virtual Result<std::vector<EventMark>> walk(const AccountId& account, const ProjectId& project,
                                              const EventPlace& after, Time until, int max) const = 0;

  // Those of the project behind the row, in the order in which they were committed; at most max.
  virtual Result<std::vector<EventMark>> behind(const AccountId& account, const ProjectId& project, std::int64_t row,
                                                int max) const = 0;
  // The project's last row; 0 where it has none.
  virtual Result<std::int64_t> last_row(const AccountId& account, const ProjectId& project) const = 0;
  // The row behind which everything is that happened since; the last one where nothing did.
  virtual Result<std::int64_t> row_before(const AccountId& account, const ProjectId& project, Time since) const = 0;
  // The last one of the project up to the row; nothing where there is none.
  virtual Result<std::optional<EventId>> last_until(const AccountId& account, const ProjectId& project,
                                                    std::int64_t row) const = 0;
  // Nothing where the project has no such event, or not any more.
  virtual Result<std::optional<std::int64_t>> row_of(const AccountId& account, const ProjectId& project,
                                                     const EventId& id) const = 0;

  virtual Result<Event> find(const AccountId& account, const EventId& id) const = 0;
  // Whether it can still be sent: its snapshot goes when it is old. False for one that is not there any more.
  virtual Result<bool> has_payload(const AccountId& account, const EventId& id) const = 0;
  virtual Result<void> insert(const Event& event) = 0;
};

}  // namespace galley
