#include "content/article_texts.hpp"

#include <algorithm>

#include "content/excerpt.hpp"
#include "content/jsonld.hpp"
#include "content/link.hpp"
#include "content/markdown.hpp"

namespace galley::content {

ArticleTexts derive_texts(const ArticleSource& source) {
  const RenderOptions options{.site_host = address_host(source.site), .language = source.language};
  const auto words = static_cast<std::size_t>(std::max<std::int64_t>(source.word_count, 0));
  ArticleTexts texts{.html = render_html(source.markdown, options),
                     .excerpt = source.excerpt ? *source.excerpt : excerpt(source.markdown),
                     .meta_title = source.meta_title.value_or(std::string()),
                     .meta_description = source.meta_description.value_or(std::string()),
                     .json_ld = {},
                     .reading_time = static_cast<std::int64_t>(reading_time_minutes(words))};
  if (texts.meta_title.empty()) texts.meta_title = meta_title(source.title);
  if (texts.meta_description.empty()) texts.meta_description = meta_description(texts.excerpt);
  const JsonLdArticle structured{.headline = source.title,
                                 .description = texts.meta_description,
                                 .author = source.author,
                                 .published = source.published,
                                 .modified = source.modified,
                                 .url = source.url,
                                 .image = source.image,
                                 .keywords = source.meta_keywords,
                                 .word_count = words,
                                 .language = source.language};
  texts.json_ld = json_ld(structured, questions(source.markdown));
  return texts;
}

}  // namespace galley::content
