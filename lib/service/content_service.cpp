#include "service/content_service.hpp"

#include <map>

#include "content/html_import.hpp"

namespace galley::service {

namespace {

// The article's own state for what is wanted of it: published is a step of its own behind ready.
void set_status(ArticleDraft& draft, Editorial wanted) {
  draft.status = wanted == Editorial::draft ? ArticleStatus::draft : ArticleStatus::ready;
  draft.approved = wanted == Editorial::approved || wanted == Editorial::published;
}

}  // namespace

Result<ArticleId> ContentService::id_of(const Actor& actor, std::int64_t number) const {
  return context_.store.read(
      [&](const Transaction& transaction) { return service::id_of<ArticleTag>(transaction, actor.account, number); });
}

Result<PlannedContent> ContentService::of_article(const Actor& actor, const ArticleId& id) const {
  ArticleDetail detail = GALLEY_TRY(articles_.get(actor, id));
  return context_.store.read(
      [&](const Transaction& transaction) { return PlannerView(transaction, actor.account).of(std::move(detail)); });
}

Result<Counted<PlannedContent>> ContentService::list(const Actor& actor, const ContentFilter& filter) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Counted<PlannedContent>> {
    ArticleBrowse browse = filter.browse;
    const SiteFilter site = GALLEY_TRY(site_filter(transaction, actor, filter.site));
    if (site.none) return Counted<PlannedContent>{};
    browse.project = site.project;
    Counted<Article> found = GALLEY_TRY(transaction.articles().browse(actor.account, browse));
    Counted<ArticleDetail> details{.rows = {}, .total = found.total};
    std::map<ProjectId, Project> projects;
    for (Article& article : found.rows) {
      auto project = projects.find(article.project);
      if (project == projects.end())
        project =
            projects.emplace(article.project, GALLEY_TRY(transaction.projects().find(actor.account, article.project)))
                .first;
      ArticleDetail detail{.url = public_url(project->second, article)};
      detail.article = std::move(article);
      details.rows.push_back(std::move(detail));
    }
    return planned_rows<PlannedContent>(transaction, actor.account, std::move(details));
  });
}

Result<PlannedContent> ContentService::get(const Actor& actor, std::int64_t number) const {
  const Result<PlannedContent> found = of_article(actor, GALLEY_TRY(id_of(actor, number)));
  // In the words of what was asked for.
  if (!found && found.error().code == ErrorCode::not_found) return not_found(ArticleTag::noun, std::to_string(number));
  return found;
}

Result<void> ContentService::give_to(Transaction& transaction, const Actor& actor, const Article& article,
                                     std::int64_t number) const {
  const WritingTaskId id = GALLEY_TRY(id_in<WritingTaskTag>(transaction, actor.account, "task_id", number));
  WritingTask task = GALLEY_TRY(transaction.writing_tasks().find(actor.account, id));
  if (task.project != article.project) return invalid("task_id", "is a task of another site");
  if (task.article) return conflict("The task has its content already.");
  task.article = article.id;
  GALLEY_TRY(transaction.writing_tasks().update(task));
  return transaction.writing_tasks().follow(actor.account, article.id, TaskStatus::completed, context_.clock.now());
}

Task<Result<PlannedContent>> ContentService::create(Actor actor, ContentDraft draft, std::optional<std::int64_t> site,
                                                    std::optional<std::int64_t> task) const {
  ProjectId project = GALLEY_CO_TRY(
      context_.store.read([&](const Transaction& transaction) { return site_of(transaction, actor, site); }));
  set_status(draft.draft, draft.wanted);
  // Not for the writer's thread, where the rest is done together.
  if (draft.draft.html) {
    draft.draft.text.markdown = GALLEY_CO_TRY(content::html_to_markdown(*draft.draft.html));
    draft.draft.html.reset();
  }
  std::function<Task<Result<ArticleId>>(Transaction&)> work = [&](Transaction& transaction) -> Task<Result<ArticleId>> {
    const ArticleDetail made = GALLEY_CO_TRY(co_await articles_.create(actor, project, draft.draft));
    if (task) GALLEY_CO_TRY(give_to(transaction, actor, made.article, *task));
    if (draft.wanted == Editorial::published)
      GALLEY_CO_TRY(co_await publishing_.publish(actor, made.article.id, PublishRequest{}));
    co_return made.article.id;
  };
  const ArticleId id = GALLEY_CO_TRY(co_await context_.store.write_together(std::move(work)));
  co_return of_article(actor, id);
}

Task<Result<PlannedContent>> ContentService::update(Actor actor, std::int64_t number, Edit edit) const {
  const ArticleId id = GALLEY_CO_TRY(id_of(actor, number));
  std::function<Task<Result<void>>(Transaction&)> work = [&](Transaction& transaction) -> Task<Result<void>> {
    const Article before = GALLEY_CO_TRY(find_article(transaction, actor, id));
    const Editorial was = editorial_of(before);
    Editorial wanted = was;
    ArticleService::Edit change = [&](ArticleDraft& draft) -> Result<void> {
      ContentDraft content{.draft = draft, .wanted = was};
      GALLEY_TRY(edit(content));
      wanted = content.wanted;
      const ArticleStatus status = draft.status;
      draft = std::move(content.draft);
      draft.status = status;
      if (wanted != was) set_status(draft, wanted);
      return {};
    };
    GALLEY_CO_TRY(co_await articles_.update(actor, id, std::nullopt, std::move(change)));
    if (wanted == Editorial::published && was != Editorial::published)
      GALLEY_CO_TRY(co_await publishing_.publish(actor, id, PublishRequest{}));
    co_return Result<void>();
  };
  GALLEY_CO_TRY(co_await context_.store.write_together(std::move(work)));
  co_return of_article(actor, id);
}

Task<Result<ContentPublished>> ContentService::publish(Actor actor, std::int64_t number, PublishRequest request) const {
  const ArticleId id = GALLEY_CO_TRY(id_of(actor, number));
  PublishStarted started = GALLEY_CO_TRY(co_await publishing_.publish(actor, id, std::move(request)));
  co_return ContentPublished{.content = GALLEY_CO_TRY(of_article(actor, id)), .job = std::move(started.job)};
}

Task<Result<void>> ContentService::remove(Actor actor, std::int64_t number) const {
  ArticleId id = GALLEY_CO_TRY(id_of(actor, number));
  co_return co_await articles_.remove(std::move(actor), std::move(id), std::nullopt);
}

}  // namespace galley::service
