// argv to a command; the last catch.
#include <csignal>
#include <exception>
#include <iostream>

#include "app/commands/command.hpp"

int main(int argc, char** argv) {
  using namespace galley::app;
  // A reader of our output or log that goes away ("| head") must not end a server, or a test before it has cleaned up.
  std::signal(SIGPIPE, SIG_IGN);
  Terminal terminal{std::cout, std::cerr, std::cin};
  try {
    return run_command_line(std::vector<std::string>(argv + 1, argv + argc), terminal, nullptr);
  } catch (const std::exception& bug) {
    std::cerr << "galley: " << bug.what() << '\n';
    return static_cast<int>(Exit::failed);
  }
}
