#include "service/clustering_service.hpp"

#include <string_view>
#include <unordered_set>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "service/audit.hpp"
#include "service/credits.hpp"
#include "service/numbers.hpp"

namespace galley::service {

namespace {

std::string amount_of(std::size_t keywords) {
  return std::to_string(keywords) + (keywords == 1 ? " keyword" : " keywords");
}

json::Value from_texts(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& text : texts)
    array.push_back(json::Value(text));
  return json::Value(std::move(array));
}

std::vector<std::string> to_texts(const json::Value& value) {
  std::vector<std::string> texts;
  if (value.array() == nullptr) return texts;
  for (const json::Value& element : *value.array())
    if (element.text() != nullptr) texts.push_back(*element.text());
  return texts;
}

std::string name_of_group(const Clusterer::Group& group) {
  std::string name = tidy_line(group.name);
  return std::string(first_code_points(name, Keyword::max_length));
}

Result<std::vector<KeywordId>> unclustered(const Transaction& transaction, const AccountId& account,
                                           const ProjectId& project) {
  std::vector<KeywordId> ids;
  std::vector<Keyword> keywords =
      GALLEY_TRY(transaction.keywords().unclustered(account, project, static_cast<int>(ClusterSelection::most)));
  for (Keyword& keyword : keywords)
    ids.push_back(std::move(keyword.id));
  return ids;
}

// The one of this name, or a new one.
Result<Cluster> give_cluster(Transaction& transaction, const Context& context, const AccountId& account,
                             const ProjectId& project, const std::string& name, std::int64_t& created) {
  if (auto known = GALLEY_TRY(transaction.keywords().find_cluster_by_name(account, project, name)))
    return *std::move(known);
  Cluster made{.id = context.ids.make<ClusterId>(),
               .account = account,
               .project = project,
               .name = name,
               .created_at = context.clock.now()};
  GALLEY_TRY(transaction.keywords().insert_cluster(made));
  ++created;
  return made;
}

}  // namespace

json::Value encode_outcome(const ClusterOutcome& outcome) {
  json::Array clusters;
  for (const FoundCluster& cluster : outcome.clusters)
    clusters.push_back(json::Value(json::Object{{"number", json::Value(cluster.number)},
                                                {"id", json::Value(cluster.cluster.text())},
                                                {"name", json::Value(cluster.name)},
                                                {"keywords", from_texts(cluster.keywords)}}));
  return json::Value(json::Object{{"clusters_created", json::Value(outcome.clusters_created)},
                                  {"keywords_updated", json::Value(outcome.keywords_updated)},
                                  {"credits_used", json::Value(outcome.credits_used)},
                                  {"clusters", json::Value(std::move(clusters))}});
}

ClusterOutcome decode_outcome(const json::Value& value) {
  ClusterOutcome outcome{.clusters_created = value.integer_at({"clusters_created"}),
                         .keywords_updated = value.integer_at({"keywords_updated"}),
                         .credits_used = value.integer_at({"credits_used"})};
  const json::Value* clusters = value.find("clusters");
  if (clusters == nullptr || clusters->array() == nullptr) return outcome;
  for (const json::Value& one : *clusters->array()) {
    FoundCluster& cluster = outcome.clusters.emplace_back();
    cluster.number = one.integer_at({"number"});
    cluster.cluster = ClusterId(one.text_at({"id"}));
    cluster.name = one.text_at({"name"});
    if (const json::Value* keywords = one.find("keywords")) cluster.keywords = to_texts(*keywords);
  }
  return outcome;
}

std::vector<KeywordId> keywords_of(const JobItem& item) {
  std::vector<KeywordId> keywords;
  if (const json::Value* ids = item.options.find("keywords"))
    for (std::string& id : to_texts(*ids))
      keywords.emplace_back(std::move(id));
  return keywords;
}

