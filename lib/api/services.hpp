// The use cases that handlers call. All outlive the API.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/task.hpp"

namespace galley {
class Clock;
class IdSource;
}  // namespace galley

namespace galley::service {
class AccountService;
class ArticleService;
class AuditService;
class BillingService;
class ClusteringService;
class ConnectionService;
class ContentService;
class EventService;
class GenerationService;
class IdeaService;
class Idempotency;
class JobService;
class KeyService;
class KeywordService;
class PlannerService;
class PreferenceService;
class ProjectService;
class PublishingService;
class SessionService;
class SitemapService;
class StatusService;
class TaskService;
class UserService;
class WebhookService;
}  // namespace galley::service

namespace galley::api::pages {
class PageFiles;
}

namespace galley::api {

class Health;

// A text that is served as it is, to anybody, until the process ends.
class Document {
 public:
  Document() = default;
  // Not explicit: whoever makes the text need not know that it gets an ETag.
  Document(std::shared_ptr<const std::string> text);

  // Null where there is none. Owners: this, and the answers that are leaving.
  const std::shared_ptr<const std::string>& text() const { return text_; }
  const std::string& etag() const { return etag_; }

 private:
  std::shared_ptr<const std::string> text_{};
  std::string etag_{};
};

// What the server tells of itself.
struct Documents {
  std::string version{};                        // of the program
  Document openapi{};                           // JSON
  std::function<void(std::string&)> metrics{};  // appends Prometheus' text format; thread-safe
};

struct Services {
  const service::AccountService& accounts;
  const service::ArticleService& articles;
  const service::AuditService& audits;
  const service::BillingService& billing;
  const service::ClusteringService& clustering;
  const service::ConnectionService& connections;
  const service::ContentService& content;
  const service::EventService& events;
  const service::GenerationService& generation;
  const service::IdeaService& ideas;
  const service::Idempotency& idempotency;
  const service::JobService& jobs;
  const service::KeyService& keys;
  const service::KeywordService& keywords;
  const pages::PageFiles& pages;
  const service::PlannerService& planner;
  const service::PreferenceService& preferences;
  const service::ProjectService& projects;
  const service::PublishingService& publishing;
  const service::SessionService& sessions;
  service::SitemapService& sitemaps;
  const service::StatusService& status;
  const service::TaskService& tasks;
  const service::UserService& users;
  const service::WebhookService& webhooks;
  const Health& health;
  const Documents& documents;
  const Clock& clock;
};

// Whether the server can do its work: asked by the probe.
class Health {
 public:
  virtual ~Health() = default;
  // The database takes writes and the server is not draining.
  virtual Task<bool> ready() const = 0;
};

}  // namespace galley::api
