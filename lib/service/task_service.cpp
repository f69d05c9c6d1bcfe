#include "service/task_service.hpp"

#include <algorithm>

#include "base/unicode.hpp"
#include "service/audit.hpp"
#include "service/keyword_service.hpp"

namespace galley::service {

namespace {

Result<WritingTask> find(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  const WritingTaskId id = GALLEY_TRY(id_of<WritingTaskTag>(transaction, actor.account, number));
  WritingTask task = GALLEY_TRY(transaction.writing_tasks().find(actor.account, id));
  GALLEY_TRY(require_sight(actor, task.project, WritingTaskTag::noun, std::to_string(number)));
  return task;
}

Result<void> tell(Transaction& transaction, const Context& context, const Actor& actor, AuditAction action,
                  const WritingTask& task) {
  return audit(transaction, context, actor, {action, task.project, task.id.text(), task.title});
}

// Everything but site, id, article and times.
Result<void> apply(const Transaction& transaction, const Actor& actor, TaskDraft draft, WritingTask& task) {
  task.title = tidy_line(draft.title);
  task.description = std::move(draft.description);
  task.keywords = std::move(draft.keywords);
  task.type = draft.type;
  task.structure = draft.structure;
  task.status = draft.status;
  task.primary_keyword = tidy_line(draft.primary_keyword);
  task.secondary_keywords = std::move(draft.secondary_keywords);
  task.tags = std::move(draft.tags);
  task.categories = std::move(draft.categories);
  task.cluster.reset();
  if (draft.cluster) {
    const Cluster cluster = GALLEY_TRY(cluster_in(transaction, actor, *draft.cluster));
    if (cluster.project != task.project) return invalid("cluster_id", "is a cluster of another site");
    task.cluster = cluster.id;
  }
  task.idea.reset();
  if (draft.idea) {
    const IdeaId id = GALLEY_TRY(id_in<IdeaTag>(transaction, actor.account, "idea_id", *draft.idea));
    const Idea idea = GALLEY_TRY(transaction.ideas().find(actor.account, id));
    if (idea.project != task.project) return invalid("idea_id", "is an idea of another site");
    task.idea = id;
  }
  task.word_count = draft.word_count ? *draft.word_count
                                     : GALLEY_TRY(transaction.preferences().settings(actor.account)).default_word_count;
  return check(task);
}

// Why no article is written for the task; empty where one may be.
std::string obstacle(const WritingTask& task) {
  if (task.status == TaskStatus::in_progress) return "Its content is being written.";
  if (task.status == TaskStatus::completed) return "Its content was written.";
  if (task.article && task.status == TaskStatus::queued) return "Its content is queued already.";
  return "";
}

}  // namespace

Result<Counted<PlannedTask>> TaskService::list(const Actor& actor, const TaskFilter& filter) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Counted<PlannedTask>> {
    TaskBrowse browse = filter.browse;
    const SiteFilter site = GALLEY_TRY(site_filter(transaction, actor, filter.site));
    if (site.none) return Counted<PlannedTask>{};
    browse.project = site.project;
    if (filter.cluster) {
      browse.cluster = GALLEY_TRY(look_up<ClusterTag>(transaction, actor.account, *filter.cluster));
      if (!browse.cluster) return Counted<PlannedTask>{};
    }
    return planned_rows<PlannedTask>(transaction, actor.account,
                                     GALLEY_TRY(transaction.writing_tasks().browse(actor.account, browse)));
  });
}

Result<PlannedTask> TaskService::get(const Actor& actor, std::int64_t number) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<PlannedTask> {
    return PlannerView(transaction, actor.account).of(GALLEY_TRY(find(transaction, actor, number)));
  });
}

