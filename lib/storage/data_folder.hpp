// The folder that holds everything: galley.db, its log, the lock and the key. One process uses it at a time.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace galley::storage {

// Made with mode 0700 where it is not there (its parents too); a folder that is there keeps its mode.
Result<void> make_data_folder(const std::filesystem::path& folder);

std::filesystem::path database_in(const std::filesystem::path& folder);
// Whether the folder has a database with something in it.
bool has_database(const std::filesystem::path& folder);

// Holds the folder's lock while it lives.
class DataFolder {
 public:
  // Makes the folder and an empty galley.db (mode 0600) where they are not there. conflict, naming the process, when
  // another one holds the lock.
  static Result<DataFolder> open(const std::filesystem::path& folder);
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path database() const { return database_in(folder_); }

 private:
  DataFolder(std::filesystem::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  std::filesystem::path folder_;
  int lock_ = -1;
};

}  // namespace galley::storage
