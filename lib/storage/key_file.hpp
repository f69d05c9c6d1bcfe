// The keys that seal secrets: secret.key in the data folder, one key a line, or GALLEY_SECRET_KEY, separated by commas.
// The first one seals, all of them open.
#pragma once

#include <filesystem>
#include <optional>

#include "base/key_ring.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace galley::storage {

std::filesystem::path key_file_in(const std::filesystem::path& folder);

// given (each key 64 hexadecimal digits or base64 of 32 bytes), else those in the key file, which is made (mode 0600)
// for a folder that has no database yet. conflict, in words for the operator, for a malformed key, a key file that
// others may read, and a database whose key file is missing.
Result<KeyRing> load_key_ring(const std::filesystem::path& folder, const std::optional<Secret>& given);

// Exchanges the key file: at every instant the old one or the new one is there, whole and on the disk.
Result<void> write_key_file(const std::filesystem::path& folder, const KeyRing& ring);

}  // namespace galley::storage
