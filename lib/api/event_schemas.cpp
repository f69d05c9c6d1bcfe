#include "api/event_schemas.hpp"

#include "api/icf/event_shapes.hpp"
#include "api/openapi_parts.hpp"
#include "api/schema_book.hpp"

namespace galley::api {

namespace {

constexpr std::string_view place = "#/$defs/";

// event: what stands in "event"; empty in the flat format, which does not tell.
EventSchema render(std::string name, std::string_view event, ShapeFunction shape) {
  SchemaBook book{place};
  std::string compact;
  json::Writer out(compact);
  out.begin_object().member("$schema", "https://json-schema.org/draft/2020-12/schema").member("title", name);
  out.key("allOf").begin_array();
  book.write_reference(out, shape, SchemaBook::Form::answer);
  if (!event.empty()) {
    out.begin_object().key("properties").begin_object().key("event").begin_object().member("const", event);
    out.end_object().end_object().end_object();
  }
  out.end_array();
  out.key("$defs").begin_object();
  book.write_all(out);
  out.end_object().end_object();
  return {.name = std::move(name), .text = indented(compact)};
}

}  // namespace

std::vector<EventSchema> render_event_schemas() {
  std::vector<EventSchema> schemas;
  for (const NameOf<EventType>& type : Names<EventType>::all)
    schemas.push_back(render(std::string(type.text), type.text, icf::body_of(type.value)));
  schemas.push_back(render("flat", "", &shape_of<icf::FlatBodyView>));
  return schemas;
}

}  // namespace galley::api
