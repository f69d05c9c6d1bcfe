// WordPress eXtended RSS, what WordPress' own export tool writes: posts and pages as articles.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "content/source_article.hpp"

namespace galley::content {

// Of the file. The tree takes about as much again while it is read.
inline constexpr std::size_t max_wxr_bytes = std::size_t{256} << 20;

// Status: publish is published, private and pending are drafts, as is what has a password; future is ready. Revisions,
// attachments, menus and other types of posts are no articles, nor is what is in the trash. HTML becomes Markdown
// (html_import.hpp); block comments vanish, shortcodes stay as text. Title and description for search engines are those
// of Yoast or Rank Math; the image is the post thumbnail's.
class WxrReader {
 public:
  // payload_too_large or validation_failed, naming "FILE", for what is too long, no XML or no WXR. Entities of a
  // document type are not known, and nothing outside of the text is read.
  static Result<WxrReader> open(std::string text);
  WxrReader(WxrReader&&) noexcept;
  WxrReader& operator=(WxrReader&&) noexcept;
  ~WxrReader();

  // The next article, or nothing at the end. An error is of this item alone: the next call goes on behind it.
  Result<std::optional<SourceArticle>> next();
  // Of the item that next() gave or refused, from 1, and its title.
  std::size_t number() const;
  std::string title() const;
  // Items so far that are no articles.
  std::size_t ignored() const;

 private:
  struct State;
  explicit WxrReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace galley::content
