#include "storage/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/encoding.hpp"
#include "storage/file_descriptor.hpp"

namespace galley::storage {
namespace {

constexpr std::size_t max_process_text = 32;

}  // namespace

Result<void> make_data_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  if (std::filesystem::is_directory(folder, problem)) return {};
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), problem);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make the data folder", folder);
  return {};
}

std::filesystem::path database_in(const std::filesystem::path& folder) {
  return folder / "galley.db";
}

bool has_database(const std::filesystem::path& folder) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(database_in(folder), problem);
  return !problem && size > 0;
}

Result<DataFolder> DataFolder::open(const std::filesystem::path& folder) {
  GALLEY_TRY(make_data_folder(folder));
  const std::filesystem::path lock_file = folder / "galley.lock";
  FileDescriptor lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.get() < 0) return cannot("open", lock_file);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return cannot("lock", lock_file);
    const std::string text = GALLEY_TRY(read_beginning(lock.get(), lock_file, max_process_text));
    const std::string holder(trim_ascii(text));
    return conflict("The data folder " + folder.string() + " is in use by process " + (holder.empty() ? "?" : holder) +
                    ".");
  }
  const std::string process = std::to_string(::getpid()) + "\n";
  // Only a courtesy to whoever finds the lock taken; the lock holds without it, on a full disk too.
  if (::ftruncate(lock.get(), 0) == 0) [[maybe_unused]]
    const ssize_t written = ::pwrite(lock.get(), process.data(), process.size(), 0);
  const std::filesystem::path database = database_in(folder);
  // SQLite gives its other files the mode of this one.
  const FileDescriptor made(::open(database.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (made.get() < 0) return cannot("open", database);
  return DataFolder(folder, lock.release());
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : folder_(std::move(other.folder_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace galley::storage
