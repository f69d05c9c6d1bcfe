// A whole account as lines (export_lines.hpp), or its articles as Markdown files. Blocks: for the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/export_lines.hpp"

namespace galley::service {

struct ExportTally {
  std::map<std::string, std::int64_t, std::less<>> lines{};  // by noun
  std::int64_t revisions_left_out = 0;                       // older ones of articles whose history is too long
};

// What is read is read in short transactions: an article with its revisions and publications in one, lists by pages
// behind a cursor. So a file holds each article as it was at one moment, and what is written while the export runs may
// be in it or not. Memory is bounded by one article's lines (max_article_lines) and one page of a list.
class AccountExport {
 public:
  // What it returns as an error ends the export.
  using Sink = std::function<Result<void>(std::string_view lines)>;
  // folder: of the project, "coffee"; file: "latte-vs-cappuccino.md".
  using FileSink =
      std::function<Result<void>(const std::string& folder, const std::string& file, const std::string& text)>;

  explicit AccountExport(const Context& context) : context_(context) {}

  Result<ExportTally> write_lines(const Actor& actor, const Sink& sink) const;
  // Counts "project" and "article". The current text of each article alone.
  Result<ExportTally> write_markdown(const Actor& actor, const FileSink& sink) const;

 private:
  const Context& context_;
};

}  // namespace galley::service
