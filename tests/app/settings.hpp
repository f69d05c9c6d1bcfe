// Configurations as tests give them.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <string>

#include "app/config.hpp"

namespace galley::test {

// An environment of its own: tests never see the machine's.
inline app::Environment environment(std::map<std::string, std::string> variables = {}) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

inline void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
}

inline bool names(const Error& error, const std::string& field) {
  for (const FieldError& one : error.fields)
    if (one.field == field) return true;
  return false;
}

}  // namespace galley::test
