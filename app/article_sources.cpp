#include "app/article_sources.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

#include "content/front_matter.hpp"
#include "content/ghost_export.hpp"
#include "content/markdown.hpp"
#include "content/markdown_source.hpp"
#include "content/wxr.hpp"

namespace galley::app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_files = 200'000;
constexpr std::size_t max_markdown_file = content::max_markdown_bytes + content::max_front_matter_bytes;

std::string item_place(std::size_t number, const std::string& title) {
  return "item " + std::to_string(number) + (title.empty() ? "" : " \"" + title + "\"");
}

bool is_markdown(const fs::path& path) {
  return path.extension() == ".md" || path.extension() == ".markdown";
}

Result<std::vector<fs::path>> markdown_files(const fs::path& folder, std::int64_t& ignored) {
  std::vector<fs::path> found;
  std::error_code failed;
  fs::recursive_directory_iterator entry(folder, failed);
  for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    const bool hidden = entry->path().filename().string().starts_with('.');
    if (hidden || entry->is_symlink()) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file()) continue;
    if (!is_markdown(entry->path()) || entry->path().filename() == "_index.md") {
      ++ignored;
      continue;
    }
    if (found.size() == max_files) return invalid("FILE", "holds more than " + std::to_string(max_files) + " files");
    found.push_back(entry->path());
  }
  if (failed) return invalid("FILE", "cannot be read: " + folder.string() + ": " + failed.message());
  std::ranges::sort(found);
  return found;
}

Result<content::SourceArticle> read_markdown_file(const fs::path& file, const std::string& place) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return invalid("FILE", "cannot be read");
  return content::read_markdown_source(place, GALLEY_TRY(read_all(in, max_markdown_file)));
}

}  // namespace

Result<std::string> read_all(std::istream& in, std::size_t max) {
  std::string text;
  std::string piece(std::size_t{1} << 16, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > max)
      return Error{.code = ErrorCode::payload_too_large,
                   .message = "The file is longer than " + std::to_string(max >> 20) + " MiB."};
  }
  return text;
}

Result<std::int64_t> read_wxr(std::string text, const TakeArticle& take) {
  content::WxrReader reader = GALLEY_TRY(content::WxrReader::open(std::move(text)));
  for (;;) {
    Result<std::optional<content::SourceArticle>> article = reader.next();
    if (article && !*article) return static_cast<std::int64_t>(reader.ignored());
    std::string place = item_place(reader.number(), reader.title());
    if (article)
      GALLEY_TRY(take(std::move(place), **std::move(article)));
    else
      GALLEY_TRY(take(std::move(place), article.error()));
  }
}

Result<std::int64_t> read_ghost(const std::string& text, const std::string& site, const TakeArticle& take) {
  content::GhostReader reader = GALLEY_TRY(content::GhostReader::open(text, site));
  for (;;) {
    Result<std::optional<content::SourceArticle>> article = reader.next();
    if (article && !*article) return 0;
    std::string place = item_place(reader.number(), reader.title());
    if (article)
      GALLEY_TRY(take(std::move(place), **std::move(article)));
    else
      GALLEY_TRY(take(std::move(place), article.error()));
  }
}

Result<std::int64_t> read_markdown(const std::filesystem::path& path, const TakeArticle& take) {
  std::error_code failed;
  if (!fs::is_directory(path, failed)) {
    const std::string place = path.filename().string();
    GALLEY_TRY(take(place, read_markdown_file(path, place)));
    return 0;
  }
  std::int64_t ignored = 0;
  for (const fs::path& file : GALLEY_TRY(markdown_files(path, ignored))) {
    const std::string place = file.lexically_relative(path).generic_string();
    GALLEY_TRY(take(place, read_markdown_file(file, place)));
  }
  return ignored;
}

}  // namespace galley::app
