#include "generation/section_writer.hpp"

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/excerpt.hpp"

namespace galley::generation {
namespace {

constexpr std::size_t max_part = 60;

std::string purpose_phrase(const std::string& purpose) {
  if (purpose.empty()) return {};
  const std::string folded = fold_text(purpose);
  const bool has_preposition = folded.starts_with("under ") || folded.starts_with("with ") || folded.starts_with("of ");
  return (has_preposition ? " " : " for ") + content::shorten(purpose, max_part);
}

}  // namespace

SectionWriter::SectionWriter(const KeywordParts& parts, const WordFilter& filter)
    : subject(content::shorten(parts.subject, max_part)),
      other(content::shorten(parts.other, max_part)),
      purpose(purpose_phrase(parts.purpose)),
      keyword(content::shorten(parts.text, 2 * max_part)),
      filter_(filter),
      variant_(crc32(fold_text(parts.text))) {}

std::string SectionWriter::say(std::initializer_list<std::string> wordings) const {
  if (wordings.size() == 0) return {};
  const std::size_t first = variant_ % wordings.size();
  for (std::size_t i = 0; i < wordings.size(); ++i) {
    const std::string& wording = *(wordings.begin() + (first + i) % wordings.size());
    if (!filter_.has_any(wording)) return wording;
  }
  return filter_.strip(*wordings.begin());
}

void SectionWriter::add(std::size_t weight, std::initializer_list<std::string> headings, const std::string& brief,
                        const std::string& show, int level) {
  std::string heading = capitalised(say(headings));
  if (heading.empty()) heading = filter_.strip("Part " + std::to_string(sections.size() + 1));
  if (heading.empty()) heading = std::to_string(sections.size() + 1);
  sections.push_back({std::move(heading), filter_.strip(brief), filter_.strip(show), weight, level});
}

}  // namespace galley::generation
