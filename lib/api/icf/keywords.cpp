#include "api/icf/keywords.hpp"

#include <algorithm>

#include "api/dialect.hpp"
#include "api/icf/generation.hpp"
#include "api/keyword_csv.hpp"
#include "service/clustering_service.hpp"

namespace galley::api::icf {

namespace {

constexpr std::size_t sample_size = 20;

KeywordChanges changes_of(const Keyword& keyword) {
  return {.keyword = keyword.text,
          .volume = keyword.volume,
          .difficulty = keyword.difficulty,
          .intent = keyword.intent,
          .priority = keyword.priority,
          .cluster_id = keyword.cluster};
}

KeywordView view_of(const Keyword& keyword) {
  KeywordView view;
  static_cast<KeywordChanges&>(view) = changes_of(keyword);
  view.id = keyword.id;
  view.project_id = keyword.project;
  view.status = keyword.status;
  view.article_id = keyword.article;
  view.version = keyword.version;
  view.created_at = keyword.created_at;
  view.updated_at = keyword.updated_at;
  return view;
}

service::KeywordDraft draft_of(const KeywordFields& fields) {
  return {.text = fields.keyword,
          .volume = fields.volume,
          .difficulty = fields.difficulty,
          .intent = fields.intent,
          .priority = fields.priority,
          .cluster = fields.cluster,
          .cluster_id = fields.cluster_id};
}

// An element of the bulk form: a text, or an object of the same fields as a single keyword.
Result<service::KeywordDraft> read_element(const json::Value& element) {
  if (element.text() != nullptr) return service::KeywordDraft{.text = *element.text()};
  Decoding decoding(Decoding::Mode::whole);
  KeywordFields fields;
  shape_of<KeywordFields>().decode(element, &fields, decoding);
  if (decoding.failed()) return invalid(decoding.take_errors());
  return draft_of(fields);
}

template <class T>
Result<T> decode(const json::Value& value) {
  T target{};
  Decoding decoding(Decoding::Mode::whole);
  shape_of<T>().decode(value, &target, decoding);
  if (decoding.failed()) return invalid(decoding.take_errors());
  return target;
}

Reply import_reply(const Call& call, const service::ImportOutcome& outcome) {
  ImportView view{.created = outcome.created, .updated = outcome.updated, .skipped = outcome.skipped};
  for (const service::RejectedRow& row : outcome.rejected)
    view.rejected.push_back({row.row, row.reason});
  return Answered<ImportView>::reply(call, view);
}

Task<Result<Reply>> import_rows(Call& call, ProjectId project, std::vector<service::ImportRow> rows,
                                service::OnDuplicate on_duplicate) {
  const auto outcome = GALLEY_CO_TRY(
      co_await call.services.keywords.import(call.actor, std::move(project), std::move(rows), on_duplicate));
  co_return import_reply(call, outcome);
}

}  // namespace

Task<Result<Listed<KeywordView>>> list_keywords(Call& call, ProjectId project, Query<KeywordQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  const KeywordFilter filter{.statuses = query.status,
                             .priority = query.priority,
                             .intent = query.intent,
                             .cluster = query.cluster_id,
                             .search = query.q.value_or("")};
  co_return listed<KeywordView>(GALLEY_CO_TRY(call.services.keywords.list(call.actor, project, filter, page)), page,
                                view_of);
}

Task<Result<Reply>> add_keywords(Call& call, ProjectId project, Text body, Query<ImportQuery> query) {
  const service::OnDuplicate asked = query.on_duplicate.value_or(service::OnDuplicate::update);
  if (body.content_type == "text/csv") {
    std::vector<service::ImportRow> rows = GALLEY_CO_TRY(service::read_keyword_csv(body.text));
    co_return co_await import_rows(call, std::move(project), std::move(rows), asked);
  }
  const json::Value value = call.body.value_or(json::Value(json::Object{}));
  if (value.find("keywords") != nullptr) {
    const KeywordImport bulk = GALLEY_CO_TRY(decode<KeywordImport>(value));
    std::vector<service::ImportRow> rows;
    for (const json::Value& element : bulk.keywords)
      rows.push_back({static_cast<std::int64_t>(rows.size()) + 1, read_element(element)});
    const service::OnDuplicate on_duplicate = query.on_duplicate.value_or(bulk.on_duplicate);
    co_return co_await import_rows(call, std::move(project), std::move(rows), on_duplicate);
  }
  service::KeywordDraft draft = draft_of(GALLEY_CO_TRY(decode<KeywordFields>(value)));
  const Keyword keyword =
      GALLEY_CO_TRY(co_await call.services.keywords.create(call.actor, std::move(project), std::move(draft)));
  co_return Answered<Created<KeywordView>>::reply(call, {view_of(keyword), "/api/v1/keywords/" + keyword.id.text()});
}

Task<Result<ExpandView>> expand_keywords(Call& call, ProjectId project, Body<ExpandFields> body) {
  service::Expansion expansion{.patterns = std::move(body.patterns), .dimensions = std::move(body.dimensions)};
  const auto outcome = GALLEY_CO_TRY(
      co_await call.services.keywords.expand_into(call.actor, std::move(project), std::move(expansion), body.dry_run));
  const auto shown = std::min(sample_size, outcome.keywords.size());
  ExpandView view{.total = static_cast<std::int64_t>(outcome.keywords.size()),
                  .created = outcome.created,
                  .known = outcome.known,
                  .dry_run = body.dry_run};
  view.sample.assign(outcome.keywords.begin(), outcome.keywords.begin() + static_cast<std::ptrdiff_t>(shown));
  co_return view;
}

Task<Result<Reply>> cluster_keywords(Call& call, ProjectId project, Body<ClusterKeywordsFields> body) {
  const service::ClusteringService& clustering = call.services.clustering;
  service::ClusterSelection selection = GALLEY_CO_TRY(clustering.select_in(call.actor, project, body.keyword_ids));
  if (call.prefers_async() || selection.keywords.size() > service::ClusterSelection::most_at_once) {
    const Job job = GALLEY_CO_TRY(co_await clustering.cluster_later(call.actor, std::move(selection)));
    co_return Answered<Accepted<QueuedJobView>>::reply(call, {{job.id, job.status}, job_location(job.id)});
  }
  const auto outcome = GALLEY_CO_TRY(co_await clustering.cluster(call.actor, std::move(selection)));
  ClusterKeywordsView view{.clusters_created = outcome.clusters_created,
                           .keywords_updated = outcome.keywords_updated,
                           .credits_used = outcome.credits_used};
  for (const service::FoundCluster& found : outcome.clusters)
    view.clusters.push_back({found.cluster, found.name, found.keywords});
  co_return Answered<ClusterKeywordsView>::reply(call, view);
}

Task<Result<Reply>> export_keywords(Call& call, ProjectId project) {
  co_return co_await keyword_csv(call, std::move(project));
}

Task<Result<KeywordView>> get_keyword(Call& call, KeywordId id) {
  co_return view_of(GALLEY_CO_TRY(call.services.keywords.get(call.actor, id)));
}

Task<Result<KeywordView>> update_keyword(Call& call, KeywordId id, Patch<KeywordChanges> patch) {
  service::KeywordService::Edit edit = [patch = std::move(patch)](Keyword& keyword) -> Result<void> {
    KeywordChanges changes = changes_of(keyword);
    GALLEY_TRY(patch.apply(changes));
    keyword.text = changes.keyword;
    keyword.volume = changes.volume;
    keyword.difficulty = changes.difficulty;
    keyword.intent = changes.intent;
    keyword.priority = changes.priority;
    keyword.cluster = changes.cluster_id;
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(
      co_await call.services.keywords.update(call.actor, std::move(id), call.known_version(), std::move(edit))));
}

Task<Result<NoContent>> delete_keyword(Call& call, KeywordId id) {
  GALLEY_CO_TRY(co_await call.services.keywords.remove(call.actor, std::move(id), call.known_version()));
  co_return NoContent{};
}

}  // namespace galley::api::icf
