// A Transaction over a Connection: all repos, made once for a connection. Belongs to the connection's thread.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "domain/store.hpp"
#include "storage/account_repo.hpp"
#include "storage/api_key_repo.hpp"
#include "storage/article_repo.hpp"
#include "storage/audit_repo.hpp"
#include "storage/connection_repo.hpp"
#include "storage/credit_repo.hpp"
#include "storage/delivery_repo.hpp"
#include "storage/event_repo.hpp"
#include "storage/idea_repo.hpp"
#include "storage/idempotency_repo.hpp"
#include "storage/job_repo.hpp"
#include "storage/keyword_repo.hpp"
#include "storage/mail_repo.hpp"
#include "storage/preference_repo.hpp"
#include "storage/project_repo.hpp"
#include "storage/publication_repo.hpp"
#include "storage/retention_repo.hpp"
#include "storage/sealer.hpp"
#include "storage/session_repo.hpp"
#include "storage/sitemap_repo.hpp"
#include "storage/sql.hpp"
#include "storage/webhook_repo.hpp"
#include "storage/writing_task_repo.hpp"

namespace galley::storage {

class SqlTransaction final : public Transaction {
 public:
  // Both outlive this.
  SqlTransaction(Connection& connection, const Sealer& sealer);

  Accounts& accounts() override { return accounts_; }
  ApiKeys& api_keys() override { return api_keys_; }
  Sessions& sessions() override { return sessions_; }
  Mails& mails() override { return mails_; }
  Projects& projects() override { return projects_; }
  Keywords& keywords() override { return keywords_; }
  Ideas& ideas() override { return ideas_; }
  WritingTasks& writing_tasks() override { return writing_tasks_; }
  Articles& articles() override { return articles_; }
  Connections& connections() override { return connections_; }
  Publications& publications() override { return publications_; }
  Webhooks& webhooks() override { return webhooks_; }
  Deliveries& deliveries() override { return deliveries_; }
  Events& events() override { return events_; }
  Jobs& jobs() override { return jobs_; }
  SitemapPages& sitemap_pages() override { return sitemap_pages_; }
  Credits& credits() override { return credits_; }
  Preferences& preferences() override { return preferences_; }
  AuditTrail& audit_trail() override { return audit_trail_; }
  IdempotencyRecords& idempotency_records() override { return idempotency_records_; }
  Retention& retention() override { return retention_; }

  void announce(std::string_view topic) override;
  // What was announced since the last call, in order; each body of a batch has its own.
  std::vector<std::string> take_announcements();
  // Takes back those beyond the first count: of a part of a body that was undone.
  std::size_t count_announcements() const { return announcements_.size(); }
  void drop_announcements(std::size_t count) { announcements_.resize(std::min(count, announcements_.size())); }

 private:
  std::vector<std::string> announcements_{};
  AccountRepo accounts_;
  ApiKeyRepo api_keys_;
  SessionRepo sessions_;
  MailRepo mails_;
  ProjectRepo projects_;
  KeywordRepo keywords_;
  IdeaRepo ideas_;
  WritingTaskRepo writing_tasks_;
  ArticleRepo articles_;
  ConnectionRepo connections_;
  PublicationRepo publications_;
  WebhookRepo webhooks_;
  DeliveryRepo deliveries_;
  EventRepo events_;
  JobRepo jobs_;
  SitemapRepo sitemap_pages_;
  CreditRepo credits_;
  PreferenceRepo preferences_;
  AuditRepo audit_trail_;
  IdempotencyRepo idempotency_records_;
  RetentionRepo retention_;
};

}  // namespace galley::storage
