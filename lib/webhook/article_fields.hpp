// What the bodies say of an article: its snapshot and what is derived from the snapshot's Markdown. The same snapshot
// gives the same texts each time, so that every try sends the same bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/variant.hpp"
#include "domain/event.hpp"

namespace galley::webhook {

struct ArticleFields {
  const ArticleSnapshot& article;  // outlives this
  std::string html;
  std::string excerpt;            // the author's, else the text's first words
  std::string meta_title;         // the author's, else the title shortened
  std::string meta_description;   // the author's, else the excerpt shortened
  std::string json_ld;            // JSON text: BlogPosting, and FAQPage where the article asks and answers
  std::int64_t reading_time = 1;  // minutes
};

// article outlives what is returned. Takes time linear in the text.
ArticleFields derive_fields(const ArticleSnapshot& article);

// A value of the flat format: absent, a text, a number, or several texts.
using FieldValue = Variant<monostate, std::string_view, std::string, std::int64_t,
                           std::reference_wrapper<const std::vector<std::string>>>;

// A name of the flat format, which is a variable of templates as well.
struct FlatField {
  std::string_view name;
  FieldValue (*value)(const ArticleFields& fields);
};

// In the order of the flat format.
std::span<const FlatField> flat_fields();
// Null for a name that the flat format does not have.
const FlatField* find_flat_field(std::string_view name);

}  // namespace galley::webhook
