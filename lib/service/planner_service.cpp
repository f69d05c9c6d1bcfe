#include "service/planner_service.hpp"

#include <map>
#include <set>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "service/audit.hpp"

namespace galley::service {

namespace {

PlannedChanges changes_of(const Keyword& keyword, const std::optional<std::int64_t>& cluster) {
  return {.text = keyword.text,
          .volume = keyword.volume,
          .difficulty = keyword.difficulty,
          .intent = keyword.intent,
          .planning = keyword.planning,
          .cluster = cluster};
}

Result<std::string> checked_cluster_name(const std::string& given) {
  std::string name = tidy_line(given);
  if (name.empty()) return invalid("name", "must not be empty");
  if (count_code_points(name) > Keyword::max_length) return invalid("name", "must be at most 200 characters long");
  return name;
}

}  // namespace

Result<Counted<PlannedKeyword>> PlannerService::list(const Actor& actor, const PlannerFilter& filter) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Counted<PlannedKeyword>> {
    KeywordBrowse browse = filter.browse;
    const SiteFilter site = GALLEY_TRY(site_filter(transaction, actor, filter.site));
    if (site.none) return Counted<PlannedKeyword>{};
    browse.project = site.project;
    if (filter.cluster) {
      browse.cluster = GALLEY_TRY(look_up<ClusterTag>(transaction, actor.account, *filter.cluster));
      if (!browse.cluster) return Counted<PlannedKeyword>{};
    }
    return planned_rows<PlannedKeyword>(transaction, actor.account,
                                        GALLEY_TRY(transaction.keywords().browse(actor.account, browse)));
  });
}

Result<KeywordId> PlannerService::id_of(const Actor& actor, std::int64_t number) const {
  return context_.store.read(
      [&](const Transaction& transaction) { return service::id_of<KeywordTag>(transaction, actor.account, number); });
}

Result<ProjectId> PlannerService::site(const Actor& actor, const std::optional<std::int64_t>& number) const {
  return context_.store.read([&](const Transaction& transaction) { return site_of(transaction, actor, number); });
}

Result<PlannedKeyword> PlannerService::planned(const Actor& actor, Keyword keyword) const {
  return context_.store.read(
      [&](const Transaction& transaction) { return PlannerView(transaction, actor.account).of(std::move(keyword)); });
}

Result<PlannedKeyword> PlannerService::get(const Actor& actor, std::int64_t number) const {
  const KeywordId id = GALLEY_TRY(id_of(actor, number));
  return planned(actor, GALLEY_TRY(keywords_.get(actor, id)));
}

Task<Result<PlannedKeyword>> PlannerService::create(Actor actor, PlannedDraft draft) const {
  const auto place = [&](const Transaction& transaction) -> Result<ProjectId> {
    if (draft.cluster) draft.draft.cluster_id = GALLEY_TRY(cluster_in(transaction, actor, *draft.cluster)).id;
    return site_of(transaction, actor, draft.site);
  };
  ProjectId project = GALLEY_CO_TRY(context_.store.read(place));
  draft.draft.planning = draft.planning;
  Keyword made = GALLEY_CO_TRY(co_await keywords_.create(actor, std::move(project), std::move(draft.draft)));
  co_return planned(actor, std::move(made));
}

Task<Result<PlannedKeyword>> PlannerService::update(Actor actor, std::int64_t number, Edit edit) const {
  const PlannedKeyword before = GALLEY_CO_TRY(get(actor, number));
  // Tried before it is done: the cluster's number is looked up outside of the change.
  PlannedChanges wanted = changes_of(before.keyword, before.cluster);
  GALLEY_CO_TRY(edit(wanted));
  std::optional<ClusterId> cluster = before.keyword.cluster;
  if (wanted.cluster != before.cluster) cluster.reset();
  if (wanted.cluster && !cluster)
    cluster = GALLEY_CO_TRY(context_.store.read([&](const Transaction& transaction) {
                return cluster_in(transaction, actor, *wanted.cluster);
              })).id;
  KeywordService::Edit change = [&](Keyword& keyword) -> Result<void> {
    PlannedChanges changes = changes_of(keyword, before.cluster);
    GALLEY_TRY(edit(changes));
    keyword.text = std::move(changes.text);
    keyword.volume = changes.volume;
    keyword.difficulty = changes.difficulty;
    keyword.intent = changes.intent;
    keyword.planning = changes.planning;
    if (changes.cluster != before.cluster) keyword.cluster = cluster;
    return {};
  };
  Keyword changed = GALLEY_CO_TRY(co_await keywords_.update(actor, before.keyword.id, std::nullopt, std::move(change)));
  co_return planned(actor, std::move(changed));
}

Task<Result<void>> PlannerService::remove(Actor actor, std::int64_t number) const {
  KeywordId id = GALLEY_CO_TRY(id_of(actor, number));
  co_return co_await keywords_.remove(std::move(actor), std::move(id), std::nullopt);
}

namespace {

Result<Keyword> find_keyword(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  const KeywordId id = GALLEY_TRY(id_in<KeywordTag>(transaction, actor.account, "ids", number));
  Keyword keyword = GALLEY_TRY(transaction.keywords().find(actor.account, id));
  if (!actor.sees(keyword.project))
    return invalid("ids", "is not the id of a keyword of this account: " + std::to_string(number));
  return keyword;
}

Result<void> require_some(const std::vector<std::int64_t>& numbers) {
  if (numbers.empty()) return invalid("ids", "must not be empty");
  if (numbers.size() > PlannerService::max_bulk)
    return invalid("ids", "must be at most " + std::to_string(PlannerService::max_bulk));
  return {};
}

std::string amount_of(std::int64_t keywords) {
  return std::to_string(keywords) + (keywords == 1 ? " keyword" : " keywords");
}

}  // namespace

