// The use cases that handlers call. All outlive the API.
#pragma once

namespace galley {
class Clock;
class IdSource;
}  // namespace galley

namespace galley::service {
class AccountService;
class ArticleService;
class ConnectionService;
class GenerationService;
class JobService;
class KeyService;
class KeywordService;
class ProjectService;
class PublishingService;
class SitemapService;
class WebhookService;
}  // namespace galley::service

namespace galley::api {

class Health;

struct Services {
  const service::AccountService& accounts;
  const service::ArticleService& articles;
  const service::ConnectionService& connections;
  const service::GenerationService& generation;
  const service::JobService& jobs;
  const service::KeyService& keys;
  const service::KeywordService& keywords;
  const service::ProjectService& projects;
  const service::PublishingService& publishing;
  service::SitemapService& sitemaps;
  const service::WebhookService& webhooks;
  const Health& health;
  const Clock& clock;
};

// Whether the server can do its work: asked by the probe.
class Health {
 public:
  virtual ~Health() = default;
  // The database takes writes and the server is not draining.
  virtual bool ready() const = 0;
};

}  // namespace galley::api
