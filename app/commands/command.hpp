// Commands of the program. One that works on the store can run in a process of its own or inside the server that holds
// the data folder; it sees only a Session either way.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/backend.hpp"
#include "app/config.hpp"
#include "base/result.hpp"

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

// What a command does, and what it takes.
using Run = std::function<Exit(Session&)>;
class Syntax;
void declare_serve(Syntax syntax);
void declare_migrate(Syntax syntax);
void declare_backup(Syntax syntax);
void declare_restore(Syntax syntax);
void declare_key(Syntax syntax);
void declare_user(Syntax syntax);
void declare_plan(Syntax syntax);
void declare_audit(Syntax syntax);
void declare_openapi(Syntax syntax);
void declare_doctor(Syntax syntax);
void declare_seed(Syntax syntax);
void declare_export(Syntax syntax);
void declare_import(Syntax syntax);
void declare_listen(Syntax syntax);
void declare_smoke(Syntax syntax);
void declare_completion(Syntax syntax);
void declare_man(Syntax syntax);

// Parses and runs a command line. live: null in a process of its own.
int run_command_line(std::vector<std::string> arguments, Terminal& terminal, Backend* live);

// Runs the command inside the server that holds the configured data folder; nothing where none does.
std::optional<Exit> run_in_holder(Session& session, const Config& config);

// Prints the error for people on err, with every field, and says which exit it deserves.
Exit report(const Error& error, Terminal& terminal);

// Runs work on the store: the live one; or the data folder's own, opened for it; or, where a server holds the folder,
// inside that server through its control socket, with the same output.
Exit with_backend(Session& session, const std::function<Exit(Backend&)>& work);

}  // namespace galley::app
