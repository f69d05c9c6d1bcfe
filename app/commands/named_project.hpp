// A project as people name it at the command line.
#pragma once

#include <optional>
#include <string>

#include "app/backend.hpp"

namespace galley::app {

// By id or name; nothing where the account has none of that name.
Result<std::optional<Project>> find_project(Backend& backend, const AccountId& account, const std::string& named);

}  // namespace galley::app