Result<ClusterSelection> ClusteringService::select(const Actor& actor, const std::vector<std::int64_t>& numbers,
                                                   const std::optional<std::int64_t>& site) const {
  if (numbers.size() > ClusterSelection::most)
    return invalid("ids", "must be at most " + std::to_string(ClusterSelection::most));
  return context_.store.read([&](const Transaction& transaction) -> Result<ClusterSelection> {
    ClusterSelection selection;
    if (numbers.empty()) {
      selection.project = GALLEY_TRY(site_of(transaction, actor, site));
      selection.keywords = GALLEY_TRY(unclustered(transaction, actor.account, selection.project));
      return selection;
    }
    selection.keywords = GALLEY_TRY(ids_in<KeywordTag>(transaction, actor.account, "ids", numbers));
    for (const KeywordId& id : selection.keywords) {
      const Keyword keyword = GALLEY_TRY(transaction.keywords().find(actor.account, id));
      if (!actor.sees(keyword.project)) return invalid("ids", "must be ids of keywords of this account");
      if (selection.project.empty()) selection.project = keyword.project;
      if (selection.project != keyword.project) return invalid("ids", "must be keywords of one site");
    }
    if (site && GALLEY_TRY(site_of(transaction, actor, site)) != selection.project)
      return invalid("ids", "must be keywords of the site that is named");
    return selection;
  });
}

Result<ClusterSelection> ClusteringService::select_in(const Actor& actor, const ProjectId& project,
                                                      const std::vector<KeywordId>& keywords) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<ClusterSelection> {
    GALLEY_TRY(require_sight(actor, project));
    GALLEY_TRY(transaction.projects().find(actor.account, project));
    ClusterSelection selection{.project = project};
    if (keywords.empty()) {
      selection.keywords = GALLEY_TRY(unclustered(transaction, actor.account, project));
      return selection;
    }
    std::unordered_set<std::string_view> known;
    for (const KeywordId& id : keywords) {
      if (!known.insert(id.text()).second) continue;
      const Keyword keyword = GALLEY_TRY(transaction.keywords().find(actor.account, id));
      if (keyword.project != project) return not_found(KeywordTag::noun, id.text());
      selection.keywords.push_back(id);
    }
    return selection;
  });
}

Result<std::vector<Keyword>> ClusteringService::read(const AccountId& account,
                                                     const std::vector<KeywordId>& keywords) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<std::vector<Keyword>> {
    std::vector<Keyword> found;
    found.reserve(keywords.size());
    for (const KeywordId& id : keywords) {
      Result<Keyword> keyword = transaction.keywords().find(account, id);
      if (keyword)
        found.push_back(*std::move(keyword));
      else if (keyword.error().code != ErrorCode::not_found)
        return std::move(keyword).error();
    }
    return found;
  });
}

Clusterer::Grouping ClusteringService::group(const std::vector<Keyword>& keywords, const std::string& language) const {
  std::vector<Clusterer::Phrase> phrases;
  phrases.reserve(keywords.size());
  for (const Keyword& keyword : keywords)
    phrases.push_back({.text = keyword.text, .volume = keyword.volume});
  return clusterer_.group(phrases, language);
}

Result<ClusterOutcome> ClusteringService::apply(Transaction& transaction, const AccountId& account,
                                                const ProjectId& project, const std::vector<Keyword>& keywords,
                                                const Clusterer::Grouping& grouping) const {
  ClusterOutcome outcome;
  std::vector<EventRecorder::Clustered> moved;
  const Time now = context_.clock.now();
  // cluster: null for a keyword that stands alone, which may still learn its intent.
  const auto place = [&](std::size_t index, const Cluster* cluster) -> Result<bool> {
    Result<Keyword> found = transaction.keywords().find(account, keywords[index].id);
    if (!found) return found.error().code == ErrorCode::not_found ? Result<bool>(false) : found.error();
    Keyword keyword = *std::move(found);
    if (keyword.project != project) return false;
    const auto cluster_before = keyword.cluster;
    const auto intent_before = keyword.intent;
    if (cluster != nullptr) keyword.cluster = cluster->id;
    if (!keyword.intent) keyword.intent = grouping.intents[index];
    if (keyword.cluster == cluster_before && keyword.intent == intent_before) return true;
    ++keyword.version;
    keyword.updated_at = now;
    GALLEY_TRY(transaction.keywords().update(keyword));
    ++outcome.keywords_updated;
    if (keyword.cluster != cluster_before) moved.push_back({std::move(keyword), cluster->name});
    return true;
  };
  for (const Clusterer::Group& group : grouping.groups) {
    const Cluster cluster = GALLEY_TRY(
        give_cluster(transaction, context_, account, project, name_of_group(group), outcome.clusters_created));
    FoundCluster found{.cluster = cluster.id,
                       .number = GALLEY_TRY(transaction.accounts().number_of(account, cluster.id)),
                       .name = cluster.name};
    for (const std::size_t index : group.members)
      if (GALLEY_TRY(place(index, &cluster))) found.keywords.push_back(keywords[index].text);
    outcome.clusters.push_back(std::move(found));
  }
  for (const std::size_t index : grouping.alone)
    GALLEY_TRY(place(index, nullptr));
  GALLEY_TRY(events_.keywords_clustered(transaction, account, project, moved));
  return outcome;
}

