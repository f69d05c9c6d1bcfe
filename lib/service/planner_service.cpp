#include "service/planner_service.hpp"

#include <map>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "service/audit.hpp"

namespace galley::service {

namespace {

// The number of what is asked for again and again on one page.
template <class Tag>
class Numbers {
 public:
  Numbers(const Transaction& transaction, const AccountId& account) : transaction_(transaction), account_(account) {}
  Result<std::int64_t> of(const Id<Tag>& id) {
    if (const auto known = known_.find(id); known != known_.end()) return known->second;
    const std::int64_t number = GALLEY_TRY(transaction_.accounts().number_of(account_, id));
    known_.emplace(id, number);
    return number;
  }

 private:
  const Transaction& transaction_;
  const AccountId& account_;
  std::map<Id<Tag>, std::int64_t> known_;
};

class PlannerView {
 public:
  PlannerView(const Transaction& transaction, const AccountId& account)
      : transaction_(transaction), account_(account), sites_(transaction, account), clusters_(transaction, account) {}

  Result<PlannedKeyword> of(Keyword keyword) {
    PlannedKeyword planned;
    planned.number = GALLEY_TRY(transaction_.accounts().number_of(account_, keyword.id));
    planned.site = GALLEY_TRY(sites_.of(keyword.project));
    if (keyword.cluster) {
      planned.cluster = GALLEY_TRY(clusters_.of(*keyword.cluster));
      std::string& name = names_[*keyword.cluster];
      if (name.empty()) name = GALLEY_TRY(transaction_.keywords().find_cluster(account_, *keyword.cluster)).name;
      planned.cluster_name = name;
    }
    planned.keyword = std::move(keyword);
    return planned;
  }
  Result<PlannedCluster> of(ClusterSummary summary) {
    PlannedCluster planned;
    planned.number = GALLEY_TRY(clusters_.of(summary.cluster.id));
    planned.site = GALLEY_TRY(sites_.of(summary.cluster.project));
    planned.summary = std::move(summary);
    return planned;
  }

 private:
  const Transaction& transaction_;
  const AccountId& account_;
  Numbers<ProjectTag> sites_;
  Numbers<ClusterTag> clusters_;
  std::map<ClusterId, std::string> names_;
};

// Nothing for what is nobody's or another account's; a store that fails is no such thing.
template <class Tag>
Result<std::optional<Id<Tag>>> look_up(const Transaction& transaction, const AccountId& account, std::int64_t number) {
  Result<std::string> text = transaction.accounts().id_of(account, Tag::prefix, number);
  if (text) return std::optional(Id<Tag>(*std::move(text)));
  if (text.error().code != ErrorCode::not_found) return std::move(text).error();
  return std::optional<Id<Tag>>();
}

// A project that the actor may see.
Result<std::optional<ProjectId>> find_site(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  std::optional<ProjectId> project = GALLEY_TRY(look_up<ProjectTag>(transaction, actor.account, number));
  if (project && !actor.sees(*project)) project.reset();
  return project;
}

Result<ProjectId> site_of(const Transaction& transaction, const Actor& actor, const std::optional<std::int64_t>& site) {
  if (!site) {
    if (actor.project) return *actor.project;
    const PageRequest first{.size = 1, .sort = {.field = SortField::created_at, .descending = false}};
    const Page<Project> projects = GALLEY_TRY(transaction.projects().list(actor.account, first, std::nullopt));
    if (projects.rows.empty()) return invalid("site_id", "is required: the account has no site yet");
    return projects.rows.front().id;
  }
  const std::optional<ProjectId> project = GALLEY_TRY(find_site(transaction, actor, *site));
  if (!project) return invalid("site_id", "is not the id of a site of this account");
  return *project;
}

Result<Cluster> find_cluster(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  const std::optional<ClusterId> id = GALLEY_TRY(look_up<ClusterTag>(transaction, actor.account, number));
  if (!id) return not_found(ClusterTag::noun, std::to_string(number));
  Cluster cluster = GALLEY_TRY(transaction.keywords().find_cluster(actor.account, *id));
  GALLEY_TRY(require_sight(actor, cluster.project, ClusterTag::noun, std::to_string(number)));
  return cluster;
}

// In a keyword's field: one of a project that the actor may not see is told like one that there is not.
Result<ClusterId> cluster_of(const Transaction& transaction, const Actor& actor, std::int64_t number) {
  const Result<Cluster> cluster = find_cluster(transaction, actor, number);
  if (cluster) return cluster->id;
  if (cluster.error().code != ErrorCode::not_found) return cluster.error();
  return invalid("cluster_id", "is not the id of a cluster of this account");
}

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
    browse.project = actor.project;
    if (filter.site) {
      browse.project = GALLEY_TRY(find_site(transaction, actor, *filter.site));
      if (!browse.project) return Counted<PlannedKeyword>{};
    }
    if (filter.cluster) {
      browse.cluster = GALLEY_TRY(look_up<ClusterTag>(transaction, actor.account, *filter.cluster));
      if (!browse.cluster) return Counted<PlannedKeyword>{};
    }
    Counted<Keyword> found = GALLEY_TRY(transaction.keywords().browse(actor.account, browse));
    Counted<PlannedKeyword> planned{.rows = {}, .total = found.total};
    PlannerView view(transaction, actor.account);
    for (Keyword& keyword : found.rows)
      planned.rows.push_back(GALLEY_TRY(view.of(std::move(keyword))));
    return planned;
  });
}

Result<KeywordId> PlannerService::id_of(const Actor& actor, std::int64_t number) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<KeywordId> {
    std::optional<KeywordId> id = GALLEY_TRY(look_up<KeywordTag>(transaction, actor.account, number));
    if (!id) return not_found(KeywordTag::noun, std::to_string(number));
    return *std::move(id);
  });
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
    if (draft.cluster) draft.draft.cluster_id = GALLEY_TRY(cluster_of(transaction, actor, *draft.cluster));
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
    cluster = GALLEY_CO_TRY(context_.store.read(
        [&](const Transaction& transaction) { return cluster_of(transaction, actor, *wanted.cluster); }));
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

Result<Counted<PlannedCluster>> PlannerService::clusters(const Actor& actor, const std::optional<std::int64_t>& site,
                                                         int page, int size) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Counted<PlannedCluster>> {
    std::optional<ProjectId> project = actor.project;
    if (site) {
      project = GALLEY_TRY(find_site(transaction, actor, *site));
      if (!project) return Counted<PlannedCluster>{};
    }
    Counted<ClusterSummary> found =
        GALLEY_TRY(transaction.keywords().browse_clusters(actor.account, project, page, size));
    Counted<PlannedCluster> planned{.rows = {}, .total = found.total};
    PlannerView view(transaction, actor.account);
    for (ClusterSummary& summary : found.rows)
      planned.rows.push_back(GALLEY_TRY(view.of(std::move(summary))));
    return planned;
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
