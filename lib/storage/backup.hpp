// Copies of a database that can be relied on: of one state, looked through after they were written, and under their
// name only when they are complete and on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "storage/migrator.hpp"
#include "storage/sqlite/sqlite_copy.hpp"

namespace galley::storage {

struct Backup {
  std::uintmax_t bytes = 0;
  std::int64_t articles = 0;
};

enum class IfThere : bool { refuse, replace };

// Copies the database into target (mode 0600). conflict, in words for the operator, where target is there and is not to
// be replaced, is no file, or is one of a data folder's own; not_found where there is no database; unavailable where
// there is no room. What was at target stays until the copy is complete.
Result<Backup> back_up(const std::filesystem::path& database, const std::filesystem::path& target, IfThere if_there,
                       const CopyPace& pace, std::span<const Migration> known = sqlite_migrations());

struct Verified {
  std::int64_t articles = 0;
  std::vector<std::string> pending{};  // schema changes that it does not have yet
};

// Looks through all of a database that nobody uses; a log beside it is folded in first. conflict, in words for the
// operator that call it name, where it is damaged, is none of Galley's or was written by a newer version.
Result<Verified> verify_database(const std::filesystem::path& file, const std::string& name,
                                 std::span<const Migration> known = sqlite_migrations());

// A file that goes with this, and what SQLite put beside it too, unless it was given another name before.
class Draft {
 public:
  explicit Draft(std::filesystem::path path) : path_(std::move(path)) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace galley::storage
