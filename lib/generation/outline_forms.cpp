#include <string>

#include "base/unicode.hpp"
#include "generation/section_writer.hpp"

namespace galley::generation {
namespace {

void add_comparison(SectionWriter& w) {
  const std::string &a = w.subject, &b = w.other;
  w.add(12, {a + " and " + b + " at a glance", a + " or " + b + " in short"},
        "Name the one difference that decides for most readers, then the table.",
        "A table with a column for " + a + " and one for " + b + ": price, effort, result, care, who it suits.");
  w.add(15, {"What " + a + " does well", "Where " + a + " is ahead"},
        "Two or three strengths, each with an example from use, and the weakness that comes with it.");
  w.add(15, {"What " + b + " does well", "Where " + b + " is ahead"},
        "The same for the other side, in the same order, so that readers can compare line by line.");
  w.add(6, {"How they differ in practice", a + " against " + b + " in daily use"},
        "One sentence that says what was compared and how.");
  w.add(9, {"The result", "What you get from each"}, "Describe what comes out of each, side by side.",
        "Two pictures under the same light.", 3);
  w.add(9, {"Effort and skill", "Time and practice"}, "Minutes per use, and weeks until it goes well.", "", 3);
  w.add(9, {"Cost over the years", "Money, now and later"}, "Price today, parts, upkeep. Give dates and sources.", "",
        3);
  w.add(10, {"Choose " + a + " if", "Who should take " + a}, "Three situations in which it is the right one.");
  w.add(10, {"Choose " + b + " if", "Who should take " + b}, "Three situations in which the other one is.");
  if (!w.purpose.empty()) w.add(9, {"Which one is right" + w.purpose}, "Answer for this use alone, with the reason.");
}

void add_how_to(SectionWriter& w, const KeywordParts& parts) {
  // "how to clean a grinder" leaves a verb; "espresso tonic recipe" a noun.
  const bool is_verb = fold_text(parts.text).starts_with("how ");
  const std::string to_do = is_verb ? "to " + w.subject : "for " + w.subject;
  w.add(12, {"What you need " + to_do, "Before you begin"}, "List tools, amounts and the time that it takes.",
        "A short list with amounts.");
  w.add(34, {is_verb ? "How to " + w.subject + ", step by step" : w.subject + ", step by step"},
        "Five to eight numbered steps, one action each, with the number or sign that tells when to go on.",
        "A picture of each step that is hard to put into words.");
  w.add(12, {"How to tell that it worked", "What the result should be like"},
        "Signs that anybody can see, taste or measure.");
  w.add(16, {"Mistakes that are easy to make", "What goes wrong, and why"},
        "Three or four, each with its cause and its cure.");
  w.add(12, {"If it still does not work", "When another way is better"},
        "Say who should do something else instead, and what.");
  w.add(10, {"Keeping it up", "How often to do this"}, "The interval, and what it depends on.");
}

void add_best_of(SectionWriter& w) {
  const std::string thing = w.subject + w.purpose;
  w.add(18, {"What makes a good " + thing, "What to look for: " + thing},
        "Four criteria in the order of their weight, each with the value that is enough.",
        "A table: criterion, enough, better, not needed.");
  w.add(10, {"How these were chosen", "How this list came about"},
        "Say what was tried, by whom and for how long, and what was only read about. Name what was not tried.");
  w.add(4, {"The short list", "The picks in short"}, "One line for each pick; add only what was really tried.",
        "A table: name, price with date, suits, does not suit.");
  w.add(12, {"First choice for most people"}, "Why it wins on the criteria above, and its one drawback.", "", 3);
  w.add(12, {"For less money"}, "What is given up for the lower price, and what is not.", "", 3);
  w.add(12, {"For a special need"}, "The need, and why the first choice fails there.", "", 3);
  w.add(10, {"What to leave alone", "What is not worth the money"},
        "Two or three kinds, with reasons and without mockery.");
  w.add(12, {"How to decide on a " + w.subject, "Deciding on a " + w.subject},
        "A short path of three yes-or-no questions.");
}

void add_review(SectionWriter& w) {
  w.add(12, {w.subject + " in short", "The verdict on " + w.subject},
        "The verdict first: for whom, for whom not, at what price.");
  w.add(14, {"What " + w.subject + " is, and for whom"}, "What it is, what comes with it, which versions there are.",
        "A table of the figures that matter, with their source.");
  w.add(12, {"Setting up and first use", "The first day"}, "What took time, what was missing, what surprised.");
  w.add(26, {"In daily use", "After some weeks of use"},
        "What was done with it, how often, and how it held up. Only what was really seen.",
        "Own pictures, not the maker's.");
  w.add(16, {"What is good and what is not"}, "Three of each, the same length.", "Two lists side by side.");
  w.add(12, {"What else to look at instead of " + w.subject, "Other ways to spend the money"},
        "Two others and the reason to prefer each.");
  w.add(8, {"Is " + w.subject + " worth it?"}, "Yes, no, or for whom, in two sentences.");
}

void add_definition(SectionWriter& w) {
  w.add(18, {"What " + w.subject + " means", w.subject + ": the meaning in plain words"},
        "One sentence that could stand alone, then the detail. No term that is not explained.");
  w.add(16, {"Why it matters", "What it changes"}, "What a reader notices with it and without it.");
  w.add(24, {"How it works in practice", w.subject + " in practice"},
        "The mechanism in three or four steps, with figures where there are any.",
        "A drawing or a table with typical values.");
  w.add(14, {"An example", "One example from start to end"}, "One concrete case with names and numbers.");
  w.add(14, {"What it is often mixed up with", w.subject + " and its neighbours"},
        "Two or three similar terms, and the difference in a line each.");
  w.add(12, {"What to do with this", "Where to go from here"}, "The one thing to try next.");
}

void add_cost(SectionWriter& w) {
  w.add(18, {"The range: " + w.subject, w.subject + ": what it costs today"},
        "Lowest, usual and highest price, with date, country and source.",
        "A table of prices with the day they were looked up.");
  w.add(22, {"What the price depends on", "What drives the price"},
        "Four causes, the strongest first, each with how much it moves the price.");
  w.add(4, {"What you get for the money", "Three budgets"}, "One sentence that leads to the three levels.");
  w.add(9, {"A small budget"}, "What is possible, and what has to be given up.", "", 3);
  w.add(9, {"A middle budget"}, "What the next step buys that can be noticed.", "", 3);
  w.add(9, {"A large budget"}, "Where more money stops making a difference.", "", 3);
  w.add(14, {"Costs that come later", "What comes on top"}, "Upkeep, parts, energy, time.");
  w.add(14, {"How to spend less on " + w.subject, "Where to save, and where not"},
        "Two ways that work, one that costs more in the end.");
}

void add_troubleshooting(SectionWriter& w) {
  w.add(14, {w.keyword + ": look at these first", "First checks: " + w.keyword},
        "Three checks that need no tool and settle most cases.", "A short checklist.");
  w.add(6, {"The causes, from common to rare", "What is behind it"},
        "One sentence on how the causes can be told apart.", "A table: sign, cause, cure.");
  w.add(12, {"The usual cause"}, "How it shows, why it happens, how to be sure.", "", 3);
  w.add(10, {"The second most common cause"}, "The same, and what sets it apart from the first.", "", 3);
  w.add(8, {"A rare cause"}, "How to recognise it, and whether it can wait.", "", 3);
  w.add(26, {"How to put it right", "The repair, step by step"},
        "Numbered steps, the cheapest first, with the sign that each has worked.",
        "A picture of the part in question.");
  w.add(10, {"When to stop and get help"},
        "Signs of danger or of damage, and who to ask. Electricity, pressure and hot water need a warning.");
  w.add(12, {"How to keep it from coming back"}, "Habits and intervals.");
}

void add_local(SectionWriter& w) {
  w.add(24, {"How to find " + w.subject + " near you", "Where to look for " + w.subject},
        "Kinds of places, registers and maps; how to read the ratings there.");
  w.add(22, {"How to judge an offer"}, "Signs of good and of bad ones; papers and guarantees.",
        "A list of good and bad signs.");
  w.add(16, {"What it should cost"}, "The usual range with date and region.");
  w.add(20, {"What to ask before you agree", "Questions for the first call"},
        "Six questions and the answers to expect.", "A list to print.");
  w.add(14, {"If there is nothing close by"}, "Sending in, remote help, doing it yourself.");
}

void add_question(SectionWriter& w) {
  w.add(16, {w.keyword + "? The short answer", "In short: " + w.keyword + "?"},
        "Answer in the first sentence. Then the condition under which the answer changes.");
  w.add(24, {"What the answer depends on", "Why there is more than one answer"},
        "Three factors, the strongest first, each with a figure or an example.", "A table: situation, answer, reason.");
  w.add(20, {"The reasons behind it", "Why that is so"}, "The mechanism in plain words, with a source for each claim.");
  w.add(16, {"How to find out for yourself", "A test to do at home"},
        "A test that takes minutes, and how to read its result.");
  w.add(12, {"Exceptions", "When it is different"}, "Cases in which the short answer is wrong.");
  w.add(12, {"What follows from it", "What to do now"}, "One thing to do, one to stop doing.");
}

void add_generic(SectionWriter& w, SearchIntent intent) {
  const std::string& s = w.subject;
  w.add(18, {"What to know about " + s + " first", s + ": the main points"},
        "The three things that readers should take away, in full sentences.");
  switch (intent) {
    case SearchIntent::informational:
      w.add(24, {"How it works", "The parts of it"}, "Explain from the ground up, in the order in which it happens.",
            "A drawing or a table.");
      w.add(22, {"Using it well: " + s, s + " in practice"}, "What to do first, second and third, with figures.");
      break;
    case SearchIntent::commercial:
      w.add(24, {"The kinds there are of " + s, "Kinds and differences"},
            "Three kinds at most, and what sets them apart.", "A table of the kinds.");
      w.add(22, {"How to choose"}, "Criteria in the order of their weight.");
      break;
    case SearchIntent::transactional:
      w.add(24, {"What to check before you buy", "Before you order"},
            "What a good offer states: origin, date, size, guarantee.", "A checklist.");
      w.add(22, {"Price, delivery and returns"}, "Usual prices with date, delivery times, what can be sent back.");
      break;
    case SearchIntent::navigational:
      w.add(24, {"Where to find it", "The way to " + s},
            "The official address, and how to tell it from copies. Check that it still works.");
      w.add(22, {"What to have at hand"}, "Numbers, receipts and dates that will be asked for.");
      break;
  }
  w.add(14, {"Mistakes with " + s, "What people get wrong about " + s}, "Three, each with its cause and its cure.");
  w.add(12, {"Where to go from here"}, "The next step for beginners and for those who know it already.");
}

}  // namespace

void add_form_sections(SectionWriter& writer, const KeywordParts& parts, SearchIntent intent) {
  switch (parts.form) {
    case KeywordForm::question:
      return add_question(writer);
    case KeywordForm::how_to:
      return add_how_to(writer, parts);
    case KeywordForm::comparison:
      return add_comparison(writer);
    case KeywordForm::best_of:
      return add_best_of(writer);
    case KeywordForm::review:
      return add_review(writer);
    case KeywordForm::definition:
      return add_definition(writer);
    case KeywordForm::cost:
      return add_cost(writer);
    case KeywordForm::troubleshooting:
      return add_troubleshooting(writer);
    case KeywordForm::local:
      return add_local(writer);
    case KeywordForm::generic:
      return add_generic(writer, intent);
  }
}

}  // namespace galley::generation
