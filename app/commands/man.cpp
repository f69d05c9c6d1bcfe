#include <iostream>

#include "app/commands/command_tree.hpp"
#include "app/commands/syntax.hpp"

namespace galley::app {

namespace {

// roff: a backslash begins a request within a line, a dot or a quote one at its beginning; a bare hyphen would become
// a typographic one, which cannot be copied into a shell.
std::string escaped(std::string_view text) {
  std::string out;
  if (!text.empty() && (text.front() == '.' || text.front() == '\'')) out = "\\&";
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '\n')
      out += ' ';
    else
      out += c;
  }
  return out;
}

void write_option(const OptionEntry& option, std::ostream& out) {
  out << ".TP\n";
  std::string names;
  for (const std::string& name : option.names)
    names += (names.empty() ? "\\fB" : ", \\fB") + escaped(name) + "\\fR";
  if (!option.placeholder.empty()) names += " \\fI" + escaped(option.placeholder) + "\\fR";
  if (option.repeatable) names += " (may be repeated)";
  out << names << '\n' << escaped(option.about) << '\n';
}

void write_command(const CommandEntry& command, std::ostream& out) {
  std::string name = "galley";
  for (const std::string& part : command.path)
    name += " " + part;
  std::string arguments;
  for (const ArgumentEntry& argument : command.arguments)
    arguments += " " + argument.name;
  out << ".SS \"" << escaped(name + (command.commands.empty() ? "" : " COMMAND") + arguments) << "\"\n"
      << escaped(command.about) << '\n';
  for (const ArgumentEntry& argument : command.arguments)
    out << ".TP\n\\fI" << escaped(argument.name) << "\\fR\n" << escaped(argument.about) << '\n';
  for (const OptionEntry& option : command.options)
    if (!option.inherited) write_option(option, out);
}

void write_settings(std::ostream& out) {
  for (const Setting& setting : settings()) {
    out << ".TP\n\\fB" << escaped(variable_of(setting.name)) << "\\fR\n" << escaped(setting.about) << '\n';
    if (!setting.default_text.empty()) out << "Default: " << escaped(setting.default_text) << ".\n";
  }
}

Exit write_manual(const CLI::App& root, std::ostream& out) {
  const std::vector<CommandEntry> tree = command_tree(root);
  out << ".TH GALLEY 1 \"\" \"galley " GALLEY_VERSION "\" \"User Commands\"\n"
      << ".SH NAME\ngalley \\- " << escaped(tree.front().about.substr(tree.front().about.find(' ') + 1)) << '\n'
      << ".SH SYNOPSIS\n\\fBgalley\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
      << ".SH COMMANDS\n";
  for (const CommandEntry& command : tree)
    write_command(command, out);
  out << ".SH ENVIRONMENT\n"
         "A setting is taken from its option, else from its variable, else from the file that \\-\\-config names, "
         "else it has its default.\n";
  write_settings(out);
  out << ".SH EXIT STATUS\n"
         ".TP\n0\nDone.\n.TP\n1\nFailed.\n.TP\n2\nWrong usage.\n.TP\n3\nNot found, or refused.\n";
  return Exit::done;
}

}  // namespace

void declare_man(Syntax syntax) {
  const CLI::App& program = syntax.program();
  syntax.runs([&program](Session& session) { return write_manual(program, session.terminal.out); });
}

}  // namespace galley::app
