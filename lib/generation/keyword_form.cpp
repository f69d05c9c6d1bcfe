#include "generation/keyword_form.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <vector>

#include "base/encoding.hpp"
#include "base/unicode.hpp"

namespace galley::generation {
namespace {

using Words = std::vector<std::string>;

Words split(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string join(const Words& words, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end && i < words.size(); ++i) {
    if (!out.empty()) out += ' ';
    out += words[i];
  }
  return out;
}

// The keyword's words as written and folded, side by side.
class Wording {
 public:
  explicit Wording(std::string_view text) : written_(split(text)) {
    for (const std::string& word : written_) {
      std::string folded = fold_text(word);
      while (!folded.empty() && (folded.back() == '.' || folded.back() == ','))
        folded.pop_back();
      folded_.push_back(std::move(folded));
    }
  }

  std::size_t size() const { return folded_.size(); }
  std::string written(std::size_t begin, std::size_t end) const { return join(written_, begin, end); }
  bool is(std::size_t index, std::initializer_list<std::string_view> words) const {
    return index < size() && std::ranges::find(words, folded_[index]) != words.end();
  }
  bool starts(std::string_view phrase) const { return at(0, phrase); }
  bool has(std::string_view phrase) const { return find(phrase).has_value(); }
  std::optional<std::size_t> find(std::string_view phrase) const {
    for (std::size_t i = 0; i < size(); ++i) {
      if (at(i, phrase)) return i;
    }
    return std::nullopt;
  }
  bool has_any(std::initializer_list<std::string_view> phrases) const {
    return std::ranges::any_of(phrases, [this](std::string_view phrase) { return has(phrase); });
  }
  bool starts_any(std::initializer_list<std::string_view> phrases) const {
    return std::ranges::any_of(phrases, [this](std::string_view phrase) { return starts(phrase); });
  }