Task<Result<PlannedTask>> TaskService::create(Actor actor, TaskDraft draft, std::optional<std::int64_t> site) const {
  auto body = [&](Transaction& transaction) -> Result<PlannedTask> {
    WritingTask task;
    task.id = context_.ids.make<WritingTaskId>();
    task.account = actor.account;
    task.project = GALLEY_TRY(site_of(transaction, actor, site));
    task.created_at = task.updated_at = context_.clock.now();
    GALLEY_TRY(apply(transaction, actor, std::move(draft), task));
    GALLEY_TRY(transaction.writing_tasks().insert(task));
    GALLEY_TRY(tell(transaction, context_, actor, AuditAction::task_created, task));
    return PlannerView(transaction, actor.account).of(std::move(task));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<PlannedTask>> TaskService::update(Actor actor, std::int64_t number, Edit edit) const {
  auto body = [&](Transaction& transaction) -> Result<PlannedTask> {
    WritingTask task = GALLEY_TRY(find(transaction, actor, number));
    const PlannedTask before = GALLEY_TRY(PlannerView(transaction, actor.account).of(task));
    TaskDraft draft{.title = task.title,
                    .description = task.description,
                    .keywords = task.keywords,
                    .cluster = before.cluster,
                    .idea = before.idea,
                    .type = task.type,
                    .structure = task.structure,
                    .status = task.status,
                    .word_count = task.word_count,
                    .primary_keyword = task.primary_keyword,
                    .secondary_keywords = task.secondary_keywords,
                    .tags = task.tags,
                    .categories = task.categories};
    GALLEY_TRY(edit(draft));
    GALLEY_TRY(apply(transaction, actor, std::move(draft), task));
    task.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.writing_tasks().update(task));
    GALLEY_TRY(tell(transaction, context_, actor, AuditAction::task_updated, task));
    return PlannerView(transaction, actor.account).of(std::move(task));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> TaskService::remove(Actor actor, std::int64_t number) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    const WritingTask task = GALLEY_TRY(find(transaction, actor, number));
    GALLEY_TRY(tell(transaction, context_, actor, AuditAction::task_deleted, task));
    return transaction.writing_tasks().remove(actor.account, task.id);
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<QueuedTasks>> TaskService::generate(Actor actor, std::vector<std::int64_t> numbers) const {
  if (numbers.empty()) co_return invalid("ids", "must not be empty");
  if (numbers.size() > max_generated) co_return invalid("ids", "must be at most " + std::to_string(max_generated));
  const GenerationOptions defaults = GALLEY_CO_TRY(generation_.judge({}));
  auto body = [&](Transaction& transaction) -> Result<QueuedTasks> {
    QueuedTasks queued;
    std::vector<WantedArticle> wanted;
    std::vector<WritingTask> tasks;  // of those wanted
    std::optional<ProjectId> project;
    for (const WritingTaskId& id : GALLEY_TRY(ids_in<WritingTaskTag>(transaction, actor.account, "ids", numbers))) {
      WritingTask task = GALLEY_TRY(transaction.writing_tasks().find(actor.account, id));
      if (!actor.sees(task.project)) return invalid("ids", "must be ids of tasks of this account");
      if (!project) project = task.project;
      if (*project != task.project) return invalid("ids", "must be tasks of one site");
      const std::int64_t number = GALLEY_TRY(transaction.accounts().number_of(actor.account, id));
      if (std::string reason = obstacle(task); !reason.empty()) {
        queued.skipped.push_back({number, std::move(reason)});
        continue;
      }
      WantedArticle one{.options = defaults, .tags = task.tags, .categories = task.categories};
      one.keyword =
          GALLEY_TRY(find_or_add_keyword(transaction, context_, actor.account, task.project,
                                         std::string(first_code_points(task.subject(), Keyword::max_length))));
      one.options.word_count = task.word_count;
      one.options.title = task.title;
      if (!task.description.empty()) one.options.instructions = task.description;
      wanted.push_back(std::move(one));
      tasks.push_back(std::move(task));
    }
    const Project site = GALLEY_TRY(transaction.projects().find(actor.account, *project));
    const QueuedGeneration generation = GALLEY_TRY(generation_.queue(transaction, actor, site, wanted));
    queued.job = generation.job;
    queued.number = GALLEY_TRY(transaction.accounts().number_of(actor.account, generation.job.id));
    PlannerView view(transaction, actor.account);
    std::vector<QueuedArticle> articles = generation.articles;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      WritingTask& task = tasks[i];
      const auto made = std::ranges::find(articles, wanted[i].keyword.id, &QueuedArticle::keyword);
      if (made == articles.end()) {
        queued.skipped.push_back({GALLEY_TRY(transaction.accounts().number_of(actor.account, task.id)),
                                  "An article is already being generated from its keyword."});
        continue;
      }
      task.article = made->article;
      articles.erase(made);  // two tasks with one keyword: the first has it
      task.status = TaskStatus::queued;
      task.updated_at = context_.clock.now();
      GALLEY_TRY(transaction.writing_tasks().update(task));
      queued.tasks.push_back(GALLEY_TRY(view.of(task)));
    }
    return queued;
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
