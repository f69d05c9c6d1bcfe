// JSON schemas of what webhooks carry, for receivers that check what they get. Made from the Shapes of
// icf/event_shapes.
#pragma once

#include <string>
#include <vector>

namespace galley::api {

struct EventSchema {
  std::string name;  // "article.published", or "flat": the body of the flat format, whatever the event
  std::string text;  // JSON Schema 2020-12, indented by two spaces
};

// One of every event in the format "event", and that of the flat format.
std::vector<EventSchema> render_event_schemas();

}  // namespace galley::api
