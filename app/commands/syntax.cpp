#include "app/commands/syntax.hpp"

#include <CLI/CLI.hpp>
#include <utility>

namespace galley::app {

OptionSyntax& OptionSyntax::required() {
  option_->required();
  return *this;
}

OptionSyntax& OptionSyntax::shows_default() {
  option_->capture_default_str();
  return *this;
}

OptionSyntax& OptionSyntax::one_of(std::vector<std::string> values) {
  option_->check(CLI::IsMember(std::move(values)));
  return *this;
}

OptionSyntax& OptionSyntax::excludes(const OptionSyntax& other) {
  option_->excludes(other.option_);
  return *this;
}

Syntax Syntax::command(const std::string& name, const std::string& about) {
  CLI::App* below = app_->add_subcommand(name, about);
  below->fallthrough();
  return {*below, *run_};
}

void Syntax::needs_command() {
  app_->require_subcommand(1);
}

void Syntax::runs(Run run) {
  app_->callback([chosen = run_, run = std::move(run)] { *chosen = run; });
}

OptionSyntax Syntax::option(const std::string& names, std::string& value, const std::string& about) {
  return OptionSyntax(*app_->add_option(names, value, about));
}

OptionSyntax Syntax::flag(const std::string& names, bool& value, const std::string& about) {
  return OptionSyntax(*app_->add_flag(names, value, about));
}

const CLI::App& Syntax::program() const {
  return *app_->get_parent();
}

}  // namespace galley::app
