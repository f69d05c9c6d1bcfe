#include <iostream>
#include <memory>

#include "api/event_schemas.hpp"
#include "app/commands/syntax.hpp"
#include "app/endpoint_tables.hpp"

namespace galley::app {

namespace {

Exit print_schema(Session& session, const std::string& event) {
  std::string known;
  for (const api::EventSchema& schema : api::render_event_schemas()) {
    if (schema.name == event) {
      session.terminal.out << schema.text;
      return Exit::done;
    }
    known += (known.empty() ? "" : ", ") + schema.name;
  }
  return report(invalid("event", "must be one of " + known), session.terminal);
}

}  // namespace

void declare_openapi(Syntax syntax) {
  const auto event = std::make_shared<std::string>();
  syntax.option("--event", *event, "Print the JSON schema of what webhooks carry of this event instead, or \"flat\".");
  syntax.runs([event](Session& session) {
    if (!event->empty()) return print_schema(session, *event);
    session.terminal.out << openapi_document();
    return Exit::done;
  });
}

}  // namespace galley::app
