// Projects: one site each, with its voice, its permalinks and its sitemap.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"

namespace galley {

// sitemaps.org 0.9
enum class ChangeFrequency : std::uint8_t { always, hourly, daily, weekly, monthly, yearly, never };

template <>
struct Names<ChangeFrequency> {
  static constexpr NameOf<ChangeFrequency> all[] = {
      {ChangeFrequency::always, "always"}, {ChangeFrequency::hourly, "hourly"},   {ChangeFrequency::daily, "daily"},
      {ChangeFrequency::weekly, "weekly"}, {ChangeFrequency::monthly, "monthly"}, {ChangeFrequency::yearly, "yearly"},
      {ChangeFrequency::never, "never"}};
};

struct SitemapSettings {
  ChangeFrequency changefreq = ChangeFrequency::monthly;
  double priority = 0.8;                  // 0.0 to 1.0
  std::optional<std::string> base_url{};  // where index entries point; else the server's public address
};

struct ProjectCounts {
  std::int64_t keywords = 0;
  std::map<std::string, std::int64_t> articles;  // by status; statuses without articles are absent
};

struct Project {
  ProjectId id;
  AccountId account;
  std::string name;
  std::optional<std::string> niche{};
  std::optional<std::string> target_domain{};  // "https://example.com", no trailing slash
  std::string language = "en";                 // BCP 47
  std::string tone_of_voice = "Professional";
  std::optional<std::string> writing_style{};
  std::vector<std::string> avoid_words{};
  std::optional<std::string> author_name{};
  std::optional<ConnectionId> default_connection{};
  std::string permalink = "/{slug}";
  SitemapSettings sitemap{};
  std::int64_t version = 1;  // rises with every change; what If-Match compares
  Time created_at{};
  Time updated_at{};
};

// "example.com" and "https://example.com/" become "https://example.com". Paths are kept ("https://example.com/blog").
Result<std::string> normalize_target_domain(std::string_view text);
// A pattern of literal path characters and {slug} {year} {month} {day} {id}: begins with "/", names {slug} or {id}.
Result<void> check_permalink(std::string_view pattern);
// BCP 47, as far as its syntax: language, script, region, variants.
Result<void> check_language(std::string_view tag);
// All the rules of the struct that hold whatever the dialect; every bad field at once.
Result<void> check(const Project& project);

class Projects {
 public:
  virtual ~Projects() = default;

  virtual Result<Project> find(const AccountId& account, const ProjectId& id) const = 0;
  // For what is public: the sitemap and the feeds.
  virtual Result<Project> find_public(const ProjectId& id) const = 0;
  virtual Result<Page<Project>> list(const AccountId& account, const PageRequest& page,
                                     const std::optional<ProjectId>& only) const = 0;
  virtual Result<ProjectCounts> counts(const AccountId& account, const ProjectId& id) const = 0;
  virtual Result<std::int64_t> count(const AccountId& account) const = 0;
  virtual Result<void> insert(const Project& project, const Secret& webhook_secret) = 0;
  // Writes all columns; the caller has raised version.
  virtual Result<void> update(const Project& project) = 0;
  // With everything that belongs to it.
  virtual Result<void> remove(const AccountId& account, const ProjectId& id) = 0;

  struct WebhookSecrets {
    Secret current;
    std::optional<Secret> previous{};  // holds until previous_until
    Time previous_until{};
  };
  virtual Result<WebhookSecrets> webhook_secrets(const AccountId& account, const ProjectId& id) const = 0;
  virtual Result<void> set_webhook_secrets(const AccountId& account, const ProjectId& id,
                                           const WebhookSecrets& secrets) = 0;
};

}  // namespace galley
