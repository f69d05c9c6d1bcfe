#include "domain/idea.hpp"

#include "domain/field_check.hpp"

namespace galley {

Result<void> check(const Idea& idea) {
  FieldCheck fields;
  fields.required_line("title", idea.title, Idea::max_title);
  fields.text("description", idea.description, Idea::max_description);
  fields.lines("keywords", idea.keywords, Idea::max_keywords, Keyword::max_length);
  if (idea.word_count < min_article_words || idea.word_count > max_article_words)
    fields.add("word_count", article_words_reason());
  return std::move(fields).result();
}

}  // namespace galley
