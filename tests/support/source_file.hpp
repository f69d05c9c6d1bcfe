// Files of the source tree that tests read.
#pragma once

#include <filesystem>
#include <string_view>

namespace galley::test {

// name: relative to the repository, "examples/keywords.csv".
std::filesystem::path source_file(std::string_view name);

}  // namespace galley::test
