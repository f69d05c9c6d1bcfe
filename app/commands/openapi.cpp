#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands/command.hpp"
#include "app/wiring.hpp"

namespace galley::app {

void declare_openapi(CLI::App& app, Run& run) {
  app.callback([&run] {
    run = [](Session& session) {
      session.terminal.out << openapi_document();
      return Exit::done;
    };
  });
}

}  // namespace galley::app