Task<Result<std::int64_t>> PlannerService::remove_many(Actor actor, std::vector<std::int64_t> numbers) const {
  GALLEY_CO_TRY(require_some(numbers));
  auto body = [&](Transaction& transaction) -> Result<std::int64_t> {
    std::map<ProjectId, std::int64_t> removed;
    std::int64_t all = 0;
    for (const std::int64_t number : std::set<std::int64_t>(numbers.begin(), numbers.end())) {
      const Keyword keyword = GALLEY_TRY(find_keyword(transaction, actor, number));
      GALLEY_TRY(transaction.keywords().remove(actor.account, keyword.id));
      ++removed[keyword.project];
      ++all;
    }
    for (const auto& [project, amount] : removed)
      GALLEY_TRY(audit(transaction, context_, actor,
                       {AuditAction::keywords_deleted, project, project.text(), amount_of(amount)}));
    return all;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<std::int64_t>> PlannerService::update_many(Actor actor, std::vector<std::int64_t> numbers,
                                                       BulkChanges changes) const {
  GALLEY_CO_TRY(require_some(numbers));
  if (changes.empty()) co_return invalid("body", "names nothing to change");
  auto body = [&](Transaction& transaction) -> Result<std::int64_t> {
    std::optional<Cluster> cluster;
    if (changes.cluster && *changes.cluster != 0)
      cluster = GALLEY_TRY(cluster_in(transaction, actor, *changes.cluster));
    std::map<ProjectId, std::int64_t> changed;
    std::int64_t all = 0;
    for (const std::int64_t number : std::set<std::int64_t>(numbers.begin(), numbers.end())) {
      Keyword keyword = GALLEY_TRY(find_keyword(transaction, actor, number));
      if (cluster && cluster->project != keyword.project)
        return invalid("cluster_id", "is a cluster of another site than keyword " + std::to_string(number));
      if (changes.cluster) keyword.cluster = cluster ? std::optional(cluster->id) : std::nullopt;
      keyword.planning = changes.planning.value_or(keyword.planning);
      if (changes.intent) keyword.intent = changes.intent;
      if (changes.volume) keyword.volume = changes.volume;
      if (changes.difficulty) keyword.difficulty = changes.difficulty;
      GALLEY_TRY(check(keyword));
      ++keyword.version;
      keyword.updated_at = context_.clock.now();
      GALLEY_TRY(transaction.keywords().update(keyword));
      ++changed[keyword.project];
      ++all;
    }
    for (const auto& [project, amount] : changed)
      GALLEY_TRY(audit(transaction, context_, actor,
                       {AuditAction::keywords_changed, project, project.text(), amount_of(amount)}));
    return all;
  };
  co_return co_await context_.store.write(std::move(body));
}

Result<Counted<PlannedCluster>> PlannerService::clusters(const Actor& actor, const std::optional<std::int64_t>& site,
                                                         const NumberedPage& page) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Counted<PlannedCluster>> {
    const SiteFilter wanted = GALLEY_TRY(site_filter(transaction, actor, site));
    if (wanted.none) return Counted<PlannedCluster>{};
    return planned_rows<PlannedCluster>(
        transaction, actor.account,
        GALLEY_TRY(transaction.keywords().browse_clusters(actor.account, wanted.project, page)));
  });
}

Result<PlannedCluster> PlannerService::cluster(const Actor& actor, std::int64_t number) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<PlannedCluster> {
    const Cluster cluster = GALLEY_TRY(find_cluster(transaction, actor, number));
    return PlannerView(transaction, actor.account)
        .of(GALLEY_TRY(transaction.keywords().summary(actor.account, cluster.id)));
  });
}

Task<Result<PlannedCluster>> PlannerService::create_cluster(Actor actor, std::string name,
                                                            std::optional<std::int64_t> site) const {
  auto body = [&](Transaction& transaction) -> Result<PlannedCluster> {
    Cluster cluster{.id = context_.ids.make<ClusterId>(),
                    .account = actor.account,
                    .project = GALLEY_TRY(site_of(transaction, actor, site)),
                    .name = GALLEY_TRY(checked_cluster_name(name)),
                    .created_at = context_.clock.now()};
    GALLEY_TRY(transaction.keywords().insert_cluster(cluster));
    GALLEY_TRY(audit(transaction, context_, actor,
                     {AuditAction::cluster_created, cluster.project, cluster.id.text(), cluster.name}));
    return PlannerView(transaction, actor.account).of(ClusterSummary{.cluster = std::move(cluster)});
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<PlannedCluster>> PlannerService::rename_cluster(Actor actor, std::int64_t number, std::string name) const {
  auto body = [&](Transaction& transaction) -> Result<PlannedCluster> {
    const Cluster cluster = GALLEY_TRY(find_cluster(transaction, actor, number));
    const std::string tidy = GALLEY_TRY(checked_cluster_name(name));
    GALLEY_TRY(transaction.keywords().rename_cluster(actor.account, cluster.id, tidy));
    GALLEY_TRY(
        audit(transaction, context_, actor, {AuditAction::cluster_updated, cluster.project, cluster.id.text(), tidy}));
    return PlannerView(transaction, actor.account)
        .of(GALLEY_TRY(transaction.keywords().summary(actor.account, cluster.id)));
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> PlannerService::remove_cluster(Actor actor, std::int64_t number) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    const Cluster cluster = GALLEY_TRY(find_cluster(transaction, actor, number));
    GALLEY_TRY(audit(transaction, context_, actor,
                     {AuditAction::cluster_deleted, cluster.project, cluster.id.text(), cluster.name}));
    return transaction.keywords().remove_cluster(actor.account, cluster.id);
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
