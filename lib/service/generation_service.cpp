#include "service/generation_service.hpp"

#include <algorithm>

#include "base/unicode.hpp"
#include "service/article_service.hpp"
#include "service/audit.hpp"
#include "service/credits.hpp"
#include "service/quota.hpp"

namespace galley::service {

namespace {

std::string text_of(const json::Value& options, std::string_view name) {
  const json::Value* value = options.find(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

std::optional<std::string> optional_text(const json::Value& options, std::string_view name) {
  std::string text = text_of(options, name);
  if (text.empty()) return std::nullopt;
  return text;
}

// Of the project, whoever's it is otherwise.
Result<void> require_connection(const Transaction& transaction, const AccountId& account, const ProjectId& project,
                                const GenerationOptions& options) {
  if (!options.connection) return {};
  const Result<Connection> connection = transaction.connections().find(account, *options.connection);
  if (!connection || connection->project != project) return not_found(ConnectionTag::noun, options.connection->text());
  return {};
}

}  // namespace

json::Object encode_options(const GenerationOptions& options) {
  json::Object object;
  const auto put = [&](std::string_view name, std::string text) {
    if (!text.empty()) object.emplace_back(std::string(name), json::Value(std::move(text)));
  };
  object.emplace_back("word_count", json::Value(std::int64_t{options.word_count}));
  if (options.target_status) put("target_status", std::string(to_text(*options.target_status)));
  if (options.connection) put("connection", options.connection->text());
  if (options.publish == PublishWish::now) put("publish", "now");
  put("instructions", options.instructions.value_or(""));
  put("title", options.title.value_or(""));
  put("provider", options.provider);
  put("model", options.model.value_or(""));
  put("language", options.language.value_or(""));
  return object;
}

GenerationOptions decode_options(const json::Value& options) {
  GenerationOptions decoded;
  if (const json::Value* words = options.find("word_count"); words != nullptr && words->integer() != nullptr)
    decoded.word_count = static_cast<int>(*words->integer());
  decoded.target_status = from_text<ArticleStatus>(text_of(options, "target_status"));
  decoded.connection = ConnectionId::parse(text_of(options, "connection"));
  if (text_of(options, "publish") == "now") decoded.publish = PublishWish::now;
  decoded.instructions = optional_text(options, "instructions");
  decoded.title = optional_text(options, "title");
  decoded.provider = text_of(options, "provider");
  decoded.model = optional_text(options, "model");
  decoded.language = optional_text(options, "language");
  return decoded;
}

Generator* find_generator(const GeneratorTable& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Generator* g) { return g->name() == name; });
  return found == table.end() ? nullptr : *found;
}

Result<GenerationOptions> GenerationService::judge(GenerationOptions options) const {
  std::vector<FieldError> errors;
  if (options.provider.empty() && !generators_.empty()) options.provider = generators_.front()->name();
  if (find_generator(generators_, options.provider) == nullptr) {
    std::string names;
    for (const Generator* generator : generators_)
      names += (names.empty() ? "" : ", ") + std::string(generator->name());
    errors.push_back({"provider", "must be one of the configured providers: " + names});
  }
  if (options.target_status && *options.target_status != ArticleStatus::draft &&
      *options.target_status != ArticleStatus::ready)
    errors.push_back({"target_status", "must be ready or draft"});
  if (options.publish == PublishWish::now && options.target_status == ArticleStatus::draft)
    errors.push_back({"publish", "cannot be now while target_status is draft: a draft is not published"});
  if (options.language) gather_fields(check_language(*options.language), errors);
  if (!errors.empty()) return invalid(std::move(errors));
  // Publishing is an approval.
  if (options.publish == PublishWish::now) options.target_status = ArticleStatus::ready;
  return options;
}

Result<std::vector<Keyword>> GenerationService::select(Transaction& transaction, const Project& project,
                                                       const GenerationRequest& request) const {
  std::vector<Keyword> selected;
  if (!request.keyword_ids.empty()) {
    for (const KeywordId& id : request.keyword_ids) {
      Keyword keyword = GALLEY_TRY(transaction.keywords().find(project.account, id));
      if (keyword.project != project.id) return not_found(KeywordTag::noun, id.text());
      selected.push_back(std::move(keyword));
    }
    return selected;
  }
  std::vector<std::string> texts = request.keywords;
  if (request.matrix) texts = GALLEY_TRY(expand(*request.matrix));
  if (!texts.empty()) {
    if (texts.size() > static_cast<std::size_t>(GenerationRequest::max_articles))
      return invalid(request.matrix ? "matrix" : "keywords",
                     "must give at most " + std::to_string(GenerationRequest::max_articles) + " articles");
    for (const std::string& text : texts)
      selected.push_back(GALLEY_TRY(find_or_add_keyword(transaction, context_, project.account, project.id, text)));
    return selected;
  }
  KeywordFilter filter = request.filter.value_or(KeywordFilter{});
  if (filter.statuses.empty()) filter.statuses = {KeywordStatus::not_generated};
  return transaction.keywords().select(project.account, project.id, filter, request.limit);
}

Result<Job> GenerationService::new_job(Transaction& transaction, const AccountId& account, const ProjectId& project,
                                       std::int64_t total) const {
  Job job;
  job.id = context_.ids.make<JobId>();
  job.account = account;
  job.project = project;
  job.kind = JobKind::generate;
  job.total = total;
  job.created_at = job.updated_at = context_.clock.now();
  GALLEY_TRY(transaction.jobs().insert(job));
  return job;
}

Result<Article> GenerationService::new_article(Transaction& transaction, const Actor& actor, const Project& project,
                                               const WantedArticle& wanted) const {
  const Keyword& keyword = wanted.keyword;
  Article article;
  article.id = context_.ids.make<ArticleId>();
  article.account = project.account;
  article.project = project.id;
  article.keyword = keyword.id;
  article.keyword_text = keyword.text;
  article.text.title = wanted.options.title.value_or(keyword.text);
  article.tags = wanted.tags;
  article.categories = wanted.categories;
  article.status = ArticleStatus::queued;
  article.stage = Stage::generation;
  article.author_name = project.author_name;
  article.created_at = article.updated_at = context_.clock.now();
  article.slug = GALLEY_TRY(transitions_.free_slug(transaction, project, article, ""));
  GALLEY_TRY(transaction.articles().insert(article, actor.name()));
  GALLEY_TRY(events_.article(transaction, EventType::article_created, project, article));
  Keyword queued = keyword;
  queued.status = KeywordStatus::queued;
  queued.article = article.id;
  ++queued.version;
  queued.updated_at = article.created_at;
  GALLEY_TRY(transaction.keywords().update(queued));
  return article;
}

Result<void> GenerationService::add_item(Transaction& transaction, const Job& job, const Article& article,
                                         const GenerationOptions& options, const QuotaPeriod& period) const {
  JobItem item{.job = job.id,
               .account = job.account,
               .kind = JobKind::generate,
               .article = article.id,
               .connection = options.connection,
               .due_at = job.created_at};
  json::Object encoded = encode_options(options);
  put_period(encoded, period);
  put_credits(encoded, context_.plans.prices.content(options.word_count));
  item.options = json::Value(std::move(encoded));
  return transaction.jobs().insert_item(item);
}

Task<Result<QueuedGeneration>> GenerationService::generate(Actor actor, ProjectId project_id,
                                                           GenerationRequest request) const {
  request.options = GALLEY_CO_TRY(judge(std::move(request.options)));
  auto body = [&](Transaction& transaction) -> Result<QueuedGeneration> {
    GALLEY_TRY(require_sight(actor, project_id));
    const Project project = GALLEY_TRY(transaction.projects().find(actor.account, project_id));
    GALLEY_TRY(require_connection(transaction, project.account, project.id, request.options));
    std::vector<WantedArticle> wanted;
    for (Keyword& keyword : GALLEY_TRY(select(transaction, project, request)))
      wanted.push_back({.keyword = std::move(keyword), .options = request.options});
    return queue(transaction, actor, project, std::move(wanted));
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<QueuedGeneration> GenerationService::queue(Transaction& transaction, const Actor& actor, const Project& project,
                                                  std::vector<WantedArticle> wanted) const {
  QueuedGeneration queued;
  std::vector<WantedArticle> taken;
  std::int64_t credits = 0;
  for (WantedArticle& one : wanted) {
    const Keyword& keyword = one.keyword;
    const bool twice = std::ranges::any_of(taken, [&](const WantedArticle& t) { return t.keyword.id == keyword.id; });
    if (keyword.status == KeywordStatus::queued) {
      queued.skipped.push_back({keyword.id, keyword.text, "An article is already being generated from it."});
    } else if (!twice) {
      credits += context_.plans.prices.content(one.options.word_count);
      taken.push_back(std::move(one));
    }
  }
  if (taken.empty()) return conflict("There is no keyword left to generate an article from.");
  const Account account = GALLEY_TRY(transaction.accounts().find(actor.account));
  const auto count = static_cast<std::int64_t>(taken.size());
  const std::string note = std::to_string(count) + (count == 1 ? " article" : " articles");
  const QuotaPeriod period = GALLEY_TRY(reserve_quota(transaction, context_, account, count));
  queued.job = GALLEY_TRY(new_job(transaction, actor.account, project.id, count));
  GALLEY_TRY(charge_credits(transaction, context_, account,
                            {.credits = credits, .reference = queued.job.id.text(), .note = note}));
  for (const WantedArticle& one : taken) {
    const Article article = GALLEY_TRY(new_article(transaction, actor, project, one));
    GALLEY_TRY(add_item(transaction, queued.job, article, one.options, period));
    queued.articles.push_back({article.id, one.keyword.id, one.keyword.text});
  }
  GALLEY_TRY(progress_.queued(transaction, queued.job));
  GALLEY_TRY(
      audit(transaction, context_, actor, {AuditAction::generation_queued, project.id, queued.job.id.text(), note}));
  return queued;
}

Result<Job> GenerationService::queue_again(Transaction& transaction, const Actor& actor, Article& article,
                                           GenerationOptions options) const {
  options = GALLEY_TRY(judge(std::move(options)));
  if (!article.keyword_text)
    return conflict("The article was not made from a keyword, so there is nothing to generate it from.");
  const Account account = GALLEY_TRY(transaction.accounts().find(article.account));
  const QuotaPeriod period = GALLEY_TRY(reserve_quota(transaction, context_, account, 1));
  const Job job = GALLEY_TRY(new_job(transaction, article.account, article.project, 1));
  GALLEY_TRY(charge_credits(
      transaction, context_, account,
      {.credits = context_.plans.prices.content(options.word_count), .reference = job.id.text(), .note = "1 article"}));
  article.error.reset();
  GALLEY_TRY(transitions_.moved(transaction, article, ArticleStatus::queued, Stage::generation, actor.name()));
  GALLEY_TRY(transitions_.set_origin_status(transaction, article, KeywordStatus::queued));
  GALLEY_TRY(add_item(transaction, job, article, options, period));
  GALLEY_TRY(progress_.queued(transaction, job));
  return job;
}

Task<Result<Job>> GenerationService::regenerate(Actor actor, ArticleId id, GenerationOptions options) const {
  auto body = [&](Transaction& transaction) -> Result<Job> {
    Article article = GALLEY_TRY(find_article(transaction, actor, id));
    GALLEY_TRY(require(article, ArticleAction::regenerate));
    GALLEY_TRY(require_connection(transaction, article.account, article.project, options));
    GALLEY_TRY(audit_article(transaction, context_, actor, AuditAction::generation_queued, article));
    return queue_again(transaction, actor, article, options);
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
