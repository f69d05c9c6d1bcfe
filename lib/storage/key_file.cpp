#include "storage/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "storage/data_folder.hpp"
#include "storage/file_descriptor.hpp"

namespace galley::storage {
namespace {

constexpr std::size_t key_size = 32;
// As many keys as a ring holds, in hexadecimal, and room for white space.
constexpr std::size_t max_key_text = 1024;

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

Result<KeyRing> parse_keys(std::string_view text, char separator, const std::string& where) {
  std::vector<SealingKey> keys;
  text = trim_ascii(text);
  for (bool more = true; more;) {
    const std::size_t end = text.find(separator);
    keys.push_back(GALLEY_TRY(parse_key(trim_ascii(text.substr(0, end)), where)));
    more = end != std::string_view::npos;
    if (more) text.remove_prefix(end + 1);
  }
  Result<KeyRing> ring = KeyRing::from_keys(std::move(keys));
  if (ring.has_error()) return conflict("The keys in " + where + " cannot be used. " + ring.error().message);
  return ring;
}

Result<KeyRing> read_keys(int descriptor, const std::filesystem::path& file) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return cannot("read", file);
  if ((status.st_mode & 077) != 0)
    return conflict("Others may read the key file " + file.string() + ". Take that from them: chmod 600.");
  const Secret text(GALLEY_TRY(read_beginning(descriptor, file, max_key_text)));
  return parse_keys(text.reveal(), '\n', file.string());
}

Result<KeyRing> make_key(const std::filesystem::path& folder, const std::filesystem::path& file) {
  // Under another name first: a half-written key must never be found.
  const std::filesystem::path draft = file.string() + "." + std::to_string(::getpid());
  GALLEY_TRY(write_file(draft, to_base64(random_bytes(key_size)) + "\n"));
  // link() and not rename(): where another process was faster, its key stays.
  const bool linked = ::link(draft.c_str(), file.c_str()) == 0;
  const int problem = errno;
  ::unlink(draft.c_str());
  errno = problem;
  if (!linked && errno != EEXIST) return cannot("make", file);
  GALLEY_TRY(sync_folder(folder));
  const FileDescriptor made(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (made.get() < 0) return cannot("read", file);
  return read_keys(made.get(), file);
}

}  // namespace

std::filesystem::path key_file_in(const std::filesystem::path& folder) {
  return folder / "secret.key";
}

Result<KeyRing> load_key_ring(const std::filesystem::path& folder, const std::optional<Secret>& given) {
  if (given) return parse_keys(given->reveal(), ',', "GALLEY_SECRET_KEY");
  GALLEY_TRY(make_data_folder(folder));
  const std::filesystem::path file = key_file_in(folder);
  const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() >= 0) return read_keys(descriptor.get(), file);
  if (errno != ENOENT) return cannot("read", file);
  if (has_database(folder))
    return conflict("The key file " + file.string() +
                    " is missing. What the database keeps sealed opens with the old key only: restore it, or set "
                    "GALLEY_SECRET_KEY.");
  return make_key(folder, file);
}

Result<void> write_key_file(const std::filesystem::path& folder, const KeyRing& ring) {
  std::string lines;
  for (const SealingKey& key : ring.keys())
    lines += to_base64(key.bytes().reveal()) + "\n";
  const Secret text(std::move(lines));
  const std::filesystem::path file = key_file_in(folder);
  const std::filesystem::path draft = file.string() + ".new";
  Result<void> written = write_file(draft, text.reveal());
  if (written.has_value() && ::rename(draft.c_str(), file.c_str()) != 0) written = cannot("write", file);
  if (written.has_error()) {
    ::unlink(draft.c_str());
    return written;
  }
  return sync_folder(folder);
}

}  // namespace galley::storage
