// Events to send, for the tests of this folder.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "domain/event.hpp"

namespace galley::test {

inline ArticleSnapshot sample_snapshot() {
  ArticleSnapshot article;
  article.id = ArticleId("art_00000000000000000007");
  article.text = {.title = "Ten \"quiet\" pumps",
                  .markdown = "# Ten pumps\n\nA pump moves water. It hums.\n\n## How loud is it?\n\nVery quiet.\n",
                  .meta_keywords = {"pump", "quiet"}};
  article.slug = "ten-quiet-pumps";
  article.status = ArticleStatus::published;
  article.keyword = "quiet pump";
  article.categories = {"Garden"};
  article.tags = {"pump", "water"};
  article.author_name = "Ada";
  article.url = "https://example.com/ten-quiet-pumps";
  article.published_at = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 30) + std::chrono::hours(15));
  article.word_count = 251;
  article.project_name = "Garden";
  article.project_domain = "https://example.com";
  article.language = "en";
  return article;
}

inline Event sample_event(Snapshot snapshot = sample_snapshot(), EventType type = EventType::article_published) {
  Event event;
  event.id = EventId("evt_00000000000000000001");
  event.account = AccountId("acc_00000000000000000001");
  event.project = ProjectId("proj_00000000000000000001");
  event.type = type;
  if (const auto* article = get_if<ArticleSnapshot>(&snapshot)) event.article = article->id;
  event.snapshot = std::move(snapshot);
  event.created_at = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 30) + std::chrono::hours(15));
  return event;
}

}  // namespace galley::test
