// What differs between two dumps of a database, line by line.
#pragma once

#include <sstream>
#include <string>

namespace galley::test {

// The first lines that one dump has and the other has not; empty where they are equal.
inline std::string changes(const std::string& before, const std::string& after) {
  if (before == after) return "";
  std::istringstream old_lines(before);
  std::istringstream new_lines(after);
  for (std::string was, is;;) {
    const bool more_old = static_cast<bool>(std::getline(old_lines, was));
    const bool more_new = static_cast<bool>(std::getline(new_lines, is));
    if (!more_old && !more_new) return "the same lines";
    if (!more_old || !more_new || was != is) return "was: " + (more_old ? was : "") + "\nis:  " + (more_new ? is : "");
  }
}

}  // namespace galley::test
