#include "app/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace galley::app {

namespace {

Error failed(const std::filesystem::path& path) {
  return invalid("output", "cannot be written: " + path.string() + ": " + std::strerror(errno));
}

}  // namespace

Result<NewFile> NewFile::create(const std::filesystem::path& path) {
  const std::string name = path.string() + ".part";
  // A former try may have left one, perhaps as a link to elsewhere: it is never written through.
  ::unlink(name.c_str());
  const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return failed(path);
  return NewFile(path, descriptor);
}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

NewFile::~NewFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(unfinished().c_str());
}

Result<void> NewFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> NewFile::finish() {
  if (::fsync(descriptor_) != 0) return failed(path_);
  if (::rename(unfinished().c_str(), path_.c_str()) != 0) return failed(path_);
  ::close(std::exchange(descriptor_, -1));
  return {};
}

}  // namespace galley::app
