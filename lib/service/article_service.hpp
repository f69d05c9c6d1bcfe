// Articles: written by people, read, changed, approved, removed. Generating and publishing have services of their own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "content/article_texts.hpp"
#include "domain/article.hpp"
#include "domain/connection.hpp"
#include "service/actor.hpp"
#include "service/article_transitions.hpp"
#include "service/context.hpp"

namespace galley::service {

struct ArticleDetail {
  Article article{};
  std::optional<std::string> url{};
  std::vector<Publication> publications{};
  // html, JSON-LD and what the author left out; nothing in lists that did not ask for bodies.
  std::optional<content::ArticleTexts> texts{};
};

// What a person may set. html stands in place of text.markdown: it is converted when it comes in.
struct ArticleDraft {
  ArticleText text{};
  std::optional<std::string> html{};
  std::optional<std::string> slug{};            // made from the title where absent
  ArticleStatus status = ArticleStatus::draft;  // draft or ready
  std::optional<bool> approved{};               // of a ready one; absent: who makes it ready approves it
  std::vector<std::string> categories{};
  std::vector<std::string> tags{};
  std::optional<std::string> author_name{};
  std::optional<std::string> canonical_url{};
  std::optional<std::string> featured_image_url{};
};

class ArticleService {
 public:
  ArticleService(const Context& context, const EventRecorder& events, const ArticleTransitions& transitions)
      : context_(context), events_(events), transitions_(transitions) {}

  // Publications are left out of lists.
  Result<Page<ArticleDetail>> list(const Actor& actor, ArticleFilter filter, const PageRequest& page) const;
  Result<ArticleDetail> get(const Actor& actor, const ArticleId& id) const;
  Task<Result<ArticleDetail>> create(Actor actor, ProjectId project, ArticleDraft draft) const;

  using Edit = std::function<Result<void>(ArticleDraft&)>;
  // edit runs in the transaction on what the article is then; its status may move between draft and ready.
  Task<Result<ArticleDetail>> update(Actor actor, ArticleId id, std::optional<std::int64_t> known_version,
                                     Edit edit) const;
  // What is on a CMS stays there.
  Task<Result<void>> remove(Actor actor, ArticleId id, std::optional<std::int64_t> known_version) const;

  Result<Page<Revision>> revisions(const Actor& actor, const ArticleId& id, const PageRequest& page) const;
  // Fills in the derived texts.
  Result<ArticleDetail> with_texts(Result<ArticleDetail> detail) const;

  Result<Revision> revision(const Actor& actor, const ArticleId& id, std::int64_t number) const;

 private:
  const Context& context_;
  const EventRecorder& events_;
  const ArticleTransitions& transitions_;
};

// Minutes.
std::int64_t reading_time_of(const Article& article);
content::ArticleTexts texts_of(const Project& project, const Article& article);

// The row, where the actor may see it: shared by the services that work on articles.
Result<Article> find_article(const Transaction& transaction, const Actor& actor, const ArticleId& id);
// An entry of the audit trail about the article: shared likewise.
Result<void> audit_article(Transaction& transaction, const Context& context, const Actor& actor, AuditAction action,
                           const Article& article);
// Without the derived texts: those take time that a transaction has not.
Result<ArticleDetail> article_detail(const Transaction& transaction, Article article);

}  // namespace galley::service
