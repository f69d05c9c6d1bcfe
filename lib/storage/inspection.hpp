// What an operator's check wants to know of a data folder. Nothing is changed, also while a server uses the folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace galley::storage {

// The process that holds the folder's lock; nothing where none does.
std::optional<long> holder_of(const std::filesystem::path& folder);

// The schema changes that the folder's database does not have yet. Errors as of inspect().
Result<std::vector<std::string>> pending_changes(const std::filesystem::path& folder);

struct Inspection {
  std::vector<std::string> pending{};    // schema changes that are not applied yet
  std::optional<Time> last_migration{};  // when the newest one was applied
  std::vector<std::string> faults{};     // what PRAGMA quick_check says; empty for a sound database
};

// Takes time with the size of the database. not_found where the folder has none; conflict, in words for the operator,
// when it was written by a newer version.
Result<Inspection> inspect(const std::filesystem::path& folder);

}  // namespace galley::storage
