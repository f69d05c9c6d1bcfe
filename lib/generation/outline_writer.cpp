#include "generation/outline_writer.hpp"

#include "generation/outline.hpp"

namespace galley::generation {

namespace {

SearchIntent intent_of(const std::optional<std::string>& text) {
  if (text == "commercial") return SearchIntent::commercial;
  if (text == "transactional") return SearchIntent::transactional;
  if (text == "navigational") return SearchIntent::navigational;
  return SearchIntent::informational;
}

OutlineBrief brief_of(GenerationBrief brief) {
  OutlineBrief outline{.keyword = std::move(brief.keyword),
                       .cluster_keywords = std::move(brief.cluster_keywords),
                       .niche = std::move(brief.niche),
                       .language = std::move(brief.language),
                       .tone = std::move(brief.tone),
                       .writing_style = std::move(brief.writing_style),
                       .avoid_words = std::move(brief.avoid_words),
                       .word_count = static_cast<std::size_t>(brief.word_count),
                       .intent = intent_of(brief.intent),
                       .author_name = std::move(brief.author_name)};
  for (GenerationBrief::Link& link : brief.internal_links)
    outline.internal_links.push_back({std::move(link.title), std::move(link.url)});
  return outline;
}

}  // namespace

Task<Result<GeneratedArticle>> OutlineWriter::generate(GenerationBrief brief) {
  OutlineDraft draft = write_outline(brief_of(std::move(brief)));
  GeneratedArticle article{.text = {.title = std::move(draft.title),
                                    .markdown = std::move(draft.markdown),
                                    .excerpt = std::move(draft.excerpt),
                                    .meta_title = std::move(draft.meta_title),
                                    .meta_description = std::move(draft.meta_description),
                                    .meta_keywords = std::move(draft.meta_keywords)}};
  if (!draft.slug.empty()) article.slug = std::move(draft.slug);
  co_return article;
}

}  // namespace galley::generation
