// The steps of an article's life that several use cases share: each writes the row, what follows from it (keyword,
// sitemap place) and the event, in the caller's transaction.
#pragma once

#include <string>

#include "domain/store.hpp"
#include "service/context.hpp"
#include "service/event_recorder.hpp"

namespace galley::service {

class ArticleTransitions {
 public:
  ArticleTransitions(const Context& context, const EventRecorder& events) : context_(context), events_(events) {}

  // A slug that is free in the project: wanted, else wanted-2, wanted-3 …; made from the title or the id where wanted
  // is empty.
  Result<std::string> free_slug(const Transaction& transaction, const Project& project, const Article& article,
                                const std::string& wanted) const;

  // Each raises version and sets updated_at; article is the row as it is, and becomes the row as it will be.
  Result<void> saved(Transaction& transaction, const Project& project, Article& article, EventType event,
                     const std::string& made_by) const;
  // Without an event: steps between queued and running.
  Result<void> moved(Transaction& transaction, Article& article, ArticleStatus status, Stage stage,
                     const std::string& made_by) const;
  Result<void> published(Transaction& transaction, const Project& project, Article& article,
                         const std::string& made_by) const;
  Result<void> unpublished(Transaction& transaction, const Project& project, Article& article,
                           const std::string& made_by) const;
  // An article that readers can see stays published, with the error beside it.
  Result<void> failed(Transaction& transaction, const Project& project, Article& article, Stage stage,
                      ArticleError error, const std::string& made_by) const;
  // Nothing is under way any more for a publication that was pending: it is again what it was before.
  Result<void> given_up(Transaction& transaction, const Article& article, Publication publication) const;
  // Something that readers see changed: the sitemap page is made again.
  Result<void> shown_again(Transaction& transaction, const Article& article) const;
  // The keyword that it is made from, and the writer's task: completed for one that is written, failed for one in
  // error.
  Result<void> set_origin_status(Transaction& transaction, const Article& article, KeywordStatus status) const;

 private:
  const Context& context_;
  const EventRecorder& events_;
};

}  // namespace galley::service
