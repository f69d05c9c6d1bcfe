// A file that is there whole or not at all: written beside its place under another name, then renamed.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace galley::app {

class NewFile {
 public:
  // Mode 0600. validation_failed, naming "output", where it cannot be made.
  static Result<NewFile> create(const std::filesystem::path& path);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  // What was not finished goes.
  ~NewFile();

  Result<void> write(std::string_view bytes);
  // Durable, and in its place, which a former file loses.
  Result<void> finish();

 private:
  NewFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::filesystem::path unfinished() const { return path_.string() + ".part"; }

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace galley::app
