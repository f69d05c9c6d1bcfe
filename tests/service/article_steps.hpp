// What tests of articles do over and over.
#pragma once

#include "service/service_bench.hpp"

namespace galley::test {

inline service::ArticleDraft titled(std::string title, std::string markdown = "Some text.\n") {
  return {.text = {.title = std::move(title), .markdown = std::move(markdown)}};
}

template <class Change>
service::ArticleService::Edit edit(Change change) {
  return [change](service::ArticleDraft& draft) -> Result<void> {
    change(draft);
    return {};
  };
}
inline service::ArticleService::Edit set_title(std::string title) {
  return edit([title](service::ArticleDraft& draft) { draft.text.title = title; });
}
inline service::ArticleService::Edit set_status(ArticleStatus status) {
  return edit([status](service::ArticleDraft& draft) { draft.status = status; });
}

inline service::ArticleDetail update(ServiceBench& bench, const ArticleId& id, service::ArticleService::Edit change) {
  return bench.must(bench.articles.update(bench.owner, id, std::nullopt, std::move(change)));
}

inline std::int64_t count_revisions(ServiceBench& bench, const ArticleId& id) {
  return bench.must(bench.articles.revisions(bench.owner, id, {})).total;
}

inline Texts titles(const Page<service::ArticleDetail>& page) {
  Texts found;
  for (const service::ArticleDetail& detail : page.rows)
    found.push_back(detail.article.text.title);
  return found;
}

}  // namespace galley::test
