// The control socket: commands that need the store run inside the server that has it open. DATA/control.sock, mode
// 0600: who may write to the folder's owner's files may use it, nobody else.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands/command.hpp"
#include "base/result.hpp"

namespace galley::app {

std::filesystem::path control_socket(const std::filesystem::path& data);

// Runs a few commands at a time on threads of its own, until it goes; then it waits for those that run.
class ControlServer {
 public:
  // Called on several threads at once.
  using Runner = std::function<int(std::vector<std::string> arguments, Terminal& terminal)>;

  // Takes the place of a socket that a killed server left. internal where the socket cannot be made.
  static Result<std::unique_ptr<ControlServer>> open(const std::filesystem::path& socket, Runner run);
  ~ControlServer();

 private:
  struct State;
  explicit ControlServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Forwards arguments and, where "-" or a "-stdin" option asks for it, standard input; copies what the server's command
// printed. Nothing where no server listens.
std::optional<int> run_in_server(const std::filesystem::path& socket, const std::vector<std::string>& arguments,
                                 Terminal& terminal);

}  // namespace galley::app
