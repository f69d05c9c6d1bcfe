// Runs a script of tests/webhook/peers in Node, which is one of the tests' packages.
#pragma once

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/source_file.hpp"

namespace galley::test {

inline std::filesystem::path peers_folder() {
  return source_file("tests/webhook/peers");
}

// What the script printed, standard error included. input: its standard input.
inline std::string run_node(std::string_view script, std::string_view input) {
  std::string path = (std::filesystem::temp_directory_path() / "galley-node-XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  if (descriptor < 0) throw std::runtime_error("no temporary file");
  ::close(descriptor);
  std::ofstream(path, std::ios::binary) << input;
  const std::string command = "node '" + (peers_folder() / script).string() + "' < '" + path + "' 2>&1";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no process");
  std::string printed;
  std::array<char, 4096> bytes{};
  for (std::size_t got = 0; (got = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
    printed.append(bytes.data(), got);
  ::pclose(pipe);
  std::filesystem::remove(path);
  return printed;
}

}  // namespace galley::test
