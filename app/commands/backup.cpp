#include <filesystem>
#include <iostream>

#include "app/commands/syntax.hpp"
#include "base/json.hpp"
#include "storage/backup.hpp"

namespace galley::app {

namespace {

struct Options {
  std::string file;
  bool force = false;
};

using BackUp = std::function<Result<storage::Backup>(const std::filesystem::path& target, storage::IfThere if_there)>;

Exit make(Session& session, const std::filesystem::path& target, bool force, const BackUp& back_up) {
  const SystemClock clock;
  const Instant begun = clock.instant();
  const Result<storage::Backup> made = back_up(target, force ? storage::IfThere::replace : storage::IfThere::refuse);
  if (!made) return report(made.error(), session.terminal);
  const auto took = std::chrono::round<Milliseconds>(clock.instant() - begun);
  const auto bytes = static_cast<std::int64_t>(made->bytes);
  if (session.json) {
    std::string text;
    json::Writer(text)
        .begin_object()
        .member("path", target.string())
        .member("bytes", bytes)
        .member("articles", made->articles)
        .member("milliseconds", static_cast<std::int64_t>(took.count()))
        .end_object();
    session.terminal.out << text << '\n';
    return Exit::done;
  }
  session.terminal.out << target.string() << "\n  " << bytes << " bytes, " << made->articles << " articles, "
                       << took.count() << " ms\n"
                       << "  secret.key is not in it, on purpose: keep a copy of that key elsewhere.\n";
  return Exit::done;
}

// The folder as it is: nothing is migrated, and no key is needed.
Exit back_up_folder(Session& session, const Config& config, const std::filesystem::path& target, bool force) {
  if (!storage::has_database(config.data))
    return report(conflict("There is no database in " + config.data.string() + "."), session.terminal);
  Result<storage::DataFolder> folder = storage::DataFolder::open(config.data);
  if (!folder) return report(folder.error(), session.terminal);
  return make(session, target, force, [&](const auto& path, storage::IfThere if_there) {
    return storage::back_up(folder->database(), path, if_there, {});
  });
}

Exit back_up(Session& session, const Options& options) {
  if (options.file == "-")
    return report(invalid("FILE",
                          "must be a file: a backup is looked through after it was written, which standard "
                          "output does not allow"),
                  session.terminal);
  std::error_code problem;
  // The server that does the work has another working folder.
  const std::filesystem::path target = std::filesystem::absolute(options.file, problem).lexically_normal();
  if (session.live != nullptr)
    return make(session, target, options.force, [&](const auto& path, storage::IfThere if_there) {
      return session.live->store->back_up(path, if_there, session.live->clock);
    });
  const Result<Config> config = read_config(session.given, process_environment);
  if (!config) return report(config.error(), session.terminal);
  session.arguments = {"backup", target.string()};
  if (options.force) session.arguments.emplace_back("--force");
  if (session.json) session.arguments.emplace_back("--json");
  if (const std::optional<Exit> done = run_in_holder(session, *config)) return *done;
  return back_up_folder(session, *config, target, options.force);
}

}  // namespace

void declare_backup(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  syntax.option("FILE", options->file, "Where the copy is to be; not in place of a file that is there.").required();
  syntax.flag("--force", options->force, "Replace a file that is there.");
  syntax.runs([options](Session& session) { return back_up(session, *options); });
}

}  // namespace galley::app
