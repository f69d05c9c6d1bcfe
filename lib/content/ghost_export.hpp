// The JSON file that Ghost's "Export your content" gives: its posts and pages as articles.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "content/source_article.hpp"

namespace galley::content {

// Of the file: far more than what an API takes, since a whole site is in it.
inline constexpr std::size_t max_ghost_bytes = std::size_t{256} << 20;

// The HTML that Ghost has rendered becomes Markdown (html_import.hpp); a post without it is its plain text, and one
// that has neither is an error. Internal tags ("#…") are left out. Status: published and sent are published, scheduled
// is ready, all else a draft.
class GhostReader {
 public:
  // site: "https://blog.example", what Ghost writes as __GHOST_URL__; where it is empty such addresses become relative.
  // invalid_json, validation_failed naming "FILE", or payload_too_large.
  static Result<GhostReader> open(std::string_view text, std::string_view site);
  GhostReader(GhostReader&&) noexcept;
  GhostReader& operator=(GhostReader&&) noexcept;
  ~GhostReader();

  // The next article, or nothing at the end. An error is of this post alone: the next call goes on behind it.
  Result<std::optional<SourceArticle>> next();
  // Of the post that next() gave or refused, from 1, and its title.
  std::size_t number() const;
  std::string title() const;

 private:
  struct State;
  explicit GhostReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace galley::content
