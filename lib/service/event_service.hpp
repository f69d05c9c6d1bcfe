// A project's events as whoever follows them sees them: in the order in which they were committed, from any place on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/change_feed.hpp"
#include "domain/event.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

// Where a stream begins. Neither: with what happens from now on.
struct StreamStart {
  std::optional<EventId> after{};  // behind the last one that the caller has; before_all: with the first
  std::optional<Time> since{};     // without after: with what happened since
};

// Stands for the event before the first one.
inline constexpr std::string_view before_all = "0";

// Between two events.
struct StreamPlace {
  EventId after;         // or before_all: what a caller that comes again begins behind
  std::int64_t row = 0;  // of that event
};

struct StreamedEvent {
  EventId id;
  EventType type = EventType::webhook_test;
  std::string body;  // what a webhook in the event format would carry
};

class EventService {
 public:
  // The body of an event; an error leaves the event out. Thread-safe.
  using MakeBody = std::function<Result<std::string>(const Event&)>;

  // One look reads so many events, and stops early where their bodies are longer than that together.
  static constexpr int events_a_look = 100;
  static constexpr std::size_t bytes_a_look = std::size_t{64} << 10;

  EventService(const Context& context, MakeBody make_body) : context_(context), make_body_(std::move(make_body)) {}

  // validation_failed for an after that is no event of the project or not kept any more (field "lastEventId"), for a
  // since in the future, and for patterns that no event matches (field "events").
  Result<StreamPlace> place(const Actor& actor, const ProjectId& project, const StreamStart& start,
                            const std::vector<std::string>& patterns) const;

  struct News {
    std::vector<StreamedEvent> events{};
    std::int64_t row = 0;  // the last that was looked at
    bool more = false;     // and there is more already
  };
  // What is behind the row, oldest first. patterns: as webhooks have them; empty is every event. What is too old to
  // be sent is left out.
  Result<News> news(const Actor& actor, const ProjectId& project, std::int64_t row,
                    const std::vector<std::string>& patterns) const;

  // Calls back whenever there may be news, until the subscription goes. See ChangeFeed::subscribe for what the callback
  // may do: it runs on the thread that committed.
  ChangeFeed::Subscription follow(const ProjectId& project, std::function<void()> callback) const;

 private:
  const Context& context_;
  MakeBody make_body_;
};

}  // namespace galley::service
