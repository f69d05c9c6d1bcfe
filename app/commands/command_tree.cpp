#include "app/commands/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace galley::app {

namespace {

OptionEntry entry_of(const CLI::Option& option) {
  OptionEntry entry{.about = option.get_description()};
  for (const std::string& name : option.get_lnames())
    entry.names.push_back("--" + name);
  for (const std::string& name : option.get_snames())
    entry.names.push_back("-" + name);
  // A flag expects nothing behind it.
  if (option.get_items_expected_max() > 0)
    entry.placeholder = option.get_type_name().empty() ? "TEXT" : option.get_type_name();
  entry.repeatable = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  return entry;
}

void add(const CLI::App& app, const CommandEntry& above, std::vector<CommandEntry>& tree) {
  CommandEntry entry{.path = above.path, .about = app.get_description()};
  const bool is_program = app.get_parent() == nullptr;
  if (!is_program) entry.path.push_back(app.get_name());
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional())
      entry.arguments.push_back({option->get_name(true), option->get_description()});
    else
      entry.options.push_back(entry_of(*option));
  }
  // Commands take the options of those above them (fallthrough), but not the program's: --version.
  if (!above.path.empty())
    for (OptionEntry option : above.options) {
      const bool known = std::ranges::any_of(
          entry.options, [&](const OptionEntry& own) { return own.names.front() == option.names.front(); });
      option.inherited = true;
      if (!known) entry.options.push_back(std::move(option));
    }
  const std::vector<const CLI::App*> commands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : commands)
    entry.commands.emplace_back(command->get_name(), command->get_description());
  tree.push_back(entry);
  for (const CLI::App* command : commands)
    add(*command, entry, tree);
}

}  // namespace

std::string CommandEntry::path_text() const {
  std::string text;
  for (const std::string& name : path)
    text += "/" + name;
  return text;
}

std::vector<CommandEntry> command_tree(const CLI::App& root) {
  std::vector<CommandEntry> tree;
  add(root, {}, tree);
  return tree;
}

}  // namespace galley::app
