#include "generation/outline_plan.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/excerpt.hpp"
#include "generation/section_writer.hpp"

namespace galley::generation {
namespace {

constexpr std::size_t max_title = 110;
constexpr std::size_t max_part = 60;
constexpr std::size_t max_audience = 60;
constexpr std::size_t max_cluster_keywords = 20;
constexpr std::size_t max_questions = 5;
constexpr std::size_t words_per_question = 45;
constexpr std::size_t least_section_words = 50;
constexpr std::size_t least_description = 50;

std::string title_of(const SectionWriter& w, const KeywordParts& parts) {
  const std::string k = capitalised(w.keyword);
  const bool asks = fold_text(k).starts_with("what ");
  const std::string asked = k + (fold_text(k).starts_with("why ") ? "?" : ":");
  std::string title;
  switch (parts.form) {
    case KeywordForm::question:
      title = w.say({k + "? The short answer and the reasons", k + "? What it depends on"});
      break;
    case KeywordForm::how_to:
      title = w.say({k + ": steps, tools and mistakes", k + ": what you need and how it goes"});
      break;
    case KeywordForm::comparison:
      title = w.say({k + ": differences and which to choose", k + ": which one suits you"});
      break;
    case KeywordForm::best_of:
      title = w.say({k + ": how to choose", k + ": what matters and what does not"});
      break;
    case KeywordForm::review:
      title = w.say({k + ": strengths, limits, alternatives", k + ": who it is for"});
      break;
    case KeywordForm::definition:
      title = asks ? w.say({k + "? Meaning, use and an example", k + "? In plain words"})
                   : w.say({k + ": what it is and how to use it", k + " in plain words"});
      break;
    case KeywordForm::cost:
      title = w.say({k + ": prices and what drives them", k + ": what to expect"});
      break;
    case KeywordForm::troubleshooting:
      title = w.say({asked + " Causes and cures", asked + " How to find and fix it"});
      break;
    case KeywordForm::local:
      title = w.say({k + ": how to find and judge an offer", k + ": what to ask"});
      break;
    case KeywordForm::generic:
      title = w.say({k + ": what to know", k + ": a practical overview"});
      break;
  }
  // What the words to avoid may leave of "X: a guide".
  while (title.ends_with(':') || title.ends_with(' '))
    title.pop_back();
  return content::shorten(title, max_title);
}

std::string description_of(const SectionWriter& w, const KeywordParts& parts) {
  const std::string k = capitalised(w.keyword);
  switch (parts.form) {
    case KeywordForm::question:
      return w.say({k + "? The answer in short, what it depends on, and how to check it yourself."});
    case KeywordForm::how_to:
      return w.say({k + ": what you need, the steps in order, and the mistakes that are easy to make."});
    case KeywordForm::comparison:
      return w.say({capitalised(w.subject) + " or " + w.other +
                    "? How they differ in result, effort and cost, and which one suits you" + w.purpose + "."});
    case KeywordForm::best_of:
      return w.say({k + ": the criteria that count, a short list, and how to decide."});
    case KeywordForm::review:
      return w.say({k + ": what is good, what is not, who it is for and what else to look at."});
    case KeywordForm::definition:
      return w.say(
          {capitalised(w.subject) + " in plain words: what it means, why it matters and how it works in practice."});
    case KeywordForm::cost:
      return w.say({k + ": the usual range, what the price depends on, and where to save."});
    case KeywordForm::troubleshooting:
      return w.say({k + (fold_text(k).starts_with("why ") ? "? First" : ": first") +
                    " checks, the causes from common to rare, and how to put it right."});
    case KeywordForm::local:
      return w.say({k + ": where to look, how to judge an offer, and what to ask before you agree."});
    case KeywordForm::generic:
      return w.say({k + ": what to know first, how it works, and the mistakes to look out for."});
  }
  return {};
}

// Search engines show 50 to 160 characters: a short one gets another sentence, a long keyword is cut.
std::string fit_description(std::string text, const WordFilter& filter) {
  for (const std::string_view more :
       {"Clear answers and what to do next.", "With the points to check first.", "Read on for the rest."}) {
    if (count_code_points(text) >= least_description) break;
    text += (text.empty() ? "" : " ") + filter.strip(more);
  }
  return content::meta_description(text);
}

std::string question_about(const SectionWriter& w, std::string_view keyword) {
  const KeywordParts parts = read_keyword(keyword);
  const std::string subject = content::shorten(parts.subject, max_part);
  const std::string text = content::shorten(parts.text, 2 * max_part);
  switch (parts.form) {
    case KeywordForm::question:
      return w.say({capitalised(text) + "?"});
    case KeywordForm::how_to:
      return fold_text(text).starts_with("how ")
                 ? w.say({capitalised(text) + "?"})
                 : w.say({"What is the way to go about " + subject + "?", capitalised(text) + "?"});
    case KeywordForm::comparison:
      return w.say(
          {"What is the difference between " + subject + " and " + content::shorten(parts.other, max_part) + "?"});
    case KeywordForm::best_of:
      return w.say({"How do I choose a " + subject +
                    (parts.purpose.empty() ? "" : " (" + content::shorten(parts.purpose, max_part) + ")") + "?"});
    case KeywordForm::review:
      return w.say({"Is " + subject + " worth it?"});
    case KeywordForm::definition:
      return w.say({"What does " + subject + " mean?"});
    case KeywordForm::cost:
      return w.say({"What does " + subject + " cost?"});
    case KeywordForm::troubleshooting:
      return fold_text(text).starts_with("why ") ? w.say({capitalised(text) + "?"})
                                                 : w.say({"What can I do about " + subject + "?"});
    case KeywordForm::local:
      return w.say({"Where do I find " + subject + "?"});
    case KeywordForm::generic:
      return w.say({"What should I know about " + subject + "?"});
  }
  return {};
}

// Questions of the cluster first, since people search for them; then those that any reader of this form has.
std::vector<SectionPlan> questions_of(const SectionWriter& w, const OutlineBrief& brief, const KeywordParts& parts,
                                      const WordFilter& filter, std::size_t max) {
  std::vector<std::string> candidates;
  for (std::size_t i = 0; i < std::min(brief.cluster_keywords.size(), max_cluster_keywords); ++i) {
    const std::string other = tidy_line(brief.cluster_keywords[i]);
    if (fold_text(other) != fold_text(parts.text) && !filter.has_any(other) && !read_keyword(other).subject.empty())
      candidates.push_back(question_about(w, other));
  }
  candidates.push_back(w.say(
      {"What do beginners get wrong about " + w.subject + "?", "What surprises people about " + w.subject + "?"}));
  candidates.push_back(w.say({"How long does it take?", "How much does it cost?", "Is it worth the effort?"}));
  candidates.push_back(
      w.say({"What else is worth reading on this?", "Who should not do this?", "What changes with experience?"}));
  std::vector<SectionPlan> questions;
  std::set<std::string> seen;
  const std::string brief_text =
      w.say({"Answer in two to four sentences that can stand alone; no link in the first one."});
  for (std::string& candidate : candidates) {
    if (questions.size() == max) break;
    if (candidate.size() < 2 || !candidate.ends_with('?') || !seen.insert(fold_text(candidate)).second) continue;
    questions.push_back({.heading = std::move(candidate), .brief = brief_text, .level = 3});
  }
  return questions;
}

std::vector<std::string> facts_of(const SectionWriter& w, const KeywordParts& parts) {
  std::vector<std::string> facts = {w.say({"Every figure has a source and a date."})};
  switch (parts.form) {
    case KeywordForm::comparison:
      facts.push_back(w.say({"Both " + w.subject + " and " + w.other + " were looked at in their current versions."}));
      break;
    case KeywordForm::best_of:
    case KeywordForm::review:
      facts.push_back(w.say({"Only what was really used is called tried: " + w.subject + "."}));
      facts.push_back(w.say({"Prices and model names are of this month; paid links are marked."}));
      break;
    case KeywordForm::cost:
    case KeywordForm::local:
      facts.push_back(w.say({"Prices name their country, currency and month."}));
      break;
    case KeywordForm::how_to:
    case KeywordForm::troubleshooting:
      facts.push_back(w.say({"Somebody has followed the steps exactly as written: " + w.subject + "."}));
      facts.push_back(w.say({"Warnings stand before the step that they are about."}));
      break;
    case KeywordForm::question:
    case KeywordForm::definition:
    case KeywordForm::generic:
      facts.push_back(w.say({"The first sentence answers the search: " + w.keyword + "."}));
      break;
  }
  facts.push_back(w.say({"Names and terms are spelled as their owners do."}));
  std::erase_if(facts, [](const std::string& fact) { return fact.empty(); });
  return facts;
}

std::size_t* words_of_last(OutlinePlan& plan) {
  if (!plan.questions.empty()) return &plan.questions.back().words;
  if (!plan.sections.empty()) return &plan.sections.back().words;
  return &plan.opening_words;
}

// The lightest one that can go: subsections first, never a section that has any.
void drop_lightest(std::vector<SectionPlan>& sections) {
  const bool has_subsections = std::ranges::any_of(sections, [](const SectionPlan& s) { return s.level == 3; });
  auto lightest = sections.end();
  for (auto section = sections.begin(); section != sections.end(); ++section) {
    if (has_subsections && section->level != 3) continue;
    if (lightest == sections.end() || section->weight <= lightest->weight) lightest = section;
  }
  sections.erase(lightest);
}

}  // namespace

OutlinePlan plan_outline(const OutlineBrief& brief, const KeywordParts& parts, const WordFilter& filter) {
  SectionWriter writer(parts, filter);
  OutlinePlan plan;
  plan.title = title_of(writer, parts);
  plan.description = fit_description(description_of(writer, parts), filter);
  plan.opening = writer.say(
      {"Begin with the situation in which somebody searches for this. Say what the article settles and for whom.",
       "Begin with the question behind the search, and answer it in one sentence. Then say what follows below.",
       "Begin with one concrete scene or figure. End with what the reader will be able to do."});
  add_form_sections(writer, parts, brief.intent);
  const bool sells = parts.form == KeywordForm::best_of || parts.form == KeywordForm::comparison ||
                     parts.form == KeywordForm::review || parts.form == KeywordForm::cost ||
                     parts.form == KeywordForm::generic;
  if (brief.intent == SearchIntent::commercial && !sells)
    writer.add(9, {"What to look at before you buy"}, "Three points that decide, and one that does not matter.");
  if (brief.intent == SearchIntent::transactional && parts.form != KeywordForm::generic)
    writer.add(9, {"Price, delivery and guarantee"}, "What is usual, with dates and sources.");
  if (const std::string audience = content::shorten(filter.strip(brief.audience), max_audience); !audience.empty())
    writer.add(9, {"What this means for " + audience},
               "What is different for these readers, with an example of theirs.");
  plan.sections = std::move(writer.sections);
  const std::size_t question_count = std::clamp<std::size_t>(brief.word_count / 400, 1, max_questions);
  plan.questions = questions_of(writer, brief, parts, filter, question_count);
  plan.facts = facts_of(writer, parts);
  return plan;
}

void share_words(OutlinePlan& plan, std::size_t total) {
  const auto in_fives = [](std::size_t words) { return words / 5 * 5; };
  plan.opening_words = std::max<std::size_t>(30, in_fives(total * 8 / 100));
  std::size_t left = total - plan.opening_words;
  for (SectionPlan& question : plan.questions) {
    question.words = words_per_question;
    left -= words_per_question;
  }
  while (plan.sections.size() > 2 && plan.sections.size() * least_section_words > left)
    drop_lightest(plan.sections);
  for (std::size_t i = 0; i < plan.sections.size(); ++i) {
    // A section that only led to its subsections has to carry its topic alone once they are gone.
    const bool leads = i + 1 < plan.sections.size() && plan.sections[i + 1].level == 3;
    if (!leads) plan.sections[i].weight = std::max<std::size_t>(plan.sections[i].weight, 8);
  }
  std::size_t weights = 0;
  for (const SectionPlan& section : plan.sections)
    weights += section.weight;
  std::size_t given = 0;
  for (SectionPlan& section : plan.sections) {
    section.words = in_fives(left * section.weight / weights);
    given += section.words;
  }
  *words_of_last(plan) += left - given;
}

}  // namespace galley::generation
