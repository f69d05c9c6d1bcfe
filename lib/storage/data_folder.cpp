#include "storage/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include "base/encoding.hpp"

namespace galley::storage {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t max_key_text = 256;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

Error cannot(const std::string& what, const std::filesystem::path& path) {
  return conflict("Cannot " + what + " " + path.string() + ": " + std::generic_category().message(errno) + ".");
}

Result<std::string> read_small(int descriptor, const std::filesystem::path& path) {
  std::array<char, max_key_text> bytes{};
  const ssize_t count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  if (count < 0) return cannot("read", path);
  return std::string(trim_ascii(std::string_view(bytes.data(), static_cast<std::size_t>(count))));
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() != 2 * key_size) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    const auto [end, problem] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    if (problem != std::errc() || end != text.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

Result<SealingKey> parse_key(std::string_view text, const std::string& where) {
  std::optional<std::string> bytes = from_hex(text);
  if (!bytes) bytes = from_base64(text);
  if (!bytes || bytes->size() != key_size)
    return conflict("The key in " + where + " is not 64 hexadecimal digits or the base64 of 32 bytes.");
  return SealingKey::from_bytes(Secret(*std::move(bytes)));
}

Result<SealingKey> read_key(int descriptor, const std::filesystem::path& file) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return cannot("read", file);
  if ((status.st_mode & 077) != 0)
    return conflict("Others may read the key file " + file.string() + ". Take that from them: chmod 600.");
  const std::string text = GALLEY_TRY(read_small(descriptor, file));
  return parse_key(text, file.string());
}

Result<SealingKey> make_key(const std::filesystem::path& folder, const std::filesystem::path& file) {
  // Under another name first: a half-written key must never be found.
  const std::filesystem::path draft = file.string() + "." + std::to_string(::getpid());
  const std::string text = to_base64(random_bytes(key_size));
  const std::string line = text + "\n";
  {
    const Descriptor descriptor(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (descriptor.get() < 0) return cannot("make", draft);
    if (::write(descriptor.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
        ::fsync(descriptor.get()) != 0)
      return cannot("write", draft);
  }
  // link() and not rename(): where another process was faster, its key stays.
  const bool linked = ::link(draft.c_str(), file.c_str()) == 0;
  const int problem = errno;
  ::unlink(draft.c_str());
  errno = problem;
  if (!linked && errno != EEXIST) return cannot("make", file);
  const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() < 0 || ::fsync(parent.get()) != 0) return cannot("write", folder);
  const Descriptor made(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (made.get() < 0) return cannot("read", file);
  return read_key(made.get(), file);
}

}  // namespace

Result<void> make_data_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  if (std::filesystem::is_directory(folder, problem)) return {};
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), problem);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make the data folder", folder);
  return {};
}

Result<SealingKey> load_sealing_key(const std::filesystem::path& folder, const std::optional<Secret>& given) {
  if (given) return parse_key(trim_ascii(given->reveal()), "GALLEY_SECRET_KEY");
  GALLEY_TRY(make_data_folder(folder));
  const std::filesystem::path file = folder / "secret.key";
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() >= 0) return read_key(descriptor.get(), file);
  if (errno != ENOENT) return cannot("read", file);
  std::error_code ignored;
  const auto size = std::filesystem::file_size(folder / "galley.db", ignored);
  if (!ignored && size > 0)
    return conflict("The key file " + file.string() +
                    " is missing. What the database keeps sealed opens with the old key only: restore it, or set "
                    "GALLEY_SECRET_KEY.");
  return make_key(folder, file);
}

Result<DataFolder> DataFolder::open(const std::filesystem::path& folder) {
  GALLEY_TRY(make_data_folder(folder));
  const std::filesystem::path lock_file = folder / "galley.lock";
  Descriptor lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.get() < 0) return cannot("open", lock_file);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return cannot("lock", lock_file);
    const std::string holder = GALLEY_TRY(read_small(lock.get(), lock_file));
    return conflict("The data folder " + folder.string() + " is in use by process " + (holder.empty() ? "?" : holder) +
                    ".");
  }
  const std::string process = std::to_string(::getpid()) + "\n";
  // Only a courtesy to whoever finds the lock taken; the lock holds without it, on a full disk too.
  if (::ftruncate(lock.get(), 0) == 0) [[maybe_unused]]
    const ssize_t written = ::pwrite(lock.get(), process.data(), process.size(), 0);
  const std::filesystem::path database = folder / "galley.db";
  // SQLite gives its other files the mode of this one.
  const Descriptor made(::open(database.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (made.get() < 0) return cannot("open", database);
  return DataFolder(folder, lock.release());
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : folder_(std::move(other.folder_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace galley::storage
