// Ids in the order in which they are asked for: the same in every run. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace galley::test {

class SequenceIds final : public IdSource {
 public:
  // "art_00000000000000000001", then "…2": one sequence for all prefixes.
  std::string make_text(std::string_view prefix) override { return std::string(prefix) + "_" + padded(next(), 20); }
  // "00000000-0000-4000-8000-000000000001", of the same sequence.
  std::string make_uuid() override { return "00000000-0000-4000-8000-" + padded(next(), 12); }
  double fraction() override { return 0.5; }

 private:
  std::uint64_t next() {
    const std::lock_guard lock(mutex_);
    return ++count_;
  }

  static std::string padded(std::uint64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - digits.size(), '0') + digits;
  }

  std::mutex mutex_;
  std::uint64_t count_ = 0;
};

}  // namespace galley::test
