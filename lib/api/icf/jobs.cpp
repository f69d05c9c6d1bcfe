#include "api/icf/jobs.hpp"

#include <boost/asio/this_coro.hpp>
#include <charconv>

#include "api/event_stream.hpp"
#include "base/clock.hpp"
#include "service/job_service.hpp"

namespace galley::api::icf {

namespace {

// Read at once: a long job's backlog is sent in several pieces.
constexpr int news_at_once = 100;

JobView view_of(const Job& job) {
  JobView view{.id = job.id,
               .project_id = job.project,
               .kind = job.kind,
               .status = job.status,
               .progress = {job.total, job.done, job.failed},
               .version = job.version,
               .created_at = job.created_at,
               .updated_at = job.updated_at,
               .finished_at = job.finished_at};
  if (job.error) view.error = error_view(*job.error);
  return view;
}

JobView view_of(const service::JobDetail& detail) {
  JobView view = view_of(detail.job);
  view.articles.emplace();
  for (const service::JobArticle& article : detail.articles) {
    JobArticleView& row = view.articles->emplace_back(JobArticleView{.id = article.article, .status = article.status});
    if (article.error) row.error = error_view(*article.error);
  }
  return view;
}

JobNewsView view_of(const service::JobNews& news) {
  JobNewsView view{.type = news.type, .status = news.status, .progress = {news.total, news.done, news.failed}};
  if (news.article) view.article = NewsArticleView{.id = *news.article, .status = news.article_status};
  return view;
}

// The header is what a client sends that comes again; the parameter is for clients that cannot set headers.
Result<std::int64_t> last_event_of(const Call& call, const JobEventsQuery& query) {
  const std::optional<std::string_view> field = call.request().header(last_event_field);
  if (!field) return query.last_event_id.value_or(0);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(field->data(), field->data() + field->size(), number);
  if (error != std::errc() || end != field->data() + field->size() || number < 0)
    return invalid(std::string(last_event_field), "must be the id of an event of this stream");
  return number;
}

class JobEvents final : public EventSource {
 public:
  JobEvents(const service::JobService& jobs, const service::Actor& actor, const JobId& id, std::int64_t after)
      : jobs_(jobs), actor_(actor), id_(id), after_(after) {}

  Result<Step> next() override {
    Step step;
    const std::vector<service::JobService::News> news = GALLEY_TRY(jobs_.news(actor_, id_, after_, news_at_once));
    for (const auto& each : news)
      add(each, step);
    step.more = news.size() == news_at_once && !step.last;
    return step;
  }

 private:
  void add(const service::JobService::News& news, Step& step) {
    after_ = news.number;
    step.last = news.news.type == "finished";
    ServerEvent event{.id = std::to_string(news.number), .name = step.last ? "finished" : "progress"};
    const JobNewsView view = view_of(news.news);
    json::Writer writer(event.data);
    shape_of<JobNewsView>().encode(&view, writer);
    append_event(step.text, event);
  }

  const service::JobService& jobs_;
  const service::Actor& actor_;
  const JobId& id_;
  std::int64_t after_;
};

Task<void> send_events(http::Exchange& exchange, const Call& call, const JobId& id, std::int64_t after) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  const ExchangeBell bell(exchange, executor);
  // Before the first look: what commits in between rings the bell.
  const ChangeFeed::Subscription subscription = call.services.jobs.follow(id, bell.ringer());
  JobEvents events(call.services.jobs, call.actor, id, after);
  co_await stream_events(exchange, events, call.services.clock);
}

}  // namespace

Task<Result<Listed<JobView>>> list_jobs(Call& call, Query<JobQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  co_return listed<JobView>(GALLEY_CO_TRY(call.services.jobs.list(call.actor, query.project, page)), page,
                            [](const Job& job) { return view_of(job); });
}

Task<Result<JobView>> get_job(Call& call, JobId id) {
  co_return view_of(GALLEY_CO_TRY(call.services.jobs.get(call.actor, id)));
}

Task<Result<JobView>> cancel_job(Call& call, JobId id) {
  co_return view_of(GALLEY_CO_TRY(co_await call.services.jobs.cancel(call.actor, std::move(id))));
}

Task<Result<Reply>> follow_job(Call& call, JobId id, Query<JobEventsQuery> query) {
  const std::int64_t after = GALLEY_CO_TRY(last_event_of(call, query));
  const service::JobDetail detail = GALLEY_CO_TRY(call.services.jobs.get(call.actor, id));
  if (detail.job.finished() && GALLEY_CO_TRY(call.services.jobs.news(call.actor, id, after, 1)).empty())
    co_return Reply{};
  Reply reply = event_stream_reply();
  reply.stream = [&call, id = std::move(id), after](http::Exchange& exchange) {
    return send_events(exchange, call, id, after);
  };
  co_return reply;
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

template <>
const Shape& shape_of<ProgressView>() {
  static const Shape shape = ShapeOf<ProgressView>("Progress", "How far a job is, in articles.")
                                 .field("total", &ProgressView::total)
                                 .field("done", &ProgressView::done, {.about = "Succeeded."})
                                 .field("failed", &ProgressView::failed);
  return shape;
}

template <>
const Shape& shape_of<JobArticleView>() {
  static const Shape shape = ShapeOf<JobArticleView>("JobArticle", "An article of a job.")
                                 .field("id", &JobArticleView::id)
                                 .field("status", &JobArticleView::status)
                                 .field("error", &JobArticleView::error);
  return shape;
}

template <>
const Shape& shape_of<JobView>() {
  static const Shape shape = ShapeOf<JobView>("Job", "Work that goes on behind the answer. Lists leave articles out.")
                                 .field("id", &JobView::id)
                                 .field("projectId", &JobView::project_id)
                                 .field("kind", &JobView::kind)
                                 .field("status", &JobView::status)
                                 .field("progress", &JobView::progress)
                                 .field("articles", &JobView::articles, {.omit_absent = true})
                                 .field("error", &JobView::error, {.about = "Why nothing of it succeeded."})
                                 .field("createdAt", &JobView::created_at)
                                 .field("updatedAt", &JobView::updated_at)
                                 .field("finishedAt", &JobView::finished_at);
  return shape;
}

template <>
const Shape& shape_of<NewsArticleView>() {
  static const Shape shape = ShapeOf<NewsArticleView>("NewsArticle", "The article that an event tells of.")
                                 .field("id", &NewsArticleView::id)
                                 .field("status", &NewsArticleView::status, {.about = "Of the article."});
  return shape;
}

template <>
const Shape& shape_of<JobNewsView>() {
  static const Shape shape =
      ShapeOf<JobNewsView>("JobNews", "What an event of a job's stream carries.")
          .field("type", &JobNewsView::type, {.about = "queued, started, article or finished."})
          .field("status", &JobNewsView::status, {.about = "Of the job."})
          .field("progress", &JobNewsView::progress)
          .field("article", &JobNewsView::article, {.omit_absent = true, .about = "Where type is article."});
  return shape;
}

template <>
const Shape& shape_of<JobQuery>() {
  static const Shape shape = [] {
    ShapeOf<JobQuery> fields("JobQuery", "Which jobs.");
    fields.field("project", &JobQuery::project);
    with_paging(fields);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<JobEventsQuery>() {
  static const Shape shape = ShapeOf<JobEventsQuery>("JobEventsQuery", "From where.")
                                 .field("lastEventId", &JobEventsQuery::last_event_id,
                                        {.min = 0, .about = "For clients that cannot send the header Last-Event-ID."});
  return shape;
}

}  // namespace galley
