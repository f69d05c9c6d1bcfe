// Queues the generation of articles from the keyword matrix.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/generator.hpp"
#include "domain/job.hpp"
#include "domain/keyword.hpp"
#include "service/actor.hpp"
#include "service/article_transitions.hpp"
#include "service/context.hpp"
#include "service/job_progress.hpp"
#include "service/keyword_service.hpp"

namespace galley::service {

enum class PublishWish : std::uint8_t { none, now };

// How the articles are to be written: travels in each item's options.
struct GenerationOptions {
  int word_count = 1200;
  std::optional<ArticleStatus> target_status{};  // draft or ready; absent: as the provider's texts deserve
  std::optional<ConnectionId> connection{};
  PublishWish publish = PublishWish::none;
  std::optional<std::string> instructions{};
  std::optional<std::string> title{};  // stands whatever the writer calls it
  std::string provider{};              // a name in the table
  std::optional<std::string> model{};
  std::optional<std::string> language{};  // the project's where absent
};

json::Object encode_options(const GenerationOptions& options);
GenerationOptions decode_options(const json::Value& options);

// At most one selector; none takes what is not generated yet.
struct GenerationRequest {
  static constexpr int default_limit = 25;
  static constexpr int max_articles = 500;

  std::vector<KeywordId> keyword_ids{};
  std::vector<std::string> keywords{};
  std::optional<KeywordFilter> filter{};
  std::optional<Expansion> matrix{};
  int limit = default_limit;
  GenerationOptions options{};
};

// An article that is asked for: from which keyword, and what it is filed under.
struct WantedArticle {
  Keyword keyword{};
  GenerationOptions options{};  // judged
  std::vector<std::string> tags{};
  std::vector<std::string> categories{};
};

struct QueuedArticle {
  ArticleId article;
  KeywordId keyword;
  std::string keyword_text;
};
struct SkippedKeyword {
  KeywordId keyword;
  std::string keyword_text;
  std::string reason;
};
struct QueuedGeneration {
  Job job;
  std::vector<QueuedArticle> articles{};
  std::vector<SkippedKeyword> skipped{};
};

// The writers that this program has, by name; the first is taken where none is named.
using GeneratorTable = std::vector<Generator*>;
// nullptr where there is none of that name.
Generator* find_generator(const GeneratorTable& table, std::string_view name);

class GenerationService {
 public:
  GenerationService(const Context& context, const EventRecorder& events, const ArticleTransitions& transitions,
                    const JobProgress& progress, const GeneratorTable& generators)
      : context_(context), events_(events), transitions_(transitions), progress_(progress), generators_(generators) {}

  // conflict when nothing is left to generate, quota_exceeded when the plan's month does not hold that many.
  Task<Result<QueuedGeneration>> generate(Actor actor, ProjectId project, GenerationRequest request) const;
  // The article's text is written anew from its keyword.
  Task<Result<Job>> regenerate(Actor actor, ArticleId article, GenerationOptions options) const;
  // What is left open is filled in: validation_failed naming each bad option.
  Result<GenerationOptions> judge(GenerationOptions options) const;
  // In the caller's transaction, on the terms of generate(): a keyword that is at work already, or comes twice, is
  // skipped.
  Result<QueuedGeneration> queue(Transaction& transaction, const Actor& actor, const Project& project,
                                 std::vector<WantedArticle> wanted) const;
  // In the caller's transaction: for a retry.
  Result<Job> queue_again(Transaction& transaction, const Actor& actor, Article& article,
                          GenerationOptions options) const;

 private:
  Result<std::vector<Keyword>> select(Transaction& transaction, const Project& project,
                                      const GenerationRequest& request) const;
  Result<Job> new_job(Transaction& transaction, const AccountId& account, const ProjectId& project,
                      std::int64_t total) const;
  Result<Article> new_article(Transaction& transaction, const Actor& actor, const Project& project,
                              const WantedArticle& wanted) const;
  Result<void> add_item(Transaction& transaction, const Job& job, const Article& article,
                        const GenerationOptions& options, const QuotaPeriod& period) const;

  const Context& context_;
  const EventRecorder& events_;
  const ArticleTransitions& transitions_;
  const JobProgress& progress_;
  const GeneratorTable& generators_;
};

}  // namespace galley::service
