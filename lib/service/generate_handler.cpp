#include "service/generate_handler.hpp"

#include <algorithm>
#include <cmath>

#include "content/excerpt.hpp"
#include "content/slug.hpp"
#include "service/credits.hpp"
#include "service/quota.hpp"

namespace galley::service {

namespace {

constexpr int cluster_keywords = 20;
constexpr int internal_links = 10;

bool may_pass(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timed_out ||
         error.code == ErrorCode::rate_limited;
}

std::string made_by(std::string_view provider) {
  return "provider " + std::string(provider);
}

Error unusable(const Error& judged) {
  std::string reasons;
  for (const FieldError& field : judged.fields)
    reasons += (reasons.empty() ? "" : "; ") + field.field + " " + field.reason;
  return conflict("The provider's text cannot be used: " + reasons + ".");
}

// Exponential with full jitter: many that failed together do not come back together.
Milliseconds back_off(int attempts, double fraction) {
  const double seconds = std::min(300.0, 2.0 * std::pow(2.0, attempts));
  return Milliseconds(static_cast<std::int64_t>(1000.0 * (0.5 + seconds * fraction)));
}

}  // namespace

Result<GenerationBrief> GenerateHandler::brief_of(const Transaction& transaction, const Project& project,
                                                  const Article& article, const GenerationOptions& options) const {
  GenerationBrief brief{.keyword = article.keyword_text.value_or(article.text.title),
                        .title = options.title.value_or(""),
                        .niche = project.niche.value_or(""),
                        .language = options.language.value_or(project.language),
                        .tone = project.tone_of_voice,
                        .writing_style = project.writing_style.value_or(""),
                        .avoid_words = project.avoid_words,
                        .author_name = project.author_name.value_or(""),
                        .word_count = options.word_count,
                        .model = options.model,
                        .instructions = options.instructions};
  if (!brief.instructions) {
    const auto prompts = GALLEY_TRY(transaction.preferences().prompts(article.account));
    if (const auto own = prompts.find(PromptType::content_generation); own != prompts.end())
      brief.instructions = own->second;
  }
  if (!article.keyword) return brief;
  const Result<Keyword> keyword = transaction.keywords().find(article.account, *article.keyword);
  if (!keyword) return brief;
  if (keyword->intent) brief.intent = std::string(to_text(*keyword->intent));
  if (!keyword->cluster) return brief;
  const KeywordFilter cluster{.cluster = keyword->cluster};
  for (const Keyword& other :
       GALLEY_TRY(transaction.keywords().select(article.account, project.id, cluster, cluster_keywords + 1))) {
    if (other.id == keyword->id) continue;
    if (static_cast<int>(brief.cluster_keywords.size()) < cluster_keywords)
      brief.cluster_keywords.push_back(other.text);
    if (other.status != KeywordStatus::published || !other.article ||
        static_cast<int>(brief.internal_links.size()) == internal_links)
      continue;
    const Result<Article> linked = transaction.articles().find(article.account, *other.article);
    if (!linked || linked->status != ArticleStatus::published) continue;
    if (std::optional<std::string> url = public_url(project, *linked))
      brief.internal_links.push_back({linked->text.title, *std::move(url)});
  }
  return brief;
}

Result<GenerateHandler::Work> GenerateHandler::begin(Transaction& transaction, const JobItem& item) const {
  const std::optional<JobItem> current = GALLEY_TRY(progress_.still_running(transaction, item));
  if (!current) return Work{};
  const Result<Article> found = transaction.articles().find(item.account, item.article);
  // The article was removed while it waited: nothing is left to do but to count the item.
  if (!found) {
    if (found.error().code != ErrorCode::not_found) return found.error();
    GALLEY_TRY(release_quota(transaction, context_, item));
    Article gone;
    gone.id = item.article;
    gone.status = ArticleStatus::error;
    GALLEY_TRY(progress_.ended(transaction, *current, JobStatus::cancelled, &gone));
    return Work{};
  }
  Article article = *found;
  const Project project = GALLEY_TRY(transaction.projects().find(item.account, article.project));
  GALLEY_TRY(progress_.started(transaction, item));
  GALLEY_TRY(transitions_.moved(transaction, article, ArticleStatus::generating, Stage::generation, "operator"));
  GALLEY_TRY(
      transaction.writing_tasks().follow(item.account, article.id, TaskStatus::in_progress, context_.clock.now()));
  return Work{.wanted = true,
              .brief = GALLEY_TRY(brief_of(transaction, project, article, decode_options(item.options)))};
}

Result<void> GenerateHandler::succeed(Transaction& transaction, const JobItem& item, const GeneratedArticle& generated,
                                      const Generator& generator) const {
  const std::optional<JobItem> current = GALLEY_TRY(progress_.still_running(transaction, item));
  if (!current) return {};  // the text is dropped
  Article article = GALLEY_TRY(transaction.articles().find(item.account, item.article));
  const Project project = GALLEY_TRY(transaction.projects().find(item.account, article.project));
  const GenerationOptions options = decode_options(item.options);
  article.text = generated.text;
  if (options.title) article.text.title = *options.title;
  ++article.revision;
  article.word_count = static_cast<std::int64_t>(content::word_count(article.text.markdown));
  article.slug = GALLEY_TRY(
      transitions_.free_slug(transaction, project, article, options.title ? "" : generated.slug.value_or("")));
  article.stage = Stage::none;
  article.error.reset();
  const ArticleStatus deserved = generator.writes_finished_text() ? ArticleStatus::ready : ArticleStatus::draft;
  article.status = options.target_status.value_or(deserved);
  // Whatever wrote it would write it again: a failure of the item, not of the handler.
  if (const Result<void> judged = check(article); !judged) return fail(transaction, item, unusable(judged.error()));
  const std::string author = made_by(generator.name());
  GALLEY_TRY(transitions_.saved(transaction, project, article, EventType::article_generated, author));
  GALLEY_TRY(transitions_.set_origin_status(transaction, article, KeywordStatus::generated));
  GALLEY_TRY(spend_quota(transaction, item));
  std::string model(generator.name());
  if (options.model) model.append("/").append(*options.model);
  GALLEY_TRY(log_use(transaction, context_, item, project.id, CreditOperation::content_generation, std::move(model),
                     generated.usage));
  if (options.publish == PublishWish::now) {
    std::optional<Job> job;
    const PublishRequest request{.connection = options.connection};
    const Result<void> begun = publishing_.begin(transaction, project, article, request, author, job);
    // The text is there whatever becomes of its publication.
    if (!begun) {
      ArticleError error{"PUBLICATION_NOT_STARTED", begun.error().message};
      GALLEY_TRY(transitions_.failed(transaction, project, article, Stage::publication, std::move(error), author));
    }
  }
  return progress_.ended(transaction, *current, JobStatus::succeeded, &article);
}

Result<void> GenerateHandler::fail(Transaction& transaction, JobItem item, const Error& error) const {
  if (!GALLEY_TRY(progress_.still_running(transaction, item))) return {};
  Article article = GALLEY_TRY(transaction.articles().find(item.account, item.article));
  const Project project = GALLEY_TRY(transaction.projects().find(item.account, article.project));
  const std::string author = made_by(decode_options(item.options).provider);
  item.error = ArticleError{"GENERATION_FAILED", error.message};
  if (may_pass(error) && item.attempts < limits_.tries) {
    item.status = JobStatus::queued;
    item.due_at = context_.clock.now() + back_off(item.attempts, context_.ids.fraction());
    GALLEY_TRY(transaction.jobs().update_item(item));
    transaction.announce(topic::jobs);
    return transitions_.moved(transaction, article, ArticleStatus::queued, Stage::generation, author);
  }
  GALLEY_TRY(release_quota(transaction, context_, item));
  GALLEY_TRY(transitions_.failed(transaction, project, article, Stage::generation, *item.error, author));
  GALLEY_TRY(transitions_.set_origin_status(transaction, article, KeywordStatus::not_generated));
  return progress_.ended(transaction, item, JobStatus::failed, &article);
}

Task<Result<void>> GenerateHandler::run(JobItem item) {
  auto first = [&](Transaction& transaction) { return begin(transaction, item); };
  Work work = GALLEY_CO_TRY(co_await context_.store.write(std::move(first)));
  if (!work.wanted) co_return Result<void>();
  Generator* generator = find_generator(generators_, decode_options(item.options).provider);
  Result<GeneratedArticle> generated =
      Error{.code = ErrorCode::conflict, .message = "The provider that was asked for is no longer configured."};
  if (generator != nullptr) {
    GenerationBrief brief = std::move(work.brief);
    generated = co_await generator->generate(std::move(brief));
  }
  auto last = [&](Transaction& transaction) -> Result<void> {
    if (generated) return succeed(transaction, item, *generated, *generator);
    return fail(transaction, item, generated.error());
  };
  co_return co_await context_.store.write(std::move(last));
}

}  // namespace galley::service
