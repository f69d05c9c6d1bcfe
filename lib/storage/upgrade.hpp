// Brings a data folder's database to this program's schema, with a way back: before anything is changed in a database
// that has content, a verified copy is made beside it, "galley.db.before-0002". The newest three are kept.
#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "storage/data_folder.hpp"
#include "storage/migrator.hpp"

namespace galley::storage {

struct Upgrade {
  int applied = 0;
  std::optional<std::filesystem::path> copy{};  // of what was there before
};

// connection is the folder's writer, and nobody else uses the database. As Migrator::migrate; and where the copy cannot
// be made (no room), nothing is changed.
Result<Upgrade> upgrade(const DataFolder& folder, Connection& connection, std::span<const Migration> migrations,
                        Time now);

}  // namespace galley::storage
