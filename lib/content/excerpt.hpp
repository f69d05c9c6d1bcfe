// What is derived from an article's text: its excerpt, meta lines and measures. Lengths are in code points; a cut never
// falls inside a grapheme (an emoji with its modifiers, a letter with its accents). Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace galley::content {

inline constexpr std::size_t max_meta_title = 60;
inline constexpr std::size_t max_meta_description = 160;
inline constexpr std::size_t default_excerpt = 200;

// The first paragraphs' plain text (no headings, code, tables), shortened to max.
std::string excerpt(std::string_view markdown, std::size_t max = default_excerpt);

// One line of at most max code points: whole where it fits, else up to the last sentence's end in its second half,
// else up to a word's end and "…". White space is folded.
std::string shorten(std::string_view text, std::size_t max);

// Cut at a word's end without "…".
std::string meta_title(std::string_view title);
std::string meta_description(std::string_view text);

// Words of the Markdown's plain text: between white space where a script writes it, by ICU's dictionaries in Chinese,
// Japanese, Thai, Lao, Khmer and Burmese text.
std::size_t word_count(std::string_view markdown);
std::size_t word_count_of_text(std::string_view plain);

// 250 words a minute, rounded up, at least 1.
std::size_t reading_time_minutes(std::size_t words);

}  // namespace galley::content
