// Judges an XML text by a schema of tests/sitemap/xsd, with xmllint.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

#include "support/source_file.hpp"

namespace galley::sitemap {

// schema: "sitemap", "siteindex". Exactly 0 is valid, 3 and 4 are not; anything else is a fault of the test itself.
inline int xmllint(std::string_view xml, const std::string& schema) {
  static int number = 0;
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() /
      ("galley-sitemap-" + std::to_string(getpid()) + '-' + std::to_string(++number) + ".xml");
  std::ofstream(file, std::ios::binary) << xml;
  const std::string command = "xmllint --noout --nonet --huge --schema '" +
                              test::source_file("tests/sitemap/xsd/" + schema + ".xsd").string() + "' '" +
                              file.string() + "' 2>/dev/null";
  const int status = std::system(command.c_str());
  std::filesystem::remove(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

inline bool is_valid(std::string_view xml, const std::string& schema) {
  return xmllint(xml, schema) == 0;
}

}  // namespace galley::sitemap
