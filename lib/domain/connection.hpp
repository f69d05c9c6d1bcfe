// Connections to the customer's CMS, and the publications made through them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"

namespace galley {

// One for each connector that the program holds.
enum class ConnectionType : std::uint8_t { webhook };
enum class ConnectionStatus : std::uint8_t { connected, error, checking };
// What is on the CMS: nothing yet, a draft, the public post, nothing any more; or the last try failed.
enum class PublicationStatus : std::uint8_t { pending, draft, live, removed, failed };

template <>
struct Names<ConnectionType> {
  static constexpr NameOf<ConnectionType> all[] = {{ConnectionType::webhook, "webhook"}};
};
template <>
struct Names<ConnectionStatus> {
  static constexpr NameOf<ConnectionStatus> all[] = {{ConnectionStatus::connected, "connected"},
                                                     {ConnectionStatus::error, "error"},
                                                     {ConnectionStatus::checking, "checking"}};
};
template <>
struct Names<PublicationStatus> {
  static constexpr NameOf<PublicationStatus> all[] = {{PublicationStatus::pending, "pending"},
                                                      {PublicationStatus::draft, "draft"},
                                                      {PublicationStatus::live, "live"},
                                                      {PublicationStatus::removed, "removed"},
                                                      {PublicationStatus::failed, "failed"}};
};

struct Connection {
  ConnectionId id;
  AccountId account;
  ProjectId project;
  std::string name;
  ConnectionType type = ConnectionType::webhook;
  json::Value settings{json::Object{}};  // an object; its members are the connector's (CmsConnector::validate)
  std::vector<std::string> default_categories{};
  std::vector<std::string> default_tags{};
  ConnectionStatus status = ConnectionStatus::checking;
  std::optional<std::string> last_error{};
  std::optional<Time> last_used_at{};
  std::string credentials_hint;  // "•••abcd", empty where the connection has none of its own
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
};

struct Publication {
  PublicationId id;
  AccountId account;
  ProjectId project;
  ArticleId article;
  std::optional<ConnectionId> connection{};  // nothing: published natively
  PublicationStatus status = PublicationStatus::pending;
  std::optional<std::string> external_id{};
  std::optional<std::string> external_url{};
  std::optional<std::string> last_error{};
  int attempts = 0;
  std::optional<Time> published_at{};
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
};

class Connections {
 public:
  virtual ~Connections() = default;

  virtual Result<Connection> find(const AccountId& account, const ConnectionId& id) const = 0;
  // What the connector needs to sign in with: JSON text of its own form, or empty.
  virtual Result<Secret> credentials(const AccountId& account, const ConnectionId& id) const = 0;
  virtual Result<Page<Connection>> list(const AccountId& account, const ProjectId& project,
                                        const PageRequest& page) const = 0;
  virtual Result<void> insert(const Connection& connection, const Secret& credentials) = 0;
  virtual Result<void> update(const Connection& connection) = 0;
  virtual Result<void> set_credentials(const AccountId& account, const ConnectionId& id, const Secret& credentials) = 0;
  virtual Result<void> remove(const AccountId& account, const ConnectionId& id) = 0;
};

struct PublicationFilter {
  std::vector<PublicationStatus> statuses{};
  std::optional<ProjectId> project{};
  std::optional<ConnectionId> connection{};
};

class Publications {
 public:
  virtual ~Publications() = default;

  virtual Result<Publication> find(const AccountId& account, const PublicationId& id) const = 0;
  // At most one for each article and connection (nothing: the native one).
  virtual Result<std::optional<Publication>> find_for(const AccountId& account, const ArticleId& article,
                                                      const std::optional<ConnectionId>& connection) const = 0;
  virtual Result<std::vector<Publication>> of_article(const AccountId& account, const ArticleId& article) const = 0;
  virtual Result<Page<Publication>> list(const AccountId& account, const PublicationFilter& filter,
                                         const PageRequest& page) const = 0;
  virtual Result<void> insert(const Publication& publication) = 0;
  virtual Result<void> update(const Publication& publication) = 0;
};

}  // namespace galley
