// Slugs: the last part of an article's address, made from its title. Transliteration by ICU with rules of our own where
// its result is not what readers of a language write. All functions are thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace galley::content {

// In code points. Slugs that people bring along may be as long as max_given_slug.
inline constexpr std::size_t max_slug = 75;
inline constexpr std::size_t max_given_slug = 200;

struct SlugStyle {
  bool drop_stop_words = false;  // of the language, where two words or more remain
  bool drop_years = false;       // 1900 to 2099, where any word remains
  std::size_t max_length = max_slug;
};

// [a-z0-9-], cut at a word's end; Japanese, Arabic, Persian, Urdu and Hebrew text keeps its letters (the address
// percent-encodes them), because its transliteration is not what anybody would type. language is BCP 47, may be empty.
// A reserved word gets "-2". Empty where the title has no letter or digit (emoji alone): the caller falls back to an
// id. make_slug(make_slug(x)) is make_slug(x).
std::string make_slug(std::string_view title, std::string_view language, const SlugStyle& style = {});

// base, then base-2, base-3 …: cut so that the result is within max_slug. n from 1.
std::string numbered_slug(std::string_view base, std::size_t n);

// Non-empty lower-case words of letters and digits (any script, NFC), joined by single hyphens, at most max_given_slug
// code points, and not reserved.
bool is_slug(std::string_view text);

// Words that a CMS or a web server serves something else under: "feed", "wp-admin", "sitemap" …
bool is_reserved_slug(std::string_view text);

}  // namespace galley::content
