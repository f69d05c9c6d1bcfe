#include "api/icf/events.hpp"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "api/event_stream.hpp"
#include "service/event_service.hpp"

namespace galley::api::icf {

namespace {

class ProjectEvents final : public EventSource {
 public:
  ProjectEvents(const Call& call, const ProjectId& project, const ProjectEventsQuery& query,
                const service::StreamPlace& place)
      : events_(call.services.events), actor_(call.actor), project_(project), query_(query), row_(place.row) {
    append_place(head_, place.after.text());
  }

  Result<Step> next() override {
    service::EventService::News news = GALLEY_TRY(events_.news(actor_, project_, row_, query_.events));
    row_ = news.row;
    Step step{.text = std::exchange(head_, {}), .more = news.more, .last = !news.more && !query_.follow};
    for (service::StreamedEvent& event : news.events)
      append_event(step.text, {.id = event.id.text(), .name = to_text(event.type), .data = std::move(event.body)});
    return step;
  }

 private:
  const service::EventService& events_;
  const service::Actor& actor_;
  const ProjectId& project_;
  const ProjectEventsQuery& query_;
  std::int64_t row_;
  std::string head_;
};

Task<void> send_events(http::Exchange& exchange, const Call& call, const ProjectId& project,
                       const ProjectEventsQuery& query, const service::StreamPlace& place) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  const ExchangeBell bell(exchange, executor);
  // Before the first look: what commits in between rings the bell.
  const ChangeFeed::Subscription subscription = call.services.events.follow(project, bell.ringer());
  ProjectEvents events(call, project, query, place);
  co_await stream_events(exchange, events, call.services.clock);
}

}  // namespace

Task<Result<Reply>> follow_project(Call& call, ProjectId project, Query<ProjectEventsQuery> query) {
  service::StreamStart start{.since = query.since};
  if (query.last_event_id) start.after = EventId(*query.last_event_id);
  if (const std::optional<std::string_view> field = call.request().header(last_event_field))
    start.after = EventId(std::string(*field));
  service::StreamPlace place = GALLEY_CO_TRY(call.services.events.place(call.actor, project, start, query.events));
  Reply reply = event_stream_reply();
  reply.stream = [&call, project = std::move(project), query = std::move(query), place = std::move(place)](
                     http::Exchange& exchange) { return send_events(exchange, call, project, query, place); };
  co_return reply;
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

template <>
const Shape& shape_of<ProjectEventsQuery>() {
  static const Shape shape =
      ShapeOf<ProjectEventsQuery>("ProjectEventsQuery", "Which events, and from where.")
          .field("events", &ProjectEventsQuery::events,
                 {.max = 50, .about = "Names, \"article.*\" or \"*\"; none: every event."})
          .field("since", &ProjectEventsQuery::since,
                 {.about = "Begins with what happened since then; without it, and without a last event, with what "
                           "happens from now on."})
          .field(
              "lastEventId", &ProjectEventsQuery::last_event_id,
              {.max = 60,
               .about = "Begins behind this id of the stream. For clients that cannot send the header Last-Event-ID."})
          .field("follow", &ProjectEventsQuery::follow, {.about = "false: ends behind what has happened so far."});
  return shape;
}

}  // namespace galley
