#include "domain/keyword.hpp"

#include "domain/field_check.hpp"

namespace galley {

Result<void> check(const Keyword& keyword) {
  FieldCheck fields;
  fields.required_line("keyword", keyword.text, Keyword::max_length);
  if (keyword.volume && (*keyword.volume < 0 || *keyword.volume > Keyword::max_volume)) {
    fields.add("volume", "must be from 0 to " + std::to_string(Keyword::max_volume));
  }
  if (keyword.difficulty && (*keyword.difficulty < 0 || *keyword.difficulty > 100)) {
    fields.add("difficulty", "must be from 0 to 100");
  }
  return std::move(fields).result();
}

}  // namespace galley
