// All that is derived from an article's Markdown and its few words of metadata: what APIs answer, webhooks carry and
// CMSs are given. The same source gives the same texts. Thread-safe; time linear in the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace galley::content {

struct ArticleSource {
  std::string title;
  std::string markdown;
  std::optional<std::string> excerpt{};  // the author's own; so below
  std::optional<std::string> meta_title{};
  std::optional<std::string> meta_description{};
  std::vector<std::string> meta_keywords{};
  std::string author{};
  std::string url{};       // of the article; the canonical one where it has one
  std::string image{};     // URL
  std::string site{};      // "https://example.com": links elsewhere get rel attributes
  std::string language{};  // BCP 47
  std::optional<Time> published{};
  std::optional<Time> modified{};
  std::int64_t word_count = 0;
};

struct ArticleTexts {
  std::string html;
  std::string excerpt;            // the author's, else the text's first words
  std::string meta_title;         // the author's, else the title shortened
  std::string meta_description;   // the author's, else the excerpt shortened
  std::string json_ld;            // BlogPosting, and FAQPage where the article asks and answers
  std::int64_t reading_time = 1;  // minutes
};

ArticleTexts derive_texts(const ArticleSource& source);

}  // namespace galley::content
