#include <sys/resource.h>

#include <iostream>

#include "app/commands/syntax.hpp"
#include "app/control.hpp"
#include "app/wiring.hpp"
#include "base/crypto.hpp"
#include "base/encoding.hpp"

namespace galley::app {

namespace {

// Each connection takes a descriptor; the usual soft limit of 1024 is for programs that use select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Result<void> greet_first_owner(Backend& backend, const std::string& address, std::ostream& out) {
  const bool empty = GALLEY_TRY(backend.store->read([](const Transaction& transaction) -> Result<bool> {
    return GALLEY_TRY(transaction.accounts().all(1)).empty();
  }));
  if (!empty) return {};
  const Secret password(to_base64url(random_bytes(15)));
  std::string hash = hash_password(password);
  const auto first = GALLEY_TRY(backend.store->write_and_wait([&](Transaction& transaction) {
    return backend.accounts.first_start(transaction, "owner@localhost", std::move(hash));
  }));
  if (!first) return {};
  const std::string key(first->key.secret.reveal());
  out << "\nThis is the first start. Shown once, keep them:\n"
      << "  owner     " << first->owner.user.email << "\n"
      << "  password  " << password.reveal() << "\n"
      << "  API key   " << key << "\n\nTry it:\n"
      << "  curl " << address << "/api/v1/account -H 'Authorization: Bearer " << key << "'\n"
      << "  curl " << address << "/api/v1/projects -H 'Authorization: Bearer " << key
      << "' -H 'Content-Type: application/json' -d '{\"name\":\"My site\",\"targetDomain\":\"example.com\"}'\n"
      << "  curl " << address << "/api/v1/articles -H 'Authorization: Bearer " << key << "'\n"
      << std::flush;
  return {};
}

Exit serve(Session& session) {
  Terminal& terminal = session.terminal;
  const Result<Config> config = read_config(session.given, process_environment);
  if (!config) return report(config.error(), terminal);
  raise_descriptor_limit();
  const SystemClock clock;
  Log log(clock, 2, config->log_level, config->log_format);
  Result<std::unique_ptr<Backend>> backend = Backend::open(*config);
  if (!backend) return report(backend.error(), terminal);
  Result<std::unique_ptr<RunningServer>> server = RunningServer::make(*config, **backend, log);
  if (!server) return report(server.error(), terminal);
  Result<std::unique_ptr<ControlServer>> control =
      ControlServer::open(control_socket(config->data), [&](std::vector<std::string> arguments, Terminal& remote) {
        return run_command_line(std::move(arguments), remote, backend->get());
      });
  if (!control) return report(control.error(), terminal);
  (*server)->stop_on_signals();
  Result<void> greeted;
  (*server)->run([&] {
    terminal.out << "listening on " << (*server)->address() << '\n' << std::flush;
    if (!(*server)->admin_address().empty())
      terminal.out << "metrics on " << (*server)->admin_address() << "/metrics\n" << std::flush;
    log.write(LogLevel::info, "serving", {{"address", std::string_view((*server)->address())}});
    greeted = greet_first_owner(**backend, (*server)->address(), terminal.out);
    if (!greeted) (*server)->stop();
  });
  // Commands that still run inside use the store: they end before it closes. A backup might take minutes.
  (*backend)->store->end_backup();
  control->reset();
  server->reset();
  log.write(LogLevel::info, "stopped");
  return greeted ? Exit::done : report(greeted.error(), terminal);
}

}  // namespace

void declare_serve(Syntax syntax) {
  syntax.runs(&serve);
}

}  // namespace galley::app
