// Commands of the program. One that works on the store can run in a process of its own or inside the server that holds
// the data folder; it sees only a Session either way.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "app/backend.hpp"
#include "app/config.hpp"
#include "base/result.hpp"

namespace CLI {
class App;
}

namespace galley::app {

// GNU conventions, and 3 for what was not found or is not allowed.
enum class Exit : int { done = 0, failed = 1, usage = 2, refused = 3 };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  std::istream& in;
};

// What a command works with.
struct Session {
  Terminal& terminal;
  GivenSettings given{};
  bool json = false;
  Backend* live = nullptr;               // the running server's, where the command runs inside it
  std::vector<std::string> arguments{};  // of the whole command, to be forwarded
};

// Declares a command's options on app and stores what runs it into run.
using Run = std::function<Exit(Session&)>;
void declare_serve(CLI::App& app, Run& run);
void declare_migrate(CLI::App& app, Run& run);
void declare_key(CLI::App& app, Run& run);
void declare_user(CLI::App& app, Run& run);
void declare_plan(CLI::App& app, Run& run);
void declare_audit(CLI::App& app, Run& run);
void declare_openapi(CLI::App& app, Run& run);
void declare_doctor(CLI::App& app, Run& run);
void declare_seed(CLI::App& app, Run& run);
void declare_smoke(CLI::App& app, Run& run);
void declare_completion(CLI::App& app, Run& run);
void declare_man(CLI::App& app, Run& run);

// Parses and runs a command line. live: null in a process of its own.
int run_command_line(std::vector<std::string> arguments, Terminal& terminal, Backend* live);

// Prints the error for people on err, with every field, and says which exit it deserves.
Exit report(const Error& error, Terminal& terminal);

// Runs work on the store: the live one; or the data folder's own, opened for it; or, where a server holds the folder,
// inside that server through its control socket, with the same output.
Exit with_backend(Session& session, const std::function<Exit(Backend&)>& work);

}  // namespace galley::app
