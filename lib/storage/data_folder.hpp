// The folder that holds everything: galley.db, its log, the lock and the key. One process uses it at a time.
#pragma once

#include <filesystem>
#include <optional>

#include "base/crypto.hpp"

namespace galley::storage {

// Made with mode 0700 where it is not there (its parents too); a folder that is there keeps its mode.
Result<void> make_data_folder(const std::filesystem::path& folder);

// The key that seals secrets: given (64 hexadecimal digits or base64 of 32 bytes), else folder/secret.key, which is
// made (mode 0600) for a folder that has no database yet. conflict, in words for the operator, for a malformed key, a
// key file that others may read, and a database whose key file is missing.
Result<SealingKey> load_sealing_key(const std::filesystem::path& folder, const std::optional<Secret>& given);

// Holds the folder's lock while it lives.
class DataFolder {
 public:
  // Makes the folder and an empty galley.db (mode 0600) where they are not there. conflict, naming the process, when
  // another one holds the lock.
  static Result<DataFolder> open(const std::filesystem::path& folder);
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  std::filesystem::path database() const { return folder_ / "galley.db"; }

 private:
  DataFolder(std::filesystem::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  std::filesystem::path folder_;
  int lock_ = -1;
};

}  // namespace galley::storage
