#include "domain/article.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "domain/field_check.hpp"
#include "domain/web_url.hpp"

namespace galley {
namespace {

constexpr std::size_t max_excerpt = 2000, max_meta_title = 300, max_meta_description = 1000;
constexpr std::size_t max_meta_keywords = 50, max_terms = 100, max_term = 100;
constexpr std::size_t max_author = 200, max_slug = 200;

bool is_at_rest(ArticleStatus status) {
  return status != ArticleStatus::queued && status != ArticleStatus::generating;
}

bool failed_in(ArticleStatus status, Stage stage, Stage wanted) {
  return status == ArticleStatus::error && stage == wanted;
}

std::string_view participle(ArticleAction action) {
  switch (action) {
    case ArticleAction::edit:
      return "edited";
    case ArticleAction::approve:
      return "approved";
    case ArticleAction::return_to_draft:
      return "returned to draft";
    case ArticleAction::regenerate:
      return "regenerated";
    case ArticleAction::publish:
      return "published";
    case ArticleAction::unpublish:
      return "unpublished";
    case ArticleAction::schedule:
      return "scheduled";
    case ArticleAction::unschedule:
      return "unscheduled";
    case ArticleAction::retry:
      return "retried";
    case ArticleAction::remove:
      return "deleted";
  }
  return "changed";
}

// The form alone. Which slugs are reserved, and how one is made from a title, is content's to say.
bool has_slug_form(std::string_view slug) {
  if (slug.empty() || slug.front() == '-' || slug.back() == '-' || slug.find("--") != std::string_view::npos)
    return false;
  if (!is_utf8(slug) || count_code_points(slug) > max_slug) return false;
  const auto length = static_cast<std::int32_t>(slug.size());
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(slug.data(), i, length, c);
    const bool is_word = u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    if (c != '-' && (!is_word || u_tolower(c) != c)) return false;
  }
  return true;
}

// Nothing where a date is asked for and there is none.
std::optional<std::string> fill_permalink(std::string_view pattern, const Article& article) {
  const std::optional<Time> date = article.published_at ? article.published_at : article.scheduled_for;
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    append_path(out, pattern.substr(0, open));
    pattern.remove_prefix(open);
    const std::size_t close = pattern.find('}');
    if (close == std::string_view::npos) break;
    const std::string_view name = pattern.substr(1, close - 1);
    if (name == "slug") {
      append_path(out, article.slug);
    } else if (name == "id") {
      append_path(out, article.id.text());
    } else {
      if (!date) return std::nullopt;
      const std::string day = to_date(*date);
      out += name == "year" ? day.substr(0, 4) : name == "month" ? day.substr(5, 2) : day.substr(8, 2);
    }
    pattern.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

bool allows(ArticleStatus status, Stage stage, ArticleAction action) {
  switch (action) {
    case ArticleAction::edit:
    case ArticleAction::remove:
      // What is queued or generating is about to be overwritten or sent as it was.
      return is_at_rest(status);
    case ArticleAction::approve:
      return status == ArticleStatus::draft;
    case ArticleAction::return_to_draft:
      return status == ArticleStatus::ready;
    case ArticleAction::regenerate:
      return status == ArticleStatus::draft || status == ArticleStatus::ready ||
             failed_in(status, stage, Stage::generation);
    case ArticleAction::publish:
      return status == ArticleStatus::published || allows(status, stage, ArticleAction::schedule);
    case ArticleAction::unpublish:
      // A failed attempt to update or to remove it may have left it public.
      return status == ArticleStatus::published || failed_in(status, stage, Stage::publication);
    case ArticleAction::schedule:
      return status == ArticleStatus::draft || status == ArticleStatus::ready || status == ArticleStatus::scheduled ||
             failed_in(status, stage, Stage::publication);
    case ArticleAction::unschedule:
      return status == ArticleStatus::scheduled;
    case ArticleAction::retry:
      return failed_in(status, stage, Stage::generation) || failed_in(status, stage, Stage::publication);
  }
  return false;
}

std::string article_words_reason() {
  return "must be from " + std::to_string(min_article_words) + " to " + std::to_string(max_article_words);
}

Editorial editorial_of(const Article& article) {
  switch (article.status) {
    case ArticleStatus::published:
      return Editorial::published;
    case ArticleStatus::scheduled:
      return Editorial::approved;
    case ArticleStatus::ready:
      return article.stage == Stage::approved ? Editorial::approved : Editorial::review;
    case ArticleStatus::draft:
    case ArticleStatus::queued:
    case ArticleStatus::generating:
    case ArticleStatus::error:
      return Editorial::draft;
  }
  return Editorial::draft;
}

std::vector<ArticleAction> allowed_actions(ArticleStatus status, Stage stage) {
  std::vector<ArticleAction> actions;
  for (const NameOf<ArticleAction>& name : Names<ArticleAction>::all) {
    if (allows(status, stage, name.value)) actions.push_back(name.value);
  }
  return actions;
}

Result<void> require(const Article& article, ArticleAction action) {
  if (allows(article.status, article.stage, action)) return {};
  std::vector<std::string> allowed;
  for (const ArticleAction other : allowed_actions(article.status, article.stage))
    allowed.emplace_back(to_text(other));
  std::string message = "The article cannot be ";
  message.append(participle(action)).append(" while its status is ").append(to_text(article.status)).append(".");
  return wrong_state(std::move(message), to_text(article.status), std::move(allowed));
}

Result<void> check(const Article& article) {
  FieldCheck fields;
  fields.required_line("title", article.text.title, Article::max_title);
  if (article.text.markdown.size() > Article::max_markdown) {
    fields.add("markdown", "must be at most " + std::to_string(Article::max_markdown) + " bytes long");
  } else if (!is_storable_text(article.text.markdown)) {
    fields.add("markdown", "must be valid UTF-8 without control characters");
  }
  fields.text("excerpt", article.text.excerpt, max_excerpt);
  fields.line("meta_title", article.text.meta_title, max_meta_title);
  fields.text("meta_description", article.text.meta_description, max_meta_description);
  fields.lines("meta_keywords", article.text.meta_keywords, max_meta_keywords, max_term);
  if (!has_slug_form(article.slug)) {
    fields.add("slug", "must be 1 to 200 lower-case letters and digits in words joined by single hyphens");
  }
  fields.lines("categories", article.categories, max_terms, max_term);
  fields.lines("tags", article.tags, max_terms, max_term);
  fields.line("author_name", article.author_name, max_author);
  fields.web_url("canonical_url", article.canonical_url);
  fields.web_url("featured_image_url", article.featured_image_url);
  return std::move(fields).result();
}

std::optional<std::string> public_url(const Project& project, const Article& article) {
  for (const std::optional<std::string>* given : {&article.canonical_url, &article.external_url}) {
    if (!*given) continue;
    // A CMS may answer any text as the post's address; one that is none is as good as no answer.
    if (const std::optional<WebUrl> url = parse_web_url(**given)) return url->text();
  }
  if (!project.target_domain) return std::nullopt;
  const std::optional<std::string> path = fill_permalink(project.permalink, article);
  if (!path) return std::nullopt;
  return *project.target_domain + *path;
}

}  // namespace galley
