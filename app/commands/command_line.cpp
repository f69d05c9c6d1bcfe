#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <ostream>

#include "app/commands/syntax.hpp"
#include "app/control.hpp"

namespace galley::app {

namespace {

struct Entry {
  std::string_view name;
  std::string_view about;
  void (*declare)(Syntax syntax);
  bool of_server;  // takes the server's settings
  bool on_store;   // may run inside a server
};

constexpr Entry entries[] = {
    {"serve", "Serve the API; migrates first.", &declare_serve, true, false},
    {"migrate", "Bring the data folder to this program's schema.", &declare_migrate, false, false},
    {"backup", "Copy the database, also while a server uses it.", &declare_backup, false, true},
    {"restore", "Put a backup in the place of the database.", &declare_restore, false, false},
    {"key", "Make, list and revoke API keys; rotate the master key.", &declare_key, false, true},
    {"user", "Make, list and disable users.", &declare_user, false, true},
    {"plan", "Change an account's plan.", &declare_plan, false, true},
    {"audit", "Check the audit trail.", &declare_audit, false, true},
    {"seed", "Fill a project's keyword matrix from a CSV file.", &declare_seed, false, true},
    {"export", "Write an account to a file, or its articles to a folder.", &declare_export, false, true},
    {"import", "Read an account's export, or articles from elsewhere.", &declare_import, false, true},
    {"listen", "Show what happens in a project, and forward it to a server of yours.", &declare_listen, false, false},
    {"smoke", "Run the whole chain on a temporary instance.", &declare_smoke, false, false},
    {"openapi", "Print the OpenAPI document.", &declare_openapi, false, false},
    {"doctor", "Check the installation and the configuration.", &declare_doctor, true, false},
    {"completion", "Print what a shell needs to complete commands and options.", &declare_completion, false, false},
    {"man", "Print the manual page, for man -l.", &declare_man, false, false},
};

void add_settings(CLI::App& app, const Entry& entry, GivenSettings& given) {
  for (const Setting& setting : settings()) {
    if (setting.of_server && !entry.of_server) continue;
    const std::string name(setting.name);
    std::string about(setting.about);
    if (!setting.default_text.empty()) about += " Default: " + std::string(setting.default_text) + ".";
    if (setting.placeholder.empty()) {
      app.add_flag_callback("--" + name, [&given, name] { given[name] = {"true"}; }, about);
      continue;
    }
    CLI::Option* option = app.add_option_function<std::vector<std::string>>(
        "--" + name, [&given, name](const std::vector<std::string>& values) { given[name] = values; }, about);
    option->type_name(std::string(setting.placeholder));
    if (setting.repeatable)
      option->expected(1)->take_all();
    else
      option->expected(1)->take_last();
  }
}

}  // namespace

Exit report(const Error& error, Terminal& terminal) {
  terminal.err << "galley: " << error.message << '\n';
  for (const FieldError& field : error.fields)
    terminal.err << "  " << field.field << ' ' << field.reason << '\n';
  if (!error.cause.empty()) terminal.err << "  cause: " << error.cause << '\n';
  if (error.code == ErrorCode::validation_failed) return Exit::usage;
  const bool refused = error.code == ErrorCode::not_found || error.code == ErrorCode::conflict ||
                       error.code == ErrorCode::forbidden || error.code == ErrorCode::quota_exceeded;
  return refused ? Exit::refused : Exit::failed;
}

std::optional<Exit> run_in_holder(Session& session, const Config& config) {
  const std::optional<int> status = run_in_server(control_socket(config.data), session.arguments, session.terminal);
  if (!status) return std::nullopt;
  return static_cast<Exit>(*status);
}

Exit with_backend(Session& session, const std::function<Exit(Backend&)>& work) {
  if (session.live != nullptr) return work(*session.live);
  Result<Config> config = read_config(session.given, process_environment);
  if (!config) return report(config.error(), session.terminal);
  // A server that runs holds the folder: it does the work, on the store that it has open.
  if (const std::optional<Exit> done = run_in_holder(session, *config)) return *done;
  Result<std::unique_ptr<Backend>> backend = Backend::open(*config);
  if (!backend) return report(backend.error(), session.terminal);
  const Exit done = work(**backend);
  (*backend)->store->stop();
  return done;
}

int run_command_line(std::vector<std::string> arguments, Terminal& terminal, Backend* live) {
  CLI::App root("Galley: a self-hosted content publishing service.", "galley");
  root.set_version_flag("--version", "galley " GALLEY_VERSION);
  root.require_subcommand(1);
  Session session{.terminal = terminal, .live = live, .arguments = arguments};
  Run run;
  bool on_store = false;
  for (const Entry& entry : entries) {
    CLI::App* command = root.add_subcommand(std::string(entry.name), std::string(entry.about));
    entry.declare(Syntax(*command, run));
    add_settings(*command, entry, session.given);
    command->add_flag("--json", session.json, "Answer in JSON.");
    if (entry.of_server)
      command->footer("What is not given as an option is read from the environment (" + variable_of("public-url") +
                      "), else from the lines \"key = value\" of the file that --config names.");
    command->parse_complete_callback([&on_store, &entry] { on_store = entry.on_store; });
    command->fallthrough();
  }
  std::reverse(arguments.begin(), arguments.end());
  try {
    root.parse(arguments);
  } catch (const CLI::ParseError& error) {
    const int code = root.exit(error, terminal.out, terminal.err);
    return static_cast<int>(code == 0 ? Exit::done : Exit::usage);
  }
  if (live != nullptr && !on_store) {
    terminal.err << "galley: this command cannot run inside a server\n";
    return static_cast<int>(Exit::usage);
  }
  return static_cast<int>(run(session));
}

}  // namespace galley::app
