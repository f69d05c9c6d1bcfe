// The port to whatever writes articles: a model server or the embedded offline writer.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "domain/article.hpp"

namespace galley {

// All that a writer is told.
struct GenerationBrief {
  std::string keyword;
  std::string title{};                          // what the article is to be called; empty: the writer's choice
  std::vector<std::string> cluster_keywords{};  // the others of its cluster, at most 20
  std::optional<std::string> intent{};
  std::string niche;
  std::string language;
  std::string tone;
  std::string writing_style;
  std::vector<std::string> avoid_words{};
  std::string author_name;
  int word_count = 1200;
  struct Link {
    std::string title;
    std::string url;
  };
  std::vector<Link> internal_links{};  // published articles of the cluster, at most 10
  std::optional<std::string> model{};
  std::optional<std::string> instructions{};  // the caller's template
};

struct GenerationUsage {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
};

struct GeneratedArticle {
  ArticleText text{};
  std::optional<std::string> slug{};
  GenerationUsage usage{};
};

// Errors: unavailable, rate_limited and timed_out may be tried again; all others are final.
class Generator {
 public:
  virtual ~Generator() = default;
  virtual std::string_view name() const = 0;
  // True where the text is a finished article, false where it is a skeleton for a person to fill.
  virtual bool writes_finished_text() const = 0;
  virtual Task<Result<GeneratedArticle>> generate(GenerationBrief brief) = 0;
};

}  // namespace galley
