// What a test measured, for people: tests/run shows these lines when all tests are done.
#pragma once

#include <cstdio>
#include <string>

namespace galley::test {

inline void print_figure(const std::string& text) {
  std::printf("figure: %s\n", text.c_str());
}

}  // namespace galley::test
