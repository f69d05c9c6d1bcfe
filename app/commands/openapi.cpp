#include <iostream>

#include "app/commands/syntax.hpp"
#include "app/endpoint_tables.hpp"

namespace galley::app {

void declare_openapi(Syntax syntax) {
  syntax.runs([](Session& session) {
    session.terminal.out << openapi_document();
    return Exit::done;
  });
}

}  // namespace galley::app
