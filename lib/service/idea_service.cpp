#include "service/idea_service.hpp"

#include <algorithm>
#include <set>

#include "base/unicode.hpp"
#include "service/audit.hpp"
#include "service/credits.hpp"

namespace galley::service {

namespace {

constexpr int keywords_of_brief = 100;

Result<Idea> find(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  const IdeaId id = GALLEY_TRY(id_of<IdeaTag>(transaction, actor.account, number));
  Idea idea = GALLEY_TRY(transaction.ideas().find(actor.account, id));
  GALLEY_TRY(require_sight(actor, idea.project, IdeaTag::noun, std::to_string(number)));
  return idea;
}

Result<void> tell(Transaction& transaction, const Context& context, const Actor& actor, AuditAction action,
                  const Idea& idea) {
  return audit(transaction, context, actor, {action, idea.project, idea.id.text(), idea.title});
}

// Everything but site, id and times.
Result<void> apply(const Transaction& transaction, const Actor& actor, IdeaDraft draft, Idea& idea) {
  idea.title = tidy_line(draft.title);
  idea.description = std::move(draft.description);
  idea.type = draft.type;
  idea.structure = draft.structure;
  idea.keywords = std::move(draft.keywords);
  idea.status = draft.status;
  idea.cluster.reset();
  if (draft.cluster) {
    const Cluster cluster = GALLEY_TRY(cluster_in(transaction, actor, *draft.cluster));
    if (cluster.project != idea.project) return invalid("cluster_id", "is a cluster of another site");
    idea.cluster = cluster.id;
  }
  idea.word_count = draft.word_count ? *draft.word_count
                                     : GALLEY_TRY(transaction.preferences().settings(actor.account)).default_word_count;
  return check(idea);
}

}  // namespace

Result<Counted<PlannedIdea>> IdeaService::list(const Actor& actor, const IdeaFilter& filter) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Counted<PlannedIdea>> {
    IdeaBrowse browse = filter.browse;
    const SiteFilter site = GALLEY_TRY(site_filter(transaction, actor, filter.site));
    if (site.none) return Counted<PlannedIdea>{};
    browse.project = site.project;
    if (filter.cluster) {
      browse.cluster = GALLEY_TRY(look_up<ClusterTag>(transaction, actor.account, *filter.cluster));
      if (!browse.cluster) return Counted<PlannedIdea>{};
    }
    return planned_rows<PlannedIdea>(transaction, actor.account,
                                     GALLEY_TRY(transaction.ideas().browse(actor.account, browse)));
  });
}

Result<PlannedIdea> IdeaService::get(const Actor& actor, std::int64_t number) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<PlannedIdea> {
    return PlannerView(transaction, actor.account).of(GALLEY_TRY(find(transaction, actor, number)));
  });
}

