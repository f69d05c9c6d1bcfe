// Files as the data folder needs them: closed when they go, and on the disk before anybody relies on them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace galley::storage {

class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();
  int get() const { return number_; }
  // The caller closes it.
  int release();

 private:
  int number_;
};

// conflict: "Cannot read /x/y: Permission denied.", with the words for errno.
Error cannot(const std::string& what, const std::filesystem::path& path);

// The first max bytes of a file.
Result<std::string> read_beginning(int descriptor, const std::filesystem::path& path, std::size_t max);
// Makes the file (mode 0600; what was there goes) with this content, on the disk when it returns.
Result<void> write_file(const std::filesystem::path& path, std::string_view content);
// The same with the content of another file.
Result<void> copy_content(const std::filesystem::path& from, const std::filesystem::path& to);
// On the disk when it returns: the content of a file; the names in a folder.
Result<void> sync_file(const std::filesystem::path& file);
Result<void> sync_folder(const std::filesystem::path& folder);

}  // namespace galley::storage
