// What a command takes: its options, its arguments and the commands below it. In front of the parser, whose header is
// compiled with three files and not with each command.
#pragma once

#include <string>
#include <vector>

#include "app/commands/command.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace galley::app {

class OptionSyntax {
 public:
  explicit OptionSyntax(CLI::Option& option) : option_(&option) {}

  OptionSyntax& required();
  // What the value is now is told as the default.
  OptionSyntax& shows_default();
  OptionSyntax& one_of(std::vector<std::string> values);
  // Not both.
  OptionSyntax& excludes(const OptionSyntax& other);

 private:
  CLI::Option* option_;
};

// The values that are filled in outlive the parse.
class Syntax {
 public:
  // run: where runs() puts what was chosen. Both outlive this.
  Syntax(CLI::App& app, Run& run) : app_(&app), run_(&run) {}

  // One below this; it takes this one's options too.
  Syntax command(const std::string& name, const std::string& about);
  // One of those below has to follow.
  void needs_command();
  // What the command does where it is this one.
  void runs(Run run);

  // names: "--account", or "FILE" for an argument by its place.
  OptionSyntax option(const std::string& names, std::string& value, const std::string& about);
  OptionSyntax flag(const std::string& names, bool& value, const std::string& about);

  // The program that the command is of.
  const CLI::App& program() const;

 private:
  CLI::App* app_;
  Run* run_;
};

}  // namespace galley::app
