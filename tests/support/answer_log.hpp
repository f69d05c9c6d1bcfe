// Answers of the API as tests got them, for tests/openapi/check_answers.mjs, which holds all of them against the API
// description once the tests are over. Written where the environment's GALLEY_ANSWERS names a folder.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace galley::test {

struct LoggedAnswer {
  std::string_view method;
  std::string_view target;
  int status = 0;
  std::string_view content_type;
  std::string_view body;
};

// Appends a line of JSON to a file of this process's own. The body is left out where it is no JSON. Thread-safe.
inline void log_answer(const LoggedAnswer& answer) {
  static const char* const folder = std::getenv("GALLEY_ANSWERS");
  if (folder == nullptr) return;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  static std::ofstream file(std::string(folder) + "/" + std::to_string(::getpid()) + ".jsonl", std::ios::app);
  const bool json = answer.content_type.starts_with("application/json");
  std::string line;
  json::Writer(line)
      .begin_object()
      .member("method", answer.method)
      .member("target", answer.target)
      .member("status", answer.status)
      .member("type", answer.content_type)
      .member("body", json ? answer.body : std::string_view())
      .end_object();
  file << line << '\n' << std::flush;
}

}  // namespace galley::test
