// Articles of other systems into a project. Blocks: for the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "content/source_article.hpp"
#include "service/actor.hpp"
#include "service/article_transitions.hpp"
#include "service/context.hpp"
#include "service/import_report.hpp"

namespace galley::service {

struct ArticleImportOptions {
  bool published = false;  // what was published there is published natively here, under its date
  bool canonical = false;  // its address there becomes its canonical one, where it has none
  bool dry_run = false;
  std::function<void(std::int64_t articles)> progress{};  // after each batch
};

// Articles are taken in batches, each in one transaction. Their ids are derived from the project and their keys, so
// that what came in before is skipped, whatever became of it since. They come as drafts or ready; published_at stays. A
// slug that is taken, or is none here, is made anew. A person's own articles cost no quota. Nothing is queued, sent or
// told: no events, no deliveries. A dry run judges each article by itself and writes nothing.
class ArticleImport {
 public:
  static constexpr std::size_t articles_at_once = 500;
  static constexpr std::size_t bytes_at_once = std::size_t{4} << 20;  // of Markdown, beyond which a batch ends

  ArticleImport(const Context& context, const ArticleTransitions& transitions, Actor actor, Project project,
                ArticleImportOptions options)
      : context_(context),
        transitions_(transitions),
        actor_(std::move(actor)),
        project_(std::move(project)),
        options_(std::move(options)) {}

  // place: of the article in its source, for the report. Errors are the store's.
  Result<void> take(std::string place, Result<content::SourceArticle> source);
  void ignore(std::int64_t count) { report_.ignored += count; }
  // After the last one.
  Result<ImportReport> finish();

 private:
  struct Waiting {
    std::string place;
    Article article{};
    std::string wanted_slug{};
    bool published = false;
  };

  Waiting prepare(std::string place, content::SourceArticle source);
  Result<void> flush();
  Result<ImportReport> write(const Transaction& reading, Transaction* writing);
  Result<bool> write_one(const Transaction& reading, Transaction* writing, Waiting& waiting) const;
  Result<void> publish(Transaction& transaction, Article& article) const;

  const Context& context_;
  const ArticleTransitions& transitions_;
  Actor actor_;
  Project project_;
  ArticleImportOptions options_;
  ImportReport report_{};
  std::vector<Waiting> batch_{};
  std::size_t bytes_ = 0;
  std::int64_t taken_ = 0;
};

}  // namespace galley::service
