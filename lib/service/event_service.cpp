#include "service/event_service.hpp"

#include <utility>

#include "domain/field_check.hpp"
#include "domain/webhook.hpp"

namespace galley::service {

namespace {

Result<void> find(const Transaction& transaction, const Actor& actor, const ProjectId& project) {
  GALLEY_TRY(require_sight(actor, project));
  GALLEY_TRY(transaction.projects().find(actor.account, project));
  return {};
}

}  // namespace

Result<StreamPlace> EventService::place(const Actor& actor, const ProjectId& project, const StreamStart& start,
                                        const std::vector<std::string>& patterns) const {
  std::vector<FieldError> errors;
  if (!patterns.empty()) gather_fields(check_event_patterns(patterns), errors);
  if (start.since && *start.since > context_.clock.now()) errors.push_back({"since", "must not be in the future"});
  if (!errors.empty()) return invalid(std::move(errors));
  return context_.store.read([&](const Transaction& transaction) -> Result<StreamPlace> {
    GALLEY_TRY(find(transaction, actor, project));
    const Events& events = transaction.events();
    if (start.after) {
      if (start.after->text() == before_all) return StreamPlace{.after = *start.after};
      const std::optional<std::int64_t> row = GALLEY_TRY(events.row_of(actor.account, project, *start.after));
      if (!row) return invalid("lastEventId", "is no event of this project, or one that is not kept any more");
      return StreamPlace{.after = *start.after, .row = *row};
    }
    StreamPlace place;
    place.row = start.since ? GALLEY_TRY(events.row_before(actor.account, project, *start.since))
                            : GALLEY_TRY(events.last_row(actor.account, project));
    const std::optional<EventId> last = GALLEY_TRY(events.last_until(actor.account, project, place.row));
    place.after = last.value_or(EventId(std::string(before_all)));
    return place;
  });
}

Result<EventService::News> EventService::news(const Actor& actor, const ProjectId& project, std::int64_t row,
                                              const std::vector<std::string>& patterns) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<News> {
    GALLEY_TRY(find(transaction, actor, project));
    const Events& events = transaction.events();
    const std::vector<EventMark> marks = GALLEY_TRY(events.behind(actor.account, project, row, events_a_look));
    News news{.row = row, .more = marks.size() == static_cast<std::size_t>(events_a_look)};
    std::size_t bytes = 0;
    for (const EventMark& mark : marks) {
      if (bytes >= bytes_a_look) {
        news.more = true;
        break;
      }
      news.row = mark.place.row;
      if (!patterns.empty() && !matches(patterns, mark.type)) continue;
      Result<std::string> body = make_body_(GALLEY_TRY(events.find(actor.account, mark.id)));
      if (!body) continue;
      bytes += body->size();
      news.events.push_back({mark.id, mark.type, *std::move(body)});
    }
    return news;
  });
}

ChangeFeed::Subscription EventService::follow(const ProjectId& project, std::function<void()> callback) const {
  return context_.store.changes().subscribe(topic::events(project.text()), std::move(callback));
}

}  // namespace galley::service
