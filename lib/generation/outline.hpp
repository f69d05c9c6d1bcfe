// The outline: an editorial skeleton for a human writer, made from the keyword by rules. No model, no network; the same
// brief gives the same draft. Its opening note says that it is a draft to be written, so it never passes as a finished
// text. Headings and briefs are in English whatever the article's language; where that is another one, the note says so
// and asks the writer to translate.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace galley::generation {

enum class SearchIntent : unsigned char { informational, commercial, transactional, navigational };

struct InternalLink {
  std::string title;
  std::string url;
};

struct OutlineBrief {
  std::string keyword;
  std::vector<std::string> cluster_keywords{};  // the cluster's others; at most 20 are used
  std::string niche{};
  std::string language{};  // BCP 47
  std::string tone{};
  std::string writing_style{};
  std::vector<std::string>
      avoid_words{};  // never in the draft but where the keyword itself or a link's address has them
  std::string audience{};
  std::size_t word_count = 1200;  // taken within 300 to 5000
  SearchIntent intent = SearchIntent::informational;
  std::vector<InternalLink> internal_links{};  // at most 10 are used
  std::string author_name{};
};

struct OutlineDraft {
  std::string title;
  std::string slug;              // empty where the keyword has no letter or digit
  std::string meta_title;        // at most 60 code points
  std::string meta_description;  // 50 to 160 code points, fewer only where the words to avoid leave no more
  std::vector<std::string> meta_keywords;
  std::string excerpt;
  std::string markdown;
};

// keyword and everything else in the brief may be hostile: it is escaped, bounded and never read as Markdown.
OutlineDraft write_outline(const OutlineBrief& brief);

}  // namespace galley::generation
