#include "storage/restore.hpp"

#include <iostream>

#include "app/commands/syntax.hpp"
#include "base/json.hpp"

namespace galley::app {

namespace {

struct Options {
  std::string file;
  bool force = false;
};

void print(const storage::Restored& restored, const std::filesystem::path& data, Session& session) {
  const auto pending = static_cast<std::int64_t>(restored.pending.size());
  if (session.json) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object().member("data", data.string()).member("articles", restored.articles);
    if (restored.replaced) writer.member("replaced", restored.replaced->string());
    writer.member("pendingMigrations", pending).member("unreadableSecrets", restored.unreadable).end_object();
    session.terminal.out << text << '\n';
    return;
  }
  std::ostream& out = session.terminal.out;
  out << data.string() << " has the backup's database, with " << restored.articles << " articles.\n";
  if (restored.replaced) out << "  What was there is in " << restored.replaced->string() << ".\n";
  if (pending > 0) out << "  The next start applies " << pending << " changes of the schema.\n";
  if (restored.unreadable > 0)
    out << "  " << restored.unreadable << " secrets do not open: put the key that belongs to them into secret.key, or "
        << "set them anew.\n";
}

Exit restore(Session& session, const Options& options) {
  if (options.file == "-")
    return report(invalid("FILE", "must be a file: standard input cannot be looked through before it is used"),
                  session.terminal);
  const Result<Config> config = read_config(session.given, process_environment);
  if (!config) return report(config.error(), session.terminal);
  const auto other_key = options.force ? storage::SealedWithOtherKey::accept : storage::SealedWithOtherKey::refuse;
  const Result<storage::Restored> restored =
      storage::restore(options.file, config->data, config->secret_key, SystemClock().now(), other_key);
  if (!restored) return report(restored.error(), session.terminal);
  print(*restored, config->data, session);
  return Exit::done;
}

}  // namespace

void declare_restore(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  syntax.option("FILE", options->file, "A backup. The database that is there is kept under another name.").required();
  syntax.flag("--force", options->force, "Also where secrets in it open with no key of the data folder.");
  syntax.runs([options](Session& session) { return restore(session, *options); });
}

}  // namespace galley::app
