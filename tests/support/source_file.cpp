#include "support/source_file.hpp"

namespace galley::test {

// The only object with the folder's name in it: all others come out of the compiler's cache in every clone.
std::filesystem::path source_file(std::string_view name) {
  return std::filesystem::path(GALLEY_SOURCE_DIR) / name;
}

}  // namespace galley::test
