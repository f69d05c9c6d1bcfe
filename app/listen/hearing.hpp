// galley listen: shows what happens in a project, and forwards it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/commands/command.hpp"
#include "app/listen/forwarder.hpp"
#include "app/listen/project_stream.hpp"

namespace galley::app {

// One event, and what became of it.
struct Heard {
  net::ServerSentEvent event;
  std::optional<net::SendResult> forwarded{};  // nothing where nobody asked for it

  // 2xx, where it was forwarded.
  bool taken() const;
};

// One line of text, or one JSON object with the event's body.
std::string line_of(const Heard& heard, bool json);

// The one project that key sees on server, where the caller named none; validation_failed for "project", naming those
// that it sees, where it is not one.
Task<Result<std::string>> only_project(net::HttpClient& client, std::string server, Secret key);

}  // namespace galley::app
