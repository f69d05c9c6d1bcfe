// The audit trail: who did what, when and from where. An entry is appended in the transaction of its change, and
// chained by its hash to the account's entry before: one that is changed or taken out later shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/names.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"

namespace galley {

enum class AuditAction : std::uint8_t {
  account_created,
  account_imported,
  plan_changed,
  user_created,
  user_changed,
  user_invited,
  user_removed,
  password_reset_asked,
  mail_failed,
  user_signed_in,
  user_signed_out,
  key_created,
  key_rotated,
  key_revoked,
  project_created,
  project_updated,
  project_deleted,
  project_secret_rotated,
  project_secret_confirmed,
  keyword_created,
  keyword_updated,
  keyword_deleted,
  keywords_imported,
  keywords_changed,
  keywords_deleted,
  keywords_clustered,
  cluster_created,
  cluster_updated,
  cluster_deleted,
  ideas_generated,
  idea_created,
  idea_updated,
  idea_deleted,
  idea_queued,
  task_created,
  task_updated,
  task_deleted,
  prompt_changed,
  settings_changed,
  article_created,
  articles_imported,
  article_updated,
  article_deleted,
  article_publishing,
  article_unpublishing,
  article_scheduled,
  article_unscheduled,
  article_retried,
  generation_queued,
  job_cancelled,
  connection_created,
  connection_updated,
  connection_deleted,
  connection_tested,
  webhook_created,
  webhook_updated,
  webhook_deleted,
  webhook_secret_rotated,
  webhook_secret_confirmed,
  webhook_tested,
  webhook_recovered,
  webhook_replayed,
  webhook_disabled,
  delivery_retried,
  delivery_failed,
};

template <>
struct Names<AuditAction> {
  static constexpr NameOf<AuditAction> all[] = {{AuditAction::account_created, "account.created"},
                                                {AuditAction::account_imported, "account.imported"},
                                                {AuditAction::plan_changed, "plan.changed"},
                                                {AuditAction::user_created, "user.created"},
                                                {AuditAction::user_changed, "user.changed"},
                                                {AuditAction::user_invited, "user.invited"},
                                                {AuditAction::user_removed, "user.removed"},
                                                {AuditAction::password_reset_asked, "user.password_reset_asked"},
                                                {AuditAction::mail_failed, "mail.failed"},
                                                {AuditAction::user_signed_in, "user.signed_in"},
                                                {AuditAction::user_signed_out, "user.signed_out"},
                                                {AuditAction::key_created, "key.created"},
                                                {AuditAction::key_rotated, "key.rotated"},
                                                {AuditAction::key_revoked, "key.revoked"},
                                                {AuditAction::project_created, "project.created"},
                                                {AuditAction::project_updated, "project.updated"},
                                                {AuditAction::project_deleted, "project.deleted"},
                                                {AuditAction::project_secret_rotated, "project.secret_rotated"},
                                                {AuditAction::project_secret_confirmed, "project.secret_confirmed"},
                                                {AuditAction::keyword_created, "keyword.created"},
                                                {AuditAction::keyword_updated, "keyword.updated"},
                                                {AuditAction::keyword_deleted, "keyword.deleted"},
                                                {AuditAction::keywords_imported, "keywords.imported"},
                                                {AuditAction::keywords_changed, "keywords.changed"},
                                                {AuditAction::keywords_deleted, "keywords.deleted"},
                                                {AuditAction::keywords_clustered, "keywords.clustered"},
                                                {AuditAction::cluster_created, "cluster.created"},
                                                {AuditAction::cluster_updated, "cluster.updated"},
                                                {AuditAction::cluster_deleted, "cluster.deleted"},
                                                {AuditAction::ideas_generated, "ideas.generated"},
                                                {AuditAction::idea_created, "idea.created"},
                                                {AuditAction::idea_updated, "idea.updated"},
                                                {AuditAction::idea_deleted, "idea.deleted"},
                                                {AuditAction::idea_queued, "idea.queued"},
                                                {AuditAction::task_created, "task.created"},
                                                {AuditAction::task_updated, "task.updated"},
                                                {AuditAction::task_deleted, "task.deleted"},
                                                {AuditAction::prompt_changed, "prompt.changed"},
                                                {AuditAction::settings_changed, "settings.changed"},
                                                {AuditAction::article_created, "article.created"},
                                                {AuditAction::articles_imported, "articles.imported"},
                                                {AuditAction::article_updated, "article.updated"},
                                                {AuditAction::article_deleted, "article.deleted"},
                                                {AuditAction::article_publishing, "article.publishing"},
                                                {AuditAction::article_unpublishing, "article.unpublishing"},
                                                {AuditAction::article_scheduled, "article.scheduled"},
                                                {AuditAction::article_unscheduled, "article.unscheduled"},
                                                {AuditAction::article_retried, "article.retried"},
                                                {AuditAction::generation_queued, "generation.queued"},
                                                {AuditAction::job_cancelled, "job.cancelled"},
                                                {AuditAction::connection_created, "connection.created"},
                                                {AuditAction::connection_updated, "connection.updated"},
                                                {AuditAction::connection_deleted, "connection.deleted"},
                                                {AuditAction::connection_tested, "connection.tested"},
                                                {AuditAction::webhook_created, "webhook.created"},
                                                {AuditAction::webhook_updated, "webhook.updated"},
                                                {AuditAction::webhook_deleted, "webhook.deleted"},
                                                {AuditAction::webhook_secret_rotated, "webhook.secret_rotated"},
                                                {AuditAction::webhook_secret_confirmed, "webhook.secret_confirmed"},
                                                {AuditAction::webhook_tested, "webhook.tested"},
                                                {AuditAction::webhook_recovered, "webhook.recovered"},
                                                {AuditAction::webhook_replayed, "webhook.replayed"},
                                                {AuditAction::webhook_disabled, "webhook.disabled"},
                                                {AuditAction::delivery_retried, "delivery.retried"},
                                                {AuditAction::delivery_failed, "delivery.failed"}};
};

struct AuditEntry {
  static constexpr std::size_t max_note = 300;  // code points

  AccountId account;
  std::int64_t number = 0;  // from 1 in the account, without gaps; given by the trail
  AuditAction action = AuditAction::article_created;
  std::optional<ProjectId> project{};
  std::string subject;    // public id of what was changed
  std::string note{};     // for people: a name, a count, a reason; never a secret
  std::string actor;      // "key key_…", "user usr_…", "operator", "dispatcher"
  std::string address{};  // the client's; empty where there is none
  std::string request_id{};
  Time created_at{};
  Digest previous{};  // the hash of the account's entry before; zeros for the first
  Digest hash{};      // of all of the above
};

// SHA-256 over previous and every field but hash, each with its length before it.
Digest hash_of(const AuditEntry& entry);

struct AuditFilter {
  std::optional<ProjectId> project{};
  std::optional<std::string> subject{};
  std::optional<Time> since{};
};

class AuditTrail {
 public:
  virtual ~AuditTrail() = default;

  // Gives number, previous and hash, and cuts the note to its bound.
  virtual Result<void> append(AuditEntry entry) = 0;
  // By SortField::created_at alone.
  virtual Result<Page<AuditEntry>> list(const AccountId& account, const AuditFilter& filter,
                                        const PageRequest& page) const = 0;
  // In the order of their numbers, behind number after, at most max.
  virtual Result<std::vector<AuditEntry>> chain(const AccountId& account, std::int64_t after, int max) const = 0;
};

}  // namespace galley
