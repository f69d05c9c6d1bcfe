// What an import did: counted, and what was wrong with which part of the input, up to a bound.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace galley::service {

struct ImportRemark {
  std::string place;  // "line 12", "item 3", "posts/first.md"
  std::string text;
};

struct ImportReport {
  // Rejected things and remarks that are kept; the others are counted alone.
  static constexpr std::size_t max_kept = 100;

  struct Tally {
    std::int64_t created = 0;
    std::int64_t skipped = 0;  // there already
  };
  std::map<std::string, Tally, std::less<>> nouns{};  // "article" and so on
  std::int64_t ignored = 0;                           // what is no article
  std::int64_t rejected = 0;
  std::vector<ImportRemark> rejections{};
  std::int64_t remarked = 0;
  std::vector<ImportRemark> remarks{};  // what came in otherwise than it was

  void reject(std::string place, std::string reason);
  void remark(std::string place, std::string text);
  void add(const ImportReport& other);
};

// "volume must be at least 0; priority must be …": an error in one line.
std::string reason_of(const Error& error);
// Only what the input itself did wrong is the input's; a full disk is not.
bool blames_input(const Error& error);

}  // namespace galley::service