Task<Result<PlannedIdea>> IdeaService::create(Actor actor, IdeaDraft draft, std::optional<std::int64_t> site) const {
  auto body = [&](Transaction& transaction) -> Result<PlannedIdea> {
    Idea idea;
    idea.id = context_.ids.make<IdeaId>();
    idea.account = actor.account;
    idea.project = GALLEY_TRY(site_of(transaction, actor, site));
    idea.created_at = idea.updated_at = context_.clock.now();
    GALLEY_TRY(apply(transaction, actor, std::move(draft), idea));
    GALLEY_TRY(transaction.ideas().insert(idea));
    GALLEY_TRY(tell(transaction, context_, actor, AuditAction::idea_created, idea));
    return PlannerView(transaction, actor.account).of(std::move(idea));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<PlannedIdea>> IdeaService::update(Actor actor, std::int64_t number, Edit edit) const {
  auto body = [&](Transaction& transaction) -> Result<PlannedIdea> {
    Idea idea = GALLEY_TRY(find(transaction, actor, number));
    const PlannedIdea before = GALLEY_TRY(PlannerView(transaction, actor.account).of(idea));
    IdeaDraft draft{.title = idea.title,
                    .description = idea.description,
                    .type = idea.type,
                    .structure = idea.structure,
                    .keywords = idea.keywords,
                    .cluster = before.cluster,
                    .word_count = idea.word_count,
                    .status = idea.status};
    GALLEY_TRY(edit(draft));
    GALLEY_TRY(apply(transaction, actor, std::move(draft), idea));
    idea.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.ideas().update(idea));
    GALLEY_TRY(tell(transaction, context_, actor, AuditAction::idea_updated, idea));
    return PlannerView(transaction, actor.account).of(std::move(idea));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> IdeaService::remove(Actor actor, std::int64_t number) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    const Idea idea = GALLEY_TRY(find(transaction, actor, number));
    GALLEY_TRY(tell(transaction, context_, actor, AuditAction::idea_deleted, idea));
    return transaction.ideas().remove(actor.account, idea.id);
  };
  co_return co_await context_.store.write(std::move(body));
}

namespace {

bool has_ideas(const Counted<Idea>& found) {
  return found.total > 0;
}

Result<std::vector<Keyword>> keywords_in(const Transaction& transaction, const Cluster& cluster) {
  const KeywordBrowse browse{
      .cluster = cluster.id, .order = KeywordBrowse::Order::volume, .page = {.size = keywords_of_brief}};
  return GALLEY_TRY(transaction.keywords().browse(cluster.account, browse)).rows;
}

// Those that are named, else those of the site that have keywords and no ideas yet.
Result<std::vector<Cluster>> clusters_for(const Transaction& transaction, const Actor& actor,
                                          const std::vector<std::int64_t>& numbers,
                                          const std::optional<std::int64_t>& site) {
  std::vector<Cluster> clusters;
  for (const std::int64_t number : std::set<std::int64_t>(numbers.begin(), numbers.end()))
    clusters.push_back(GALLEY_TRY(cluster_in(transaction, actor, number, "ids")));
  if (!numbers.empty()) return clusters;
  const ProjectId project = GALLEY_TRY(site_of(transaction, actor, site));
  for (Cluster& cluster : GALLEY_TRY(transaction.keywords().clusters(actor.account, project))) {
    if (clusters.size() == IdeaService::max_clusters) break;
    const IdeaBrowse its{.cluster = cluster.id, .page = {.size = 1}};
    const bool known = has_ideas(GALLEY_TRY(transaction.ideas().browse(actor.account, its)));
    if (!known && !GALLEY_TRY(keywords_in(transaction, cluster)).empty()) clusters.push_back(std::move(cluster));
  }
  return clusters;
}

// Folded, for comparing.
Result<std::set<std::string>> titles_of(const Transaction& transaction, const Cluster& cluster) {
  std::set<std::string> titles;
  const IdeaBrowse browse{.cluster = cluster.id, .page = {.size = PageRequest::max_size}};
  for (const Idea& idea : GALLEY_TRY(transaction.ideas().browse(cluster.account, browse)).rows)
    titles.insert(fold_text(idea.title));
  return titles;
}

}  // namespace

Task<Result<GeneratedIdeas>> IdeaService::generate(Actor actor, std::vector<std::int64_t> numbers,
                                                   std::optional<std::int64_t> site) const {
  if (numbers.size() > max_clusters) co_return invalid("ids", "must be at most " + std::to_string(max_clusters));
  auto body = [&](Transaction& transaction) -> Result<GeneratedIdeas> {
    GeneratedIdeas generated;
    const std::vector<Cluster> clusters = GALLEY_TRY(clusters_for(transaction, actor, numbers, site));
    if (clusters.empty()) return generated;
    const Account account = GALLEY_TRY(transaction.accounts().find(actor.account));
    const Time now = context_.clock.now();
    PlannerView view(transaction, actor.account);
    for (const Cluster& cluster : clusters) {
      const std::vector<Keyword> keywords = GALLEY_TRY(keywords_in(transaction, cluster));
      if (keywords.empty()) return invalid("ids", "names a cluster without keywords: " + cluster.name);
      const Project project = GALLEY_TRY(transaction.projects().find(actor.account, cluster.project));
      const std::set<std::string> known = GALLEY_TRY(titles_of(transaction, cluster));
      const std::int64_t credits = context_.plans.prices.ideas_of_cluster;
      GALLEY_TRY(charge_credits(transaction, context_, account,
                                {.operation = CreditOperation::ideas,
                                 .credits = credits,
                                 .reference = cluster.id.text(),
                                 .note = "Ideas for " + cluster.name}));
      generated.credits_used += credits;
      std::int64_t made = 0;
      for (IdeaWriter::Draft& draft :
           writer_.write({.cluster = cluster.name, .keywords = keywords, .language = project.language})) {
        if (known.contains(fold_text(draft.title))) continue;
        Idea idea{.id = context_.ids.make<IdeaId>(),
                  .account = actor.account,
                  .project = cluster.project,
                  .title = std::move(draft.title),
                  .description = std::move(draft.description),
                  .structure = draft.structure,
                  .keywords = std::move(draft.keywords),
                  .cluster = cluster.id,
                  .word_count = draft.word_count,
                  .created_at = now,
                  .updated_at = now};
        GALLEY_TRY(check(idea));
        GALLEY_TRY(transaction.ideas().insert(idea));
        generated.ideas.push_back(GALLEY_TRY(view.of(std::move(idea))));
        ++made;
      }
      GALLEY_TRY(transaction.credits().log({.account = actor.account,
                                            .project = cluster.project,
                                            .operation = CreditOperation::ideas,
                                            .model = "outline",
                                            .credits = credits,
                                            .reference = cluster.id.text(),
                                            .created_at = now}));
      GALLEY_TRY(audit(transaction, context_, actor,
                       {AuditAction::ideas_generated, cluster.project, cluster.id.text(),
                        std::to_string(made) + " ideas for " + cluster.name}));
    }
    return generated;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<PlannedTask>> IdeaService::queue(Actor actor, std::int64_t number) const {
  auto body = [&](Transaction& transaction) -> Result<PlannedTask> {
    Idea idea = GALLEY_TRY(find(transaction, actor, number));
    if (idea.status != IdeaStatus::open)
      return wrong_state("There is a task for the idea already.", to_text(idea.status),
                         {std::string(to_text(IdeaStatus::open))});
    const Time now = context_.clock.now();
    WritingTask task{.id = context_.ids.make<WritingTaskId>(),
                     .account = actor.account,
                     .project = idea.project,
                     .title = idea.title,
                     .description = idea.description,
                     .keywords = idea.keywords,
                     .cluster = idea.cluster,
                     .idea = idea.id,
                     .type = idea.type,
                     .structure = idea.structure,
                     .word_count = idea.word_count,
                     .created_at = now,
                     .updated_at = now};
    if (!idea.keywords.empty()) {
      task.primary_keyword = idea.keywords.front();
      task.secondary_keywords.assign(idea.keywords.begin() + 1, idea.keywords.end());
    }
    GALLEY_TRY(check(task));
    GALLEY_TRY(transaction.writing_tasks().insert(task));
    idea.status = IdeaStatus::queued;
    idea.updated_at = now;
    GALLEY_TRY(transaction.ideas().update(idea));
    GALLEY_TRY(tell(transaction, context_, actor, AuditAction::idea_queued, idea));
    return PlannerView(transaction, actor.account).of(std::move(task));
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