Task<Result<ClusterOutcome>> ClusteringService::cluster(Actor actor, ClusterSelection selection) const {
  if (selection.keywords.empty()) co_return ClusterOutcome{};
  if (selection.keywords.size() > ClusterSelection::most_at_once)
    co_return internal_error("more keywords than are clustered at once");
  const Project project = GALLEY_CO_TRY(context_.store.read(
      [&](const Transaction& transaction) { return transaction.projects().find(actor.account, selection.project); }));
  const std::vector<Keyword> keywords = GALLEY_CO_TRY(read(actor.account, selection.keywords));
  const Clusterer::Grouping grouping = group(keywords, project.language);
  auto body = [&](Transaction& transaction) -> Result<ClusterOutcome> {
    const Account account = GALLEY_TRY(transaction.accounts().find(actor.account));
    const auto amount = static_cast<std::int64_t>(keywords.size());
    const std::int64_t credits = context_.plans.prices.clustering(amount);
    GALLEY_TRY(charge_credits(transaction, context_, account,
                              {.operation = CreditOperation::clustering,
                               .credits = credits,
                               .reference = project.id.text(),
                               .note = amount_of(keywords.size())}));
    ClusterOutcome outcome = GALLEY_TRY(apply(transaction, actor.account, project.id, keywords, grouping));
    outcome.credits_used = credits;
    GALLEY_TRY(transaction.credits().log({.account = actor.account,
                                          .project = project.id,
                                          .operation = CreditOperation::clustering,
                                          .model = std::string(lexical_model),
                                          .credits = credits,
                                          .reference = project.id.text(),
                                          .created_at = context_.clock.now()}));
    GALLEY_TRY(audit(transaction, context_, actor,
                     {AuditAction::keywords_clustered, project.id, project.id.text(), amount_of(keywords.size())}));
    return outcome;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<Job>> ClusteringService::cluster_later(Actor actor, ClusterSelection selection) const {
  auto body = [&](Transaction& transaction) -> Result<Job> {
    const Account account = GALLEY_TRY(transaction.accounts().find(actor.account));
    const auto amount = static_cast<std::int64_t>(selection.keywords.size());
    const Time now = context_.clock.now();
    Job job{.id = context_.ids.make<JobId>(),
            .account = actor.account,
            .project = selection.project,
            .kind = JobKind::cluster,
            .total = 1,
            .created_at = now,
            .updated_at = now};
    const std::int64_t credits = context_.plans.prices.clustering(amount);
    GALLEY_TRY(charge_credits(transaction, context_, account,
                              {.operation = CreditOperation::clustering,
                               .credits = credits,
                               .reference = job.id.text(),
                               .note = amount_of(selection.keywords.size())}));
    GALLEY_TRY(transaction.jobs().insert(job));
    std::vector<std::string> ids;
    for (const KeywordId& id : selection.keywords)
      ids.push_back(id.text());
    json::Object options{{"keywords", from_texts(ids)}};
    put_credits(options, credits);
    GALLEY_TRY(transaction.jobs().insert_item({.job = job.id,
                                               .account = actor.account,
                                               .kind = JobKind::cluster,
                                               .options = json::Value(std::move(options)),
                                               .due_at = now}));
    GALLEY_TRY(progress_.queued(transaction, job));
    GALLEY_TRY(audit(
        transaction, context_, actor,
        {AuditAction::keywords_clustered, selection.project, job.id.text(), amount_of(selection.keywords.size())}));
    return job;
  };
  co_return co_await context_.store.write(std::move(body));
}

}  // namespace galley::service
