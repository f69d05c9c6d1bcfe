// The schemas of an API description: each Shape that the endpoints use, once, by its name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "api/endpoint.hpp"
#include "base/json.hpp"
#include "base/shape.hpp"

namespace galley::api {

class SchemaBook {
 public:
  // Which form of a Shape is meant: what must be there differs.
  enum class Form : std::uint8_t {
    request,  // required fields
    patch,    // RFC 7396: none, and null puts a default back
    answer,   // all fields that are never left out
  };

  // place: where the schemas will stand in the document, "#/components/schemas/".
  explicit SchemaBook(std::string_view place) : place_(place) {}

  // {"$ref": "#/components/schemas/…"}, and notes the Shape with all that it refers to.
  void write_reference(json::Writer& out, ShapeFunction shape, Form form);
  // A field's schema as a parameter has it: never null.
  void write_parameter_schema(json::Writer& out, const Shape::Field& field);
  // The members of that place. Throws where two Shapes have one name: a bug in the tables.
  void write_all(json::Writer& out) const;

 private:
  struct Entry {
    const Shape* shape = nullptr;
    bool patch = false;
    bool requested = false;  // else it is only answered
  };

  std::string note(const Shape& shape, Form form);
  void note_types(const Schema& schema, Form form);
  void write_entry(json::Writer& out, const Entry& entry) const;

  const std::string place_;
  std::map<std::string, Entry> entries_;
};

}  // namespace galley::api
