// The port to a customer's CMS: turns one article into one remote post and keeps it so.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "domain/connection.hpp"
#include "domain/event.hpp"
#include "domain/project.hpp"

namespace galley {

struct ConnectorError {
  Error error;             // connection_rejected, timed_out, unavailable: in the CMS's own words where it has some
  bool transient = false;  // worth trying again
  std::optional<std::chrono::seconds> retry_after{};
  bool connection_is_broken = false;  // 401, 403, 410: the connection itself is to be marked
};
[[noreturn]] void throw_exception_from_error(const ConnectorError& error, const boost::source_location& where);

template <class T = void>
using ConnectorResult = boost::system::result<T, ConnectorError>;

// What to send where. A value, so that a coroutine may keep it.
struct ConnectorTarget {
  Connection connection;
  Secret credentials{};                        // as Connections::credentials gave them
  Projects::WebhookSecrets project_secrets{};  // for connectors that sign
};

struct PublishOrder {
  ArticleSnapshot article;                             // as it is to be seen
  PublicationStatus wanted = PublicationStatus::live;  // live or draft
  std::optional<std::string> external_id{};            // of the earlier post
  EventId message;                                     // the same on every try of this publication
  int attempt = 1;
};

struct RemotePost {
  std::optional<std::string> external_id{};
  std::optional<std::string> external_url{};
};

class CmsConnector {
 public:
  virtual ~CmsConnector() = default;
  virtual ConnectionType type() const = 0;

  // Settings and credentials (members of a JSON object each) as they will be stored, defaults filled in;
  // validation_failed naming "settings.<name>" or "credentials.<name>".
  struct Accepted {
    json::Value settings;
    Secret credentials;  // JSON text, or empty
    std::string hint;    // "•••abcd" or empty
  };
  virtual Result<Accepted> validate(const json::Value& settings, const json::Value& credentials) const = 0;

  // Who am I, what may I: no change is made on the CMS.
  virtual Task<ConnectorResult<>> verify(ConnectorTarget target) = 0;
  // Creates or updates.
  virtual Task<ConnectorResult<RemotePost>> publish(ConnectorTarget target, PublishOrder order) = 0;
  // Takes it from public view.
  virtual Task<ConnectorResult<>> unpublish(ConnectorTarget target, PublishOrder order) = 0;
};

}  // namespace galley
