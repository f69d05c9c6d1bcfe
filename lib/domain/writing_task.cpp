#include "domain/writing_task.hpp"

#include "domain/field_check.hpp"

namespace galley {

namespace {

constexpr std::size_t max_term = 100;  // code points; the same as an article's

}  // namespace

const std::string& WritingTask::subject() const {
  if (!primary_keyword.empty()) return primary_keyword;
  return keywords.empty() ? title : keywords.front();
}

Result<void> check(const WritingTask& task) {
  FieldCheck fields;
  fields.required_line("title", task.title, Idea::max_title);
  fields.text("description", task.description, Idea::max_description);
  fields.lines("keywords", task.keywords, Idea::max_keywords, Keyword::max_length);
  fields.line("primary_keyword", task.primary_keyword, Keyword::max_length);
  fields.lines("secondary_keywords", task.secondary_keywords, WritingTask::max_terms, Keyword::max_length);
  fields.lines("tags", task.tags, WritingTask::max_terms, max_term);
  fields.lines("categories", task.categories, WritingTask::max_terms, max_term);
  if (task.word_count < min_article_words || task.word_count > max_article_words)
    fields.add("word_count", article_words_reason());
  return std::move(fields).result();
}

}  // namespace galley