 private:
  bool at(std::size_t index, std::string_view phrase) const {
    const Words words = split(phrase);
    if (index + words.size() > size()) return false;
    return std::equal(words.begin(), words.end(), folded_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  Words written_;
  Words folded_;
};

bool is_comparison(const Wording& words) {
  return words.has_any({"vs", "versus"});
}
bool is_local(const Wording& words) {
  return words.has_any({"near me", "nearby", "in my area", "in der nähe"});
}
bool is_cost(const Wording& words) {
  return words.has_any({"cost", "costs", "price", "prices", "pricing", "kosten", "preis", "prix", "precio", "prezzo"});
}
bool is_trouble(const Wording& words) {
  return words.starts_any({"why is my", "why are my", "why does my", "why won't my", "how to fix", "no"}) ||
         words.has_any({"not working", "not coming", "problem", "problems", "how to fix", "leaking", "tripping",
                        "broken", "sticking", "low pressure", "troubleshooting", "running too", "tastes watery",
                        "burnt taste", "inconsistent", "won't", "error"});
}
bool is_how_to(const Wording& words) {
  return words.starts_any({"how to", "how do i", "how do you", "how can i", "wie", "comment", "cómo", "como fazer"}) ||
         words.has_any({"recipe", "step by step", "for beginners", "technique", "method"});
}
bool is_best_of(const Wording& words) {
  return words.starts_any({"best", "top", "cheapest", "beste", "bester", "bestes", "besten", "meilleur", "meilleure",
                           "mejor", "mejores", "migliore", "migliori", "melhor", "melhores"}) ||
         words.has_any({"alternatives", "gifts", "ideas", "buying guide"});
}
bool is_definition(const Wording& words) {
  return words.starts_any({"what is", "what are", "was ist", "qu'est-ce que", "qué es", "cos'è"}) ||
         (words.starts("what does") && words.has("mean")) || words.has_any({"meaning", "definition", "explained"});
}
bool is_question(const Wording& words) {
  return words.is(0,
                  {"what", "why",  "how",    "when", "which", "who",  "where",  "is",       "are",  "can",    "could",
                   "do",   "does", "should", "will", "warum", "wann", "welche", "pourquoi", "quel", "quelle", "por"});
}

// In the order in which a wording that fits several is meant: "best V60 vs Chemex price" compares.
KeywordForm form_of(const Wording& words, bool has_question_mark) {
  if (is_comparison(words)) return KeywordForm::comparison;
  if (is_local(words)) return KeywordForm::local;
  if (is_trouble(words)) return KeywordForm::troubleshooting;
  if (is_cost(words)) return KeywordForm::cost;
  if (is_best_of(words)) return KeywordForm::best_of;
  if (words.has_any({"review", "reviews", "erfahrungen"})) return KeywordForm::review;
  if (words.has("worth it") && !is_question(words)) return KeywordForm::review;
  if (words.starts("how to") || (is_how_to(words) && !is_question(words))) return KeywordForm::how_to;
  if (is_definition(words)) return KeywordForm::definition;
  if (words.starts_any({"how do i", "how do you", "how can i"})) return KeywordForm::how_to;
  if (is_question(words) || has_question_mark) return KeywordForm::question;
  return KeywordForm::generic;
}

std::size_t length_of_start(const Wording& words, std::initializer_list<std::string_view> phrases) {
  for (const std::string_view phrase : phrases) {
    if (words.starts(phrase)) return split(phrase).size();
  }
  return 0;
}

// The words that are left without those at the beginning and end that only say what form it is.
std::string without_frame(const Wording& words, std::initializer_list<std::string_view> starts,
                          std::initializer_list<std::string_view> ends) {
  const std::size_t begin = length_of_start(words, starts);
  std::size_t end = words.size();
  for (const std::string_view phrase : ends) {
    const auto found = words.find(phrase);
    if (found && *found > begin && *found + split(phrase).size() == words.size()) end = std::min(end, *found);
  }
  return words.written(begin, end);
}

void read_comparison(const Wording& words, KeywordParts& parts) {
  std::size_t middle = 0;
  while (!words.is(middle, {"vs", "versus"}))
    ++middle;
  std::size_t end = words.size();
  for (std::size_t i = middle + 2; i < words.size(); ++i) {
    if (words.is(i, {"for", "in", "at"})) end = std::min(end, i);
  }
  parts.subject = words.written(0, middle);
  parts.other = words.written(middle + 1, end);
  parts.purpose = words.written(end + 1, words.size());
}

void read_best_of(const Wording& words, KeywordParts& parts) {
  std::size_t end = words.size();
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words.is(i, {"for", "under", "with", "of"})) end = std::min(end, i);
  }
  const std::size_t begin = words.is(0, {"best", "top", "cheapest", "beste", "bester", "bestes", "besten", "meilleur",
                                         "meilleure", "mejor", "mejores", "migliore", "migliori", "melhor", "melhores"})
                                ? 1
                                : 0;
  parts.subject = words.written(begin, end);
  if (words.is(end, {"for"})) parts.purpose = words.written(end + 1, words.size());
  if (words.is(end, {"under", "with", "of"})) parts.purpose = words.written(end, words.size());
}

void read_parts(const Wording& words, KeywordParts& parts) {
  switch (parts.form) {
    case KeywordForm::comparison:
      read_comparison(words, parts);
      break;
    case KeywordForm::best_of:
      read_best_of(words, parts);
      break;
    case KeywordForm::how_to:
      parts.subject = without_frame(words, {"how to", "how do i", "how do you", "how can i"}, {"step by step"});
      break;
    case KeywordForm::definition:
      parts.subject =
          without_frame(words, {"what is a", "what is an", "what is the", "what is", "what are", "what does"},
                        {"meaning", "definition", "explained", "mean"});
      break;
    case KeywordForm::review:
      parts.subject = without_frame(words, {}, {"review", "reviews", "worth it"});
      break;
    case KeywordForm::cost:
      parts.subject = without_frame(words, {"how much does a", "how much does an", "how much does", "how much do"},
                                    {"cost", "costs", "price", "prices", "pricing"});
      break;
    case KeywordForm::local:
      parts.subject = without_frame(words, {"buy"}, {"near me", "nearby", "in my area"});
      break;
    case KeywordForm::troubleshooting:
      parts.subject =
          without_frame(words, {"how to fix", "why is my", "why are my", "why does my"}, {"how to fix", "problem"});
      break;
    case KeywordForm::question:
    case KeywordForm::generic:
      parts.subject = without_frame(words, {"buy", "is the", "are the"}, {});
      break;
  }
}

}  // namespace

KeywordParts read_keyword(std::string_view keyword) {
  KeywordParts parts;
  parts.text = std::string(trim_ascii(first_code_points(tidy_line(keyword), max_keyword_text)));
  const bool has_question_mark = parts.text.ends_with('?');
  while (parts.text.ends_with('?') || parts.text.ends_with(' '))
    parts.text.pop_back();
  const Wording words(parts.text);
  parts.form = form_of(words, has_question_mark);
  read_parts(words, parts);
  // "vs Chemex" and "best" lack the part that their form needs.
  if (parts.subject.empty() || (parts.form == KeywordForm::comparison && parts.other.empty())) {
    parts.form = has_question_mark ? KeywordForm::question : KeywordForm::generic;
    parts.subject = parts.text;
    parts.other.clear();
    parts.purpose.clear();
  }
  return parts;
}

std::string capitalised(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

}  // namespace galley::generation
