#include "api/icf/publishing.hpp"

#include "api/publication_wait.hpp"
#include "service/job_service.hpp"

namespace galley::api::icf {

namespace {

service::PublishRequest request_of(const PublishFields& fields) {
  return {.connection = fields.connection_id,
          .wanted = fields.status == WantedStatus::draft ? PublicationStatus::draft : PublicationStatus::live,
          .scheduled_for = fields.scheduled_for};
}

Reply accepted(const Call& call, const Job& job) {
  return Answered<Accepted<QueuedJobView>>::reply(call, {{job.id, job.status}, job_location(job.id)});
}

Result<Reply> show(Call& call, const ArticleId& id) {
  const auto detail = GALLEY_TRY(call.services.articles.get(call.actor, id));
  return Answered<ArticleView>::reply(call, view_of(detail));
}

// Where the CMS has the word, its answer is awaited.
Result<Reply> begun(Call& call, const service::PublishStarted& started) {
  if (started.job && call.prefers_async()) return accepted(call, *started.job);
  const bool scheduled = started.detail.article.status == ArticleStatus::scheduled;
  if (started.job && !scheduled) return Reply{.awaited = started.job->id.text()};
  return show(call, started.detail.article.id);
}

}  // namespace

Task<Result<Reply>> finish_publishing(Call& call, std::string awaited) {
  const PublicationWait done = GALLEY_CO_TRY(co_await wait_for_publication(call, JobId(std::move(awaited))));
  if (!done.job.finished()) co_return accepted(call, done.job);
  co_return show(call, done.article);
}

Task<Result<Reply>> publish_article(Call& call, ArticleId id, Body<PublishFields> body) {
  service::PublishRequest request = request_of(body);
  const service::PublishStarted started =
      GALLEY_CO_TRY(co_await call.services.publishing.publish(call.actor, std::move(id), std::move(request)));
  co_return begun(call, started);
}

Task<Result<Accepted<QueuedJobView>>> publish_articles(Call& call, Body<BulkPublishFields> body) {
  service::PublishRequest request = request_of(body);
  const Job job = GALLEY_CO_TRY(
      co_await call.services.publishing.publish_many(call.actor, std::move(body.article_ids), std::move(request)));
  co_return Accepted<QueuedJobView>{{job.id, job.status}, job_location(job.id)};
}

Task<Result<Reply>> unpublish_article(Call& call, ArticleId id, Body<UnpublishFields> body) {
  const service::PublishStarted started = GALLEY_CO_TRY(
      co_await call.services.publishing.unpublish(call.actor, std::move(id), std::move(body.connection_id)));
  co_return begun(call, started);
}

Task<Result<ArticleView>> schedule_article(Call& call, ArticleId id, Body<ScheduleFields> body) {
  service::PublishRequest request{.connection = body.connection_id, .scheduled_for = body.scheduled_for};
  const service::PublishStarted started =
      GALLEY_CO_TRY(co_await call.services.publishing.publish(call.actor, std::move(id), std::move(request)));
  co_return view_of(GALLEY_CO_TRY(call.services.articles.get(call.actor, started.detail.article.id)));
}

Task<Result<ArticleView>> unschedule_article(Call& call, ArticleId id) {
  Result<service::ArticleDetail> detail = co_await call.services.publishing.unschedule(call.actor, std::move(id));
  co_return view_of(GALLEY_CO_TRY(call.services.articles.with_texts(std::move(detail))));
}

Task<Result<Accepted<QueuedJobView>>> retry_article(Call& call, ArticleId id) {
  const Job job = GALLEY_CO_TRY(co_await call.services.publishing.retry(call.actor, std::move(id)));
  co_return Accepted<QueuedJobView>{{job.id, job.status}, job_location(job.id)};
}

Task<Result<Listed<PublicationView>>> list_publications(Call& call, Query<PublicationQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  PublicationFilter filter{.statuses = query.status, .project = query.project, .connection = query.connection};
  co_return listed<PublicationView>(
      GALLEY_CO_TRY(call.services.publishing.publications(call.actor, std::move(filter), page)), page,
      [](const Publication& publication) { return view_of(publication); });
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

namespace {

template <class T>
void add_publishing(ShapeOf<T>& shape) {
  shape
      .field("connectionId", &PublishFields::connection_id,
             {.about = "The project's default connection where it is not given, else its only one; a project without "
                       "any is published natively."})
      .field("status", &PublishFields::status, {.about = "publish (default), or draft: a draft on the CMS."})
      .field("scheduledFor", &PublishFields::scheduled_for, {.about = "Publishes then instead of now."});
}

}  // namespace

template <>
const Shape& shape_of<PublishFields>() {
  static const Shape shape = [] {
    ShapeOf<PublishFields> fields("Publish", "Where and how to publish; everything may be left out.");
    add_publishing(fields);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<BulkPublishFields>() {
  static const Shape shape = [] {
    ShapeOf<BulkPublishFields> fields("BulkPublish", "Articles of one project to publish together.");
    fields.field("articleIds", &BulkPublishFields::article_ids,
                 {.required = true, .min = 1, .max = static_cast<double>(service::PublishingService::max_bulk)});
    add_publishing(fields);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<ScheduleFields>() {
  static const Shape shape = ShapeOf<ScheduleFields>("Schedule", "When to publish.")
                                 .field("scheduledFor", &ScheduleFields::scheduled_for,
                                        {.required = true, .example = "\"2030-03-30T15:00:00.000Z\""})
                                 .field("connectionId", &ScheduleFields::connection_id);
  return shape;
}

template <>
const Shape& shape_of<UnpublishFields>() {
  static const Shape shape =
      ShapeOf<UnpublishFields>("Unpublish", "From where; every live publication where nothing is given.")
          .field("connectionId", &UnpublishFields::connection_id);
  return shape;
}

template <>
const Shape& shape_of<PublicationQuery>() {
  static const Shape shape = [] {
    ShapeOf<PublicationQuery> fields("PublicationQuery", "Which publications.");
    fields.field("status", &PublicationQuery::status, {.max = 10})
        .field("project", &PublicationQuery::project)
        .field("connection", &PublicationQuery::connection);
    with_paging(fields);
    return Shape(fields);
  }();
  return shape;
}

}  // namespace galley
