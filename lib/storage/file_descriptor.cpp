#include "storage/file_descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace galley::storage {
namespace {

constexpr std::size_t copied_at_once = std::size_t{1} << 20;

// Never through a link that somebody put there, and never with the mode of what was there.
int make(const std::filesystem::path& path) {
  ::unlink(path.c_str());
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(descriptor, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

int FileDescriptor::release() {
  return std::exchange(number_, -1);
}

Error cannot(const std::string& what, const std::filesystem::path& path) {
  return conflict("Cannot " + what + " " + path.string() + ": " + std::generic_category().message(errno) + ".");
}

Result<std::string> read_beginning(int descriptor, const std::filesystem::path& path, std::size_t max) {
  std::string bytes(max, '\0');
  const ssize_t count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  if (count < 0) return cannot("read", path);
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content) {
  const FileDescriptor descriptor(make(path));
  if (descriptor.get() < 0) return cannot("make", path);
  if (!write_all(descriptor.get(), content) || ::fsync(descriptor.get()) != 0) return cannot("write", path);
  return {};
}

Result<void> copy_content(const std::filesystem::path& from, const std::filesystem::path& to) {
  const FileDescriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (source.get() < 0) return cannot("read", from);
  const FileDescriptor target(make(to));
  if (target.get() < 0) return cannot("make", to);
  std::string bytes(copied_at_once, '\0');
  for (;;) {
    const ssize_t count = ::read(source.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot("read", from);
    if (count == 0) break;
    if (!write_all(target.get(), std::string_view(bytes).substr(0, static_cast<std::size_t>(count))))
      return cannot("write", to);
  }
  if (::fsync(target.get()) != 0) return cannot("write", to);
  return {};
}

Result<void> sync_file(const std::filesystem::path& file) {
  const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0 || ::fsync(descriptor.get()) != 0) return cannot("write", file);
  return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const FileDescriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // EINVAL: of a file system that knows no such thing, FAT for one.
  if (descriptor.get() < 0 || (::fsync(descriptor.get()) != 0 && errno != EINVAL)) return cannot("write", folder);
  return {};
}

}  // namespace galley::storage
