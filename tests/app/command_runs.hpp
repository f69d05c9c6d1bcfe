// Command lines as tests run them: in this process, with texts for a terminal.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "app/commands/command.hpp"

namespace galley::test {

struct CommandRun {
  int status = -1;
  std::string out;
  std::string err;
};

inline CommandRun run_command(std::vector<std::string> arguments, const std::string& input = "",
                              app::Backend* live = nullptr) {
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in(input);
  app::Terminal terminal{out, err, in};
  const int status = app::run_command_line(std::move(arguments), terminal, live);
  return {status, out.str(), err.str()};
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

// The paths of all commands, {"key", "create"} and so on, as the program itself tells them to a shell.
inline std::vector<std::vector<std::string>> all_commands() {
  std::vector<std::vector<std::string>> commands;
  for (const std::string& line : lines_of(run_command({"completion", "fish"}).out)) {
    const std::size_t at = line.find("__galley_at '");
    const std::size_t name = line.find("\" -a ");
    if (at == std::string::npos || name == std::string::npos) continue;
    std::string path = line.substr(at + 13, line.find('\'', at + 13) - at - 13);
    path += "/" + line.substr(name + 5, line.find(' ', name + 5) - name - 5);
    std::vector<std::string> words;
    std::istringstream parts(path.substr(1));
    for (std::string part; std::getline(parts, part, '/');)
      words.push_back(part);
    commands.push_back(std::move(words));
  }
  return commands;
}

}  // namespace galley::test
