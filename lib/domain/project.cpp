#include "domain/project.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/encoding.hpp"
#include "domain/field_check.hpp"
#include "domain/web_url.hpp"

namespace galley {
namespace {

constexpr std::size_t max_name = 200, max_niche = 500, max_tone = 200, max_style = 2000, max_author = 200;
constexpr std::size_t max_avoid_words = 100, max_avoid_word = 100;
constexpr std::size_t max_domain = 500, max_permalink = 200, max_language = 35;  // bytes

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_letters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_letter);
}
bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}
bool all_alphanumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// An empty segment or a "." or ".." would be resolved away by whoever follows the address.
bool has_unstable_segment(std::string_view path) {
  if (path.find("//") != std::string_view::npos) return true;
  const std::vector<std::string_view> segments = split(path, '/');
  return std::any_of(segments.begin(), segments.end(), [](std::string_view s) { return s == "." || s == ".."; });
}

Error bad_domain(std::string reason) {
  return invalid("target_domain", std::move(reason));
}
Error bad_permalink(std::string reason) {
  return invalid("permalink", std::move(reason));
}

bool is_permalink_literal(std::string_view text) {
  constexpr std::string_view others = "-._~!$&'()*+,;=:@/";
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
           others.find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<std::string> normalize_target_domain(std::string_view given) {
  const std::string_view text = trim_ascii(given);
  if (text.empty()) return bad_domain("must not be blank");
  if (text.size() > max_domain) return bad_domain("must be at most " + std::to_string(max_domain) + " bytes long");
  if (text.find_first_of("?#") != std::string_view::npos) return bad_domain("must not have a query or a fragment");
  const bool bare = text.find("://") == std::string_view::npos;
  std::optional<WebUrl> url = parse_web_url(bare ? "https://" + std::string(text) : std::string(text));
  if (!url) return bad_domain("must be a domain or an absolute http or https URL");
  // A bare word is more likely a site's name than its host.
  if (bare && url->host != "localhost" && url->host.find_first_of(".:") == std::string::npos) {
    return bad_domain("must be a domain or an absolute http or https URL");
  }
  if (url->path.ends_with('/')) url->path.pop_back();
  if (has_unstable_segment(url->path) || url->path.ends_with('/')) {
    return bad_domain("must not have empty, \".\" or \"..\" segments in its path");
  }
  std::string text_of_url = url->text();
  if (text_of_url.size() > max_domain)
    return bad_domain("must be at most " + std::to_string(max_domain) + " bytes long");
  return text_of_url;
}

Result<void> check_permalink(std::string_view pattern) {
  if (pattern.size() > max_permalink) {
    return bad_permalink("must be at most " + std::to_string(max_permalink) + " bytes long");
  }
  if (!is_storable_text(pattern)) return bad_permalink("must be valid UTF-8 without control characters");
  if (!pattern.starts_with('/')) return bad_permalink("must begin with \"/\"");
  if (has_unstable_segment(pattern)) return bad_permalink("must not have empty, \".\" or \"..\" segments");
  bool names_article = false;
  std::string_view rest = pattern;
  while (!rest.empty()) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    if (!is_permalink_literal(rest.substr(0, open))) {
      return bad_permalink("must hold only characters of a path and {slug} {year} {month} {day} {id}");
    }
    if (open == rest.size()) break;
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos) return bad_permalink("has a \"{\" without its \"}\"");
    const std::string_view name = rest.substr(open + 1, close - open - 1);
    if (name == "slug" || name == "id") {
      names_article = true;
    } else if (name != "year" && name != "month" && name != "day") {
      return bad_permalink("must hold no placeholders but {slug} {year} {month} {day} {id}");
    }
    rest.remove_prefix(close + 1);
  }
  if (!names_article) return bad_permalink("must name {slug} or {id}");
  return {};
}

// RFC 5646 §2.1: language ["-" script] ["-" region] *("-" variant). Extensions and private use say nothing that a
// writer could follow, so they are refused.
Result<void> check_language(std::string_view tag) {
  const Error bad = invalid("language", "must be a language tag such as \"en\", \"de-AT\" or \"zh-Hant-TW\"");
  if (tag.empty() || tag.size() > max_language) return bad;
  const std::vector<std::string_view> parts = split(tag, '-');
  std::size_t at = 0;
  if (parts[at].size() < 2 || parts[at].size() > 3 || !all_letters(parts[at])) return bad;
  ++at;
  if (at < parts.size() && parts[at].size() == 4 && all_letters(parts[at])) ++at;
  if (at < parts.size() &&
      ((parts[at].size() == 2 && all_letters(parts[at])) || (parts[at].size() == 3 && all_digits(parts[at])))) {
    ++at;
  }
  std::set<std::string> variants;
  for (; at < parts.size(); ++at) {
    const std::string_view part = parts[at];
    const bool form = all_alphanumeric(part) &&
                      ((part.size() >= 5 && part.size() <= 8) || (part.size() == 4 && is_digit(part.front())));
    if (!form || !variants.insert(to_lower_ascii(part)).second) return bad;
  }
  return {};
}

Result<void> check(const Project& project) {
  FieldCheck fields;
  fields.required_line("name", project.name, max_name);
  fields.text("niche", project.niche, max_niche);
  if (project.target_domain) {
    const Result<std::string> normal = normalize_target_domain(*project.target_domain);
    if (normal.has_error()) {
      fields.add_all(normal.error());
    } else if (*normal != *project.target_domain) {
      fields.add("target_domain", "must be an absolute http or https URL without a trailing slash");
    }
  }
  fields.add_all(check_language(project.language));
  fields.required_line("tone_of_voice", project.tone_of_voice, max_tone);
  fields.text("writing_style", project.writing_style, max_style);
  fields.lines("avoid_words", project.avoid_words, max_avoid_words, max_avoid_word);
  fields.line("author_name", project.author_name, max_author);
  fields.add_all(check_permalink(project.permalink));
  // Written so that what is not a number fails too.
  if (!(project.sitemap.priority >= 0.0 && project.sitemap.priority <= 1.0)) {
    fields.add("sitemap.priority", "must be from 0 to 1");
  }
  fields.web_url("sitemap.base_url", project.sitemap.base_url);
  return std::move(fields).result();
}

}  // namespace galley
