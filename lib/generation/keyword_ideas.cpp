#include "generation/keyword_ideas.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/encoding.hpp"
#include "generation/keyword_form.hpp"

namespace galley::generation {

namespace {

// What an article is about: keywords that one of it answers.
struct Subject {
  ContentStructure structure = ContentStructure::article;
  bool question = false;  // its first keyword is one, and so its title
  std::vector<const Keyword*> keywords{};
};

struct Wording {
  std::string_view language;
  std::array<std::string_view, 5> endings;  // behind the keyword, in the order of ContentStructure
  std::string_view covers;
};
constexpr Wording wordings[] = {
    {"en",
     {": what you need to know", ": the complete guide", ": the differences, and which one to choose",
      ": a review with strengths and weaknesses", ": the best options compared"},
     "Covers: "},
    {"de",
     {": was Sie wissen sollten", ": der vollständige Leitfaden", ": die Unterschiede und welche Wahl passt",
      ": Test mit Stärken und Schwächen", ": die besten Möglichkeiten im Überblick"},
     "Behandelt: "},
    {"fr",
     {" : ce qu’il faut savoir", " : le guide complet", " : les différences et comment choisir",
      " : notre avis, points forts et points faibles", " : les meilleures options comparées"},
     "Sujets : "},
    {"es",
     {": lo que hay que saber", ": la guía completa", ": las diferencias y cuál elegir",
      ": análisis con ventajas e inconvenientes", ": las mejores opciones comparadas"},
     "Temas: "},
    {"it",
     {": che cosa sapere", ": la guida completa", ": le differenze e quale scegliere",
      ": recensione con pregi e difetti", ": le migliori opzioni a confronto"},
     "Argomenti: "},
};

const Wording* wording_of(std::string_view language) {
  const std::string_view first = language.substr(0, language.find('-'));
  const auto* const found = std::ranges::find(wordings, first, &Wording::language);
  return found == std::end(wordings) ? nullptr : found;
}

ContentStructure structure_of(KeywordForm form) {
  switch (form) {
    case KeywordForm::question:
    case KeywordForm::how_to:
    case KeywordForm::definition:
    case KeywordForm::troubleshooting:
      return ContentStructure::guide;
    case KeywordForm::comparison:
      return ContentStructure::comparison;
    case KeywordForm::best_of:
      return ContentStructure::listicle;
    case KeywordForm::review:
      return ContentStructure::review;
    case KeywordForm::cost:
    case KeywordForm::local:
    case KeywordForm::generic:
      return ContentStructure::article;
  }
  return ContentStructure::article;
}

int words_of(ContentStructure structure) {
  switch (structure) {
    case ContentStructure::guide:
      return 1800;
    case ContentStructure::comparison:
    case ContentStructure::listicle:
      return 1500;
    case ContentStructure::article:
    case ContentStructure::review:
      return 1200;
  }
  return 1200;
}

// In the order of their first keyword, which has the highest volume.
std::vector<Subject> subjects_of(const std::vector<Keyword>& keywords) {
  std::vector<Subject> subjects;
  for (const Keyword& keyword : keywords) {
    const KeywordForm form = read_keyword(keyword.text).form;
    const ContentStructure structure = structure_of(form);
    const bool question = form == KeywordForm::question;
    auto subject = std::ranges::find_if(
        subjects, [&](const Subject& s) { return s.structure == structure && s.question == question; });
    if (subject == subjects.end()) {
      // What is left over belongs to the article with the most readers.
      if (subjects.size() == IdeaWriter::max_ideas)
        subject = subjects.begin();
      else
        subject = subjects.insert(subjects.end(), {.structure = structure, .question = question});
    }
    subject->keywords.push_back(&keyword);
  }
  return subjects;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string line;
  for (const std::string& text : texts)
    line.append(line.empty() ? "" : ", ").append(text);
  return line;
}

std::string title_of(const Subject& subject, const Wording* wording) {
  const KeywordParts parts = read_keyword(subject.keywords.front()->text);
  const std::string keyword = capitalised(parts.text);
  if (subject.question) return keyword + "?";
  if (wording == nullptr) return keyword;
  return keyword + std::string(wording->endings[static_cast<std::size_t>(subject.structure)]);
}

}  // namespace

std::vector<IdeaWriter::Draft> KeywordIdeas::write(const Brief& brief) const {
  const Wording* wording = wording_of(brief.language);
  std::vector<Draft> drafts;
  for (const Subject& subject : subjects_of(brief.keywords)) {
    Draft draft{
        .title = title_of(subject, wording), .structure = subject.structure, .word_count = words_of(subject.structure)};
    for (const Keyword* keyword : subject.keywords) {
      if (draft.keywords.size() == Idea::max_keywords) break;
      draft.keywords.push_back(keyword->text);
    }
    draft.description = std::string(
        first_code_points((wording != nullptr ? std::string(wording->covers) : std::string()) + joined(draft.keywords),
                          Idea::max_description));
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

}  // namespace galley::generation
