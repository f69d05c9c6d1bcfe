#include "generation/outline.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/excerpt.hpp"
#include "content/link.hpp"
#include "content/markdown_writer.hpp"
#include "content/slug.hpp"
#include "generation/keyword_form.hpp"
#include "generation/outline_plan.hpp"
#include "generation/word_filter.hpp"

namespace galley::generation {
namespace {

constexpr std::size_t least_words = 300;
constexpr std::size_t most_words = 5000;
constexpr std::size_t max_cluster_keywords = 20;
constexpr std::size_t max_meta_keywords = 10;
constexpr std::size_t max_internal_links = 10;
constexpr std::size_t max_note = 200;
constexpr std::size_t max_link_title = 120;

std::string escaped(std::string_view text, bool in_heading = false) {
  content::InlineWriter writer;
  writer.set_heading(in_heading);
  writer.text(text);
  return writer.take();
}

std::string_view intent_note(SearchIntent intent) {
  switch (intent) {
    case SearchIntent::informational:
      return "they want to understand something";
    case SearchIntent::commercial:
      return "they compare before they buy";
    case SearchIntent::transactional:
      return "they are ready to act";
    case SearchIntent::navigational:
      return "they look for a certain place";
  }
  return "";
}

// The draft's own text: what it is, and what the writer should know.
class DraftWriter {
 public:
  DraftWriter(const OutlineBrief& brief, const KeywordParts& parts, const WordFilter& filter)
      : brief_(brief), parts_(parts), filter_(filter) {}

  std::string write(const OutlinePlan& plan, std::size_t total) {
    write_note(total);
    write_brief(plan.opening, {}, plan.opening_words);
    for (const SectionPlan& section : plan.sections)
      write_section(section);
    if (!plan.questions.empty()) heading(2, filter_.say({"Questions readers ask", "Common questions", "In brief"}));
    for (const SectionPlan& question : plan.questions)
      write_section(question);
    write_links();
    write_checks(plan);
    return std::move(out_);
  }

 private:
  void write_note(std::size_t total) {
    quote("**" +
          escaped(
              filter_.say({"Outline for a writer, not a finished article.",
                           "A skeleton that somebody has to write out.", "Not finished: to be written out by hand."})) +
          "** " +
          escaped(filter_.say(
              {"It was put together by rules from the keyword; neither a person nor a language model has written it. "
               "Replace each brief by your own text, then delete this note and the checks at the end.",
               "Rules made it from the keyword. Replace each brief, then delete this note."})));
    item(filter_.strip("Keyword: " + parts_.text));
    item(filter_.strip("Readers: " + std::string(intent_note(brief_.intent)) + "."));
    note("Audience", brief_.audience);
    note("Niche", brief_.niche);
    note("Tone", brief_.tone);
    note("Style", brief_.writing_style);
    note("Author", brief_.author_name);
    item(filter_.strip("Length: about " + std::to_string(total) + " words in all."));
    if (!brief_.avoid_words.empty())
      item(filter_.say(
          {"Words to avoid: the project has " + std::to_string(brief_.avoid_words.size()) + "; mind them."}));
    write_language();
    write_related();
    out_ += '\n';
  }

  void write_language() {
    const std::string language = to_lower_ascii(brief_.language.substr(0, brief_.language.find_first_of("-_")));
    if (language.empty() || language == "en") return;
    item(filter_.strip("Language: write in \"" + std::string(first_code_points(brief_.language, 35)) +
                       "\". Headings and briefs here are in English and have to be translated."));
  }

  void write_related() {
    std::string list;
    for (std::size_t i = 0; i < std::min(brief_.cluster_keywords.size(), max_cluster_keywords); ++i) {
      const std::string keyword = content::shorten(brief_.cluster_keywords[i], max_keyword_text);
      if (keyword.empty() || filter_.has_any(keyword)) continue;
      list += (list.empty() ? "" : "; ") + keyword;
    }
    if (!list.empty()) item(filter_.strip("Related searches to cover: " + list));
  }

  void note(std::string_view name, std::string_view text) {
    const std::string kept = filter_.strip(content::shorten(text, max_note));
    if (!kept.empty()) item(filter_.strip(std::string(name) + ": " + kept));
  }

