#include <iostream>
#include <set>

#include "app/commands/command_tree.hpp"
#include "app/commands/syntax.hpp"

namespace galley::app {

namespace {

// In single quotes; all three shells end them by a quote, and take '\'' for one.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

// What stands behind an option: option names by the kind of their values.
struct ValueKinds {
  std::set<std::string> files;
  std::set<std::string> folders;
  std::set<std::string> texts;
};

ValueKinds value_kinds(const std::vector<CommandEntry>& tree) {
  ValueKinds kinds;
  for (const CommandEntry& command : tree)
    for (const OptionEntry& option : command.options) {
      if (option.placeholder.empty()) continue;
      std::set<std::string>& kind = option.placeholder == "FILE"  ? kinds.files
                                    : option.placeholder == "DIR" ? kinds.folders
                                                                  : kinds.texts;
      kind.insert(option.names.begin(), option.names.end());
    }
  return kinds;
}

bool takes_file(const CommandEntry& command) {
  return !command.arguments.empty() && command.arguments.front().name == "FILE";
}

std::string joined(const auto& texts, std::string_view separator) {
  std::string out;
  for (const std::string& text : texts)
    out += (out.empty() ? "" : std::string(separator)) + text;
  return out;
}

std::string paths_of(const std::vector<CommandEntry>& tree, std::string_view separator) {
  std::vector<std::string> paths;
  for (const CommandEntry& command : tree)
    if (!command.path.empty()) paths.push_back(command.path_text());
  return joined(paths, separator);
}

void write_bash(const std::vector<CommandEntry>& tree, std::ostream& out) {
  const ValueKinds kinds = value_kinds(tree);
  out << "# Completion of galley for bash: source it, or put it into /etc/bash_completion.d.\n"
         "_galley() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path='' words='' word\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$path/$word\" in\n"
      << "      " << paths_of(tree, "|") << ") path=$path/$word ;;\n"
      << "    esac\n"
         "  done\n"
         "  case \"$previous\" in\n"
      << "    " << joined(kinds.files, "|") << ") COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
      << "    " << joined(kinds.folders, "|") << ") COMPREPLY=($(compgen -d -- \"$current\")); return ;;\n"
      << "    " << joined(kinds.texts, "|") << ") COMPREPLY=(); return ;;\n"
      << "  esac\n"
         "  case \"$path\" in\n";
  for (const CommandEntry& command : tree) {
    std::vector<std::string> words;
    for (const auto& [name, about] : command.commands)
      words.push_back(name);
    for (const OptionEntry& option : command.options)
      words.insert(words.end(), option.names.begin(), option.names.end());
    out << "    " << in_quotes(command.path_text()) << ") words=" << in_quotes(joined(words, " "))
        << (takes_file(command) ? "; COMPREPLY=($(compgen -f -- \"$current\"))" : "; COMPREPLY=()") << " ;;\n";
  }
  out << "  esac\n"
         "  COMPREPLY+=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o filenames -F _galley galley\n";
}

// "name:about", in which a name's colons are escaped.
std::string described(const std::string& name, const std::string& about) {
  return in_quotes(name + ":" + about);
}

void write_zsh(const std::vector<CommandEntry>& tree, std::ostream& out) {
  const ValueKinds kinds = value_kinds(tree);
  out << "#compdef galley\n"
         "# Completion of galley for zsh: put it into a folder of $fpath as _galley.\n"
         "_galley() {\n"
         "  local at='' word\n"
         "  local -a choices\n"
         "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
         "    case \"$at/$word\" in\n"
      << "      " << paths_of(tree, "|") << ") at=$at/$word ;;\n"
      << "    esac\n"
         "  done\n"
         "  case \"${words[CURRENT-1]}\" in\n"
      << "    " << joined(kinds.files, "|") << ") _files; return ;;\n"
      << "    " << joined(kinds.folders, "|") << ") _files -/; return ;;\n"
      << "    " << joined(kinds.texts, "|") << ") return 1 ;;\n"
      << "  esac\n"
         "  case \"$at\" in\n";
  for (const CommandEntry& command : tree) {
    out << "    " << in_quotes(command.path_text()) << ")\n";
    if (takes_file(command)) out << "      _files\n";
    out << "      choices=(\n";
    for (const auto& [name, about] : command.commands)
      out << "        " << described(name, about) << '\n';
    for (const OptionEntry& option : command.options)
      for (const std::string& name : option.names)
        out << "        " << described(name, option.about) << '\n';
    out << "      ) ;;\n";
  }
  out << "  esac\n"
         "  _describe galley choices\n"
         "}\n"
         "if [[ ${funcstack[1]} == _galley ]]; then _galley \"$@\"; else compdef _galley galley; fi\n";
}

void write_fish(const std::vector<CommandEntry>& tree, std::ostream& out) {
  out << "# Completion of galley for fish: put it into ~/.config/fish/completions/galley.fish.\n"
         "function __galley_at\n"
         "    set -l at ''\n"
         "    for word in (commandline -opc)[2..-1]\n"
         "        switch \"$at/$word\"\n"
      << "            case " << paths_of(tree, " ") << '\n'
      << "                set at \"$at/$word\"\n"
         "        end\n"
         "    end\n"
         "    test \"$at\" = \"$argv[1]\"\n"
         "end\n"
         "complete -c galley -f\n";
  for (const CommandEntry& command : tree) {
    const std::string line = "complete -c galley -n \"__galley_at '" + command.path_text() + "'\"";
    if (takes_file(command)) out << line << " -F\n";
    for (const auto& [name, about] : command.commands)
      out << line << " -a " << name << " -d " << in_quotes(about) << '\n';
    for (const OptionEntry& option : command.options) {
      out << line;
      for (const std::string& name : option.names)
        out << (name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1));
      if (!option.placeholder.empty())
        out << (option.placeholder == "FILE" || option.placeholder == "DIR" ? " -rF" : " -x");
      out << " -d " << in_quotes(option.about) << '\n';
    }
  }
}

}  // namespace

void declare_completion(Syntax syntax) {
  // The parser itself tells what there is; it is complete by the time that the command runs.
  const CLI::App& program = syntax.program();
  syntax.needs_command();
  const auto add = [&](const char* shell, void (*write)(const std::vector<CommandEntry>&, std::ostream&)) {
    syntax.command(shell, std::string("Print the completion for ") + shell + ".")
        .runs([&program, write](Session& session) {
          write(command_tree(program), session.terminal.out);
          return Exit::done;
        });
  };
  add("bash", &write_bash);
  add("zsh", &write_zsh);
  add("fish", &write_fish);
}

}  // namespace galley::app
