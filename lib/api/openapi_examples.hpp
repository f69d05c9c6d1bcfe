// Examples of requests and answers, made from the Shapes' fields: what a field gives as its example, else something of
// its type.
#pragma once

#include "api/endpoint_row.hpp"
#include "api/schema_book.hpp"
#include "base/json.hpp"

namespace galley::api {

// One object. Of a request it has what must be there and what has an example of its own, of a patch the latter alone,
// of an answer everything.
void write_example(json::Writer& out, const Shape& shape, SchemaBook::Form form);

}  // namespace galley::api