  void quote(const std::string& markdown) { out_ += "> " + markdown + "\n>\n"; }
  void item(const std::string& text) {
    if (!text.empty()) out_ += "> - " + escaped(text) + "\n";
  }

  void heading(int level, const std::string& text) {
    if (!text.empty()) out_ += std::string(static_cast<std::size_t>(level), '#') + " " + escaped(text, true) + "\n\n";
  }

  void write_section(const SectionPlan& section) {
    heading(section.level, section.heading);
    write_brief(section.brief, section.show, section.words);
  }

  void write_brief(const std::string& brief, const std::string& show, std::size_t words) {
    out_ += "*" + escaped(filter_.say({"Target: " + std::to_string(words) + " words.", std::to_string(words)})) + "*";
    if (!brief.empty()) out_ += " " + escaped(brief);
    out_ += "\n\n";
    if (!show.empty()) out_ += escaped(filter_.say({"Show: " + show, show})) + "\n\n";
  }

  void write_links() {
    std::string list;
    for (std::size_t i = 0; i < std::min(brief_.internal_links.size(), max_internal_links); ++i) {
      const InternalLink& link = brief_.internal_links[i];
      const std::string title = filter_.strip(content::shorten(link.title, max_link_title));
      const auto address = content::allowed_address(link.url, content::LinkUse::link);
      if (title.empty() || !address || address->empty()) continue;
      content::InlineWriter writer;
      writer.open_link(*address);
      writer.text(title);
      list += "- " + writer.take() + "\n";
    }
    if (list.empty()) return;
    heading(2, filter_.say({"Read next", "Further reading", "More"}));
    out_ += list + "\n";
  }

  void write_checks(const OutlinePlan& plan) {
    if (plan.facts.empty()) return;
    heading(2, filter_.say({"Checks before publishing (delete this part)", "To check (delete this part)", "Checks"}));
    for (const std::string& fact : plan.facts)
      out_ += "- [ ] " + escaped(fact) + "\n";
  }

  const OutlineBrief& brief_;
  const KeywordParts& parts_;
  const WordFilter& filter_;
  std::string out_;
};

// The whole title where it fits, else the keyword that it begins with.
std::string meta_title_of(const std::string& title, const KeywordParts& parts) {
  if (count_code_points(title) <= content::max_meta_title) return title;
  const std::string keyword = capitalised(parts.text);
  const bool is_question = title.starts_with(keyword + "?");
  return content::meta_title(is_question && count_code_points(keyword) < content::max_meta_title ? keyword + "?"
                                                                                                 : keyword);
}

std::vector<std::string> meta_keywords_of(const OutlineBrief& brief, const KeywordParts& parts,
                                          const WordFilter& filter) {
  std::vector<std::string> keywords;
  std::set<std::string> seen;
  const auto add = [&](std::string_view text) {
    const std::string keyword = content::shorten(text, max_keyword_text);
    if (keyword.empty() || keywords.size() == max_meta_keywords || filter.has_any(keyword)) return;
    if (seen.insert(fold_text(keyword)).second) keywords.push_back(keyword);
  };
  add(parts.text);
  for (const std::string& other : brief.cluster_keywords)
    add(other);
  return keywords;
}

}  // namespace

OutlineDraft write_outline(const OutlineBrief& brief) {
  KeywordParts parts = read_keyword(brief.keyword);
  const WordFilter filter(brief.avoid_words, parts.text);
  // "???" is a keyword as well: the draft then speaks of "this topic".
  const std::string slug =
      content::make_slug(parts.text, brief.language, {.drop_stop_words = true, .drop_years = true});
  if (parts.text.empty()) parts.text = parts.subject = "this topic";
  const std::size_t total = std::clamp(brief.word_count, least_words, most_words);
  OutlinePlan plan = plan_outline(brief, parts, filter);
  share_words(plan, total);
  OutlineDraft draft;
  draft.title = plan.title;
  draft.slug = slug;
  draft.meta_title = meta_title_of(plan.title, parts);
  draft.meta_description = plan.description;
  draft.meta_keywords = meta_keywords_of(brief, parts, filter);
  draft.excerpt = plan.description;
  draft.markdown = DraftWriter(brief, parts, filter).write(plan, total);
  return draft;
}

}  // namespace galley::generation
