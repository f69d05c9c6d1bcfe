// An article as another system's export or a folder of files has it, in one form for all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace galley::content {

enum class SourceStatus : std::uint8_t { draft, ready, published };

struct SourceArticle {
  std::string key;  // what it is called there: the same each time, and no other article's
  std::string title{};
  std::string markdown{};
  std::optional<std::string> slug{};  // as it is there: not checked
  std::optional<std::string> excerpt{};
  std::optional<std::string> meta_title{};
  std::optional<std::string> meta_description{};
  std::vector<std::string> meta_keywords{};
  std::vector<std::string> categories{};
  std::vector<std::string> tags{};
  std::optional<std::string> author{};
  std::optional<std::string> address{};        // where readers find it there
  std::optional<std::string> canonical_url{};  // where it says that it belongs
  std::optional<std::string> image_url{};
  SourceStatus status = SourceStatus::draft;
  std::optional<Time> created{};
  std::optional<Time> published{};
  std::optional<Time> modified{};
  std::vector<std::string> remarks{};  // what of it is otherwise here
};

}  // namespace galley::content
