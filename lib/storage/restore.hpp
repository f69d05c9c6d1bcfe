// Puts a backup in the place of a data folder's database.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace galley::storage {

enum class SealedWithOtherKey : bool { refuse, accept };

struct Restored {
  std::int64_t articles = 0;
  std::vector<std::string> pending{};               // schema changes that the next start applies
  std::optional<std::filesystem::path> replaced{};  // where the database is that was there
  std::int64_t unreadable = 0;                      // sealed values that open with none of the folder's keys
};

// file is looked through first, and left as it is. The folder is made where it is not there. conflict, in words for the
// operator, where a process uses the folder, where file cannot be used, and where it holds secrets that the folder's
// keys (given, else its key file) do not open, unless that is accepted. Until it returns a value, and when it is
// killed, the database in the folder is the old one or the new one.
Result<Restored> restore(const std::filesystem::path& file, const std::filesystem::path& folder,
                         const std::optional<Secret>& given, Time now, SealedWithOtherKey other_key);

}  // namespace galley::storage
