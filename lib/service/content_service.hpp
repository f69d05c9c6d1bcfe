// Articles as a writer sees them: by whole numbers, with the task that they were written for and how far they came.
// What may be written, and how, is ArticleService's alone; how they are published, PublishingService's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "domain/article.hpp"
#include "service/actor.hpp"
#include "service/article_service.hpp"
#include "service/context.hpp"
#include "service/planned.hpp"
#include "service/publishing_service.hpp"

namespace galley::service {

struct ContentFilter {
  ArticleBrowse browse{};
  std::optional<std::int64_t> site{};
};

// What a person writes; its status is said by wanted alone.
struct ContentDraft {
  ArticleDraft draft{};
  Editorial wanted = Editorial::draft;
};

struct ContentPublished {
  PlannedContent content{};
  std::optional<Job> job{};  // that goes on; nothing where it is done
};

class ContentService {
 public:
  // All outlive this.
  ContentService(const Context& context, const ArticleService& articles, const PublishingService& publishing)
      : context_(context), articles_(articles), publishing_(publishing) {}

  // Without texts and publications.
  Result<Counted<PlannedContent>> list(const Actor& actor, const ContentFilter& filter) const;
  Result<PlannedContent> get(const Actor& actor, std::int64_t number) const;
  Result<PlannedContent> of_article(const Actor& actor, const ArticleId& id) const;
  // site: absent for the default. Published at once where that is wanted, or not made at all. task: whose content it
  // is; completed with it.
  Task<Result<PlannedContent>> create(Actor actor, ContentDraft draft, std::optional<std::int64_t> site,
                                      std::optional<std::int64_t> task) const;
  using Edit = std::function<Result<void>(ContentDraft&)>;
  // In one transaction, publishing included: conflict for a step that the article's state does not allow. edit is
  // called on what the article is then.
  Task<Result<PlannedContent>> update(Actor actor, std::int64_t number, Edit edit) const;
  Task<Result<ContentPublished>> publish(Actor actor, std::int64_t number, PublishRequest request) const;
  // What is on a CMS stays there.
  Task<Result<void>> remove(Actor actor, std::int64_t number) const;

 private:
  Result<ArticleId> id_of(const Actor& actor, std::int64_t number) const;
  Result<void> give_to(Transaction& transaction, const Actor& actor, const Article& article, std::int64_t task) const;

  const Context& context_;
  const ArticleService& articles_;
  const PublishingService& publishing_;
};

}  // namespace galley::service
