// Where articles come from: files and folders, read and handed on one article after the other.
#pragma once

#include <filesystem>
#include <functional>
#include <istream>
#include <string>

#include "base/result.hpp"
#include "content/source_article.hpp"

namespace galley::app {

// place: of the article in its source, "item 3 \"Title\"" or "posts/first.md". What it returns as an error ends the
// reading.
using TakeArticle = std::function<Result<void>(std::string place, Result<content::SourceArticle> article)>;

// All of a stream, at most max bytes; payload_too_large beyond.
Result<std::string> read_all(std::istream& in, std::size_t max);

// Each returns how many things are no articles. Errors are the whole file's or folder's, or take's.
Result<std::int64_t> read_wxr(std::string text, const TakeArticle& take);
// site: what __GHOST_URL__ stands for; may be empty.
Result<std::int64_t> read_ghost(const std::string& text, const std::string& site, const TakeArticle& take);
// A folder and those below it, in the order of their names, or one file. Hidden ones, links and Hugo's _index.md are
// passed over.
Result<std::int64_t> read_markdown(const std::filesystem::path& path, const TakeArticle& take);

}  // namespace galley::app
