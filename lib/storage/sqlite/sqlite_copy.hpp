// A copy of a database in one file, while others use it.
#pragma once

#include <filesystem>
#include <stop_token>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace galley::storage {

// How a copy leaves room for others.
struct CopyPace {
  const Clock* clock = nullptr;  // outlives the copy; null: nobody writes meanwhile, so at full speed and to the end
  Milliseconds longest = std::chrono::minutes(30);  // the log grows as long as the copy takes
  std::stop_token stop{};
};

// Copies what is committed in source at one instant into target, an empty file, which then is a database of one file
// and on the disk. Blocks the calling thread and no writer. unavailable where it took too long, was stopped or found no
// room; internal where source is no database.
Result<void> copy_database(const std::filesystem::path& source, const std::filesystem::path& target,
                           const CopyPace& pace);

// Brings what stands in the log of a database that nobody uses into its file, so that it is one file.
Result<void> fold_log(const std::filesystem::path& file);

}  // namespace galley::storage
