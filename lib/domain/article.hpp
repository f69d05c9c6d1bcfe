// Articles: their text, their states and what may be done in each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "domain/identity.hpp"
#include "domain/page.hpp"
#include "domain/project.hpp"

namespace galley {

enum class ArticleStatus : std::uint8_t { draft, queued, generating, ready, scheduled, published, error };
// What a queued article waits for, in what an article in error failed, and whether somebody approved one that is ready.
enum class Stage : std::uint8_t { none, generation, publication, approved };
enum class ArticleAction : std::uint8_t {
  edit,
  approve,
  return_to_draft,
  regenerate,
  publish,
  unpublish,
  schedule,
  unschedule,
  retry,
  remove
};

template <>
struct Names<ArticleStatus> {
  static constexpr NameOf<ArticleStatus> all[] = {{ArticleStatus::draft, "draft"},
                                                  {ArticleStatus::queued, "queued"},
                                                  {ArticleStatus::generating, "generating"},
                                                  {ArticleStatus::ready, "ready"},
                                                  {ArticleStatus::scheduled, "scheduled"},
                                                  {ArticleStatus::published, "published"},
                                                  {ArticleStatus::error, "error"}};
};
template <>
struct Names<Stage> {
  static constexpr NameOf<Stage> all[] = {{Stage::none, "none"},
                                          {Stage::generation, "generation"},
                                          {Stage::publication, "publication"},
                                          {Stage::approved, "approved"}};
};
template <>
struct Names<ArticleAction> {
  static constexpr NameOf<ArticleAction> all[] = {{ArticleAction::edit, "edit"},
                                                  {ArticleAction::approve, "approve"},
                                                  {ArticleAction::return_to_draft, "return_to_draft"},
                                                  {ArticleAction::regenerate, "regenerate"},
                                                  {ArticleAction::publish, "publish"},
                                                  {ArticleAction::unpublish, "unpublish"},
                                                  {ArticleAction::schedule, "schedule"},
                                                  {ArticleAction::unschedule, "unschedule"},
                                                  {ArticleAction::retry, "retry"},
                                                  {ArticleAction::remove, "remove"}};
};

// How many words may be asked for.
inline constexpr int min_article_words = 300;
inline constexpr int max_article_words = 5000;
// "must be from 300 to 5000": why a number of words is refused.
std::string article_words_reason();

struct ArticleError {
  std::string code;
  std::string message;

  bool operator==(const ArticleError&) const = default;
};

// The texts that a person or a generator writes. Kept in revisions.
struct ArticleText {
  std::string title;
  std::string markdown;
  std::optional<std::string> excerpt{};  // made from the text when absent
  std::optional<std::string> meta_title{};
  std::optional<std::string> meta_description{};
  std::vector<std::string> meta_keywords{};

  bool operator==(const ArticleText&) const = default;
};

struct Article {
  static constexpr std::size_t max_markdown = 1 << 20;  // bytes
  static constexpr std::size_t max_title = 300;         // code points

  ArticleId id;
  AccountId account;
  ProjectId project;
  std::optional<KeywordId> keyword{};
  std::optional<std::string> keyword_text{};
  ArticleText text{};  // markdown is empty in lists that did not ask for bodies
  std::string slug;    // unique in the project
  ArticleStatus status = ArticleStatus::draft;
  Stage stage = Stage::none;
  std::vector<std::string> categories{};
  std::vector<std::string> tags{};
  std::optional<std::string> author_name{};
  std::optional<std::string> canonical_url{};
  std::optional<std::string> featured_image_url{};
  std::int64_t word_count = 0;
  std::optional<Time> scheduled_for{};
  std::optional<Time> published_at{};         // the first time
  std::optional<Time> last_updated_at{};      // what a reader sees changed; the sitemap's lastmod
  std::optional<std::string> external_url{};  // the CMS's own address of the post
  std::optional<ArticleError> error{};
  std::optional<int> sitemap_page{};  // given at the first publish, kept for life
  std::int64_t revision = 1;          // of the text
  std::int64_t version = 1;           // rises with every change; what If-Match compares
  Time created_at{};
  Time updated_at{};
};

struct Revision {
  ArticleId article;
  std::int64_t number = 1;  // from 1
  ArticleText text{};       // markdown is empty in lists
  std::string made_by;      // "user usr_…", "key key_…", "provider outline"
  Time created_at{};
};

// The state machine: whether the action is allowed now.
bool allows(ArticleStatus status, Stage stage, ArticleAction action);
// What is allowed now, for the error and for consoles.
std::vector<ArticleAction> allowed_actions(ArticleStatus status, Stage stage);
// conflict with details status and allowed.
Result<void> require(const Article& article, ArticleAction action);

// Rules of the struct that hold whatever the dialect; every bad field at once.
Result<void> check(const Article& article);

// The address under which readers find it: canonical URL, else the CMS's own address, else target domain + permalink;
// nothing where the project has no domain, or where the permalink names a date and the article has none yet
// (published_at, else scheduled_for; UTC). Percent-encoded.
std::optional<std::string> public_url(const Project& project, const Article& article);

struct ArticleFilter {
  std::vector<ArticleStatus> statuses{};
  std::optional<ProjectId> project{};
  std::optional<KeywordId> keyword{};
  std::optional<Time> updated_since{};
  std::string search{};  // words looked for in title, keyword and text; empty: all
  bool with_bodies = false;
};

// Where an article stands in the eyes of who writes and approves: draft stands for everything that is not ready yet.
enum class Editorial : std::uint8_t { draft, review, approved, published };
template <>
struct Names<Editorial> {
  static constexpr NameOf<Editorial> all[] = {{Editorial::draft, "draft"},
                                              {Editorial::review, "review"},
                                              {Editorial::approved, "approved"},
                                              {Editorial::published, "published"}};
};
Editorial editorial_of(const Article& article);

// Articles of an account or of one project in it, without bodies.
struct ArticleBrowse {
  std::optional<ProjectId> project{};
  std::optional<Editorial> editorial{};
  bool with_image = false;  // those alone that have a featured image
  std::string search{};     // a part of the title, without regard to case; empty: all
  SortField order = SortField::created_at;
  bool descending = true;
  NumberedPage page{};
};

class Articles {
 public:
  virtual ~Articles() = default;

  virtual Result<Article> find(const AccountId& account, const ArticleId& id) const = 0;
  virtual Result<Page<Article>> list(const AccountId& account, const ArticleFilter& filter,
                                     const PageRequest& page) const = 0;
  virtual Result<Counted<Article>> browse(const AccountId& account, const ArticleBrowse& wanted) const = 0;
  virtual Result<bool> slug_taken(const AccountId& account, const ProjectId& project,
                                  const std::string& slug) const = 0;
  // Inserts the row, its first revision and its search terms. conflict when the slug is taken.
  virtual Result<void> insert(const Article& article, const std::string& made_by) = 0;
  // One that lived elsewhere: the row, its search terms and these revisions as they were, which number each once.
  virtual Result<void> restore(const Article& article, const std::vector<Revision>& revisions) = 0;
  // Writes all columns and the search terms; a revision is added where article.revision rose. The caller raised
  // version.
  virtual Result<void> update(const Article& article, const std::string& made_by) = 0;
  virtual Result<void> remove(const AccountId& account, const ArticleId& id) = 0;
  virtual Result<Page<Revision>> revisions(const AccountId& account, const ArticleId& id,
                                           const PageRequest& page) const = 0;
  virtual Result<Revision> revision(const AccountId& account, const ArticleId& id, std::int64_t number) const = 0;
};

}  // namespace galley
