#include "content/slug.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/slug_letters.hpp"
#include "content/utf8.hpp"

namespace galley::content {
namespace {

// Sorted. What WordPress, Ghost, web servers and this program's own routes answer with something else.
constexpr std::string_view reserved[] = {
    "admin",      "api",         "archive",  "archives",  "assets",    "atom",    "author",   "authors", "blog",
    "categories", "category",    "comments", "content",   "dashboard", "embed",   "favicon",  "feed",    "feeds",
    "ghost",      "index",       "login",    "logout",    "media",     "page",    "pages",    "posts",   "preview",
    "private",    "register",    "robots",   "rss",       "search",    "signin",  "signup",   "sitemap", "sitemaps",
    "static",     "tag",         "tags",     "trackback", "uploads",   "webhook", "webhooks", "wp",      "wp-admin",
    "wp-content", "wp-includes", "wp-json",  "wp-login"};
static_assert(std::ranges::is_sorted(reserved));

struct StopWords {
  std::string_view language;
  std::string_view words;  // as slugs spell them, a space before and after each
};
constexpr StopWords stop_words[] = {
    {"en",
     " a an the and or but of in on at to for from by with is are was be it its this that these those your my our as "
     "into "},
    {"de",
     " der die das den dem des ein eine einen einem einer eines und oder aber von vom im in am an auf zu zum zur fuer "
     "mit ist sind "
     "bei aus es als "},
    {"fr",
     " le la les l un une des de du d et ou mais a au aux en dans sur pour par avec est sont ce cette ces qu que "},
    {"es", " el la los las un una unos unas y o pero de del en a al con por para es son que su sus lo "},
    {"it",
     " il lo la i gli le l un una uno e o ma di del della dei delle d in nel nella a al alla con per da dal su sul "
     "che "},
    {"pt", " o a os as um uma uns umas e ou mas de do da dos das em no na nos nas ao com por para que "},
    {"nl", " de het een en of maar van in op te aan voor met is zijn bij uit als dat dit "},
    {"sv", " en ett den det de och eller men av i pa till for med ar som om "},
    {"da", " en et den det de og eller men af i paa til for med er som om "},
    {"pl", " i w z na do o od po za dla ze jest sa to a lub oraz "},
};

bool is_stop_word(std::string_view word, std::string_view language) {
  for (const StopWords& list : stop_words) {
    if (list.language == language) return list.words.find(" " + std::string(word) + " ") != std::string_view::npos;
  }
  return false;
}

bool is_year(std::string_view word) {
  return word.size() == 4 && (word.starts_with("19") || word.starts_with("20")) && word[2] >= '0' && word[2] <= '9' &&
         word[3] >= '0' && word[3] <= '9';
}

std::string join(const std::vector<std::string>& words, std::size_t max) {
  std::string out;
  std::size_t length = 0;
  for (const std::string& word : words) {
    const std::size_t letters = count_code_points(word);
    if (out.empty()) {
      out = first_code_points(word, max);
      length = std::min(letters, max);
      continue;
    }
    if (length + 1 + letters > max) break;
    out += "-" + word;
    length += 1 + letters;
  }
  return out;
}

std::vector<std::string> drop_weak_words(std::vector<std::string> words, std::string_view language,
                                         const SlugStyle& style) {
  if (style.drop_years && !std::ranges::all_of(words, is_year)) std::erase_if(words, is_year);
  if (!style.drop_stop_words) return words;
  std::vector<std::string> strong = words;
  std::erase_if(strong, [&](const std::string& word) { return is_stop_word(word, language); });
  return strong.size() >= 2 ? strong : words;
}

std::string slug_once(std::string_view title, std::string_view language, const SlugStyle& style) {
  return join(drop_weak_words(slug_words(title, language), language, style), style.max_length);
}

// Letters and digits as make_slug() would leave them: nothing that has a lower-case form.
bool is_slug_letter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  const auto character = static_cast<UChar32>(c);
  const bool is_mark = u_charType(character) == U_NON_SPACING_MARK || u_charType(character) == U_COMBINING_SPACING_MARK;
  return (u_isalnum(character) || is_mark) && u_tolower(character) == character;
}

}  // namespace

std::string make_slug(std::string_view title, std::string_view language, const SlugStyle& style) {
  const std::string primary = primary_language(language);
  std::string slug = slug_once(title, primary, style);
  // Whether letters are kept depends on the whole title, which the cut may have ended before the letter that decided.
  if (!std::ranges::all_of(slug, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    slug = slug_once(slug, primary, style);
  return is_reserved_slug(slug) ? numbered_slug(slug, 2) : slug;
}

std::string numbered_slug(std::string_view base, std::size_t n) {
  const std::string suffix = n <= 1 ? std::string() : "-" + std::to_string(n);
  std::string_view kept = first_code_points(base, max_slug - suffix.size());
  while (kept.ends_with('-'))
    kept.remove_suffix(1);
  return std::string(kept) + suffix;
}

bool is_slug(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-' || !is_utf8(text)) return false;
  if (count_code_points(text) > max_given_slug || is_reserved_slug(text)) return false;
  char32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == '-' ? before == '-' : !is_slug_letter(c)) return false;
    before = c;
  }
  return tidy_line(text) == text;
}

bool is_reserved_slug(std::string_view text) {
  return std::ranges::binary_search(reserved, text);
}

}  // namespace galley::content
