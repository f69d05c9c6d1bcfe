// The commands and options of the program as the parser knows them: what completions and the manual are made from.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace galley::app {

struct OptionEntry {
  std::vector<std::string> names{};  // "--json", "-h"
  std::string placeholder{};         // "DIR"; empty for a switch
  std::string about{};
  bool inherited = false;  // of the command above this one
  bool repeatable = false;
};

struct ArgumentEntry {
  std::string name;  // "FILE"
  std::string about{};
};

struct CommandEntry {
  std::vector<std::string> path{};  // {"key", "create"}; empty for the program itself
  std::string about{};
  std::vector<OptionEntry> options{};
  std::vector<ArgumentEntry> arguments{};
  std::vector<std::pair<std::string, std::string>> commands{};  // below this one: name and about

  // "/key/create"; empty for the program itself.
  std::string path_text() const;
};

// The program first, then each command followed by those below it.
std::vector<CommandEntry> command_tree(const CLI::App& root);

}  // namespace galley::app
