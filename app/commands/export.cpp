#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/commands/syntax.hpp"
#include "app/new_file.hpp"
#include "base/json.hpp"
#include "service/account_export.hpp"

namespace galley::app {

namespace {

namespace fs = std::filesystem;

struct Options {
  std::string account;
  std::string format = "jsonl";
  std::string output = "-";
};

Result<service::ExportTally> write_lines(const service::AccountExport& account_export, const service::Actor& actor,
                                         const std::string& output, std::ostream& standard_output) {
  if (output == "-")
    return account_export.write_lines(actor, [&](std::string_view lines) -> Result<void> {
      if (!standard_output.write(lines.data(), static_cast<std::streamsize>(lines.size())))
        return invalid("output", "cannot be written");
      return {};
    });
  NewFile file = GALLEY_TRY(NewFile::create(output));
  service::ExportTally tally =
      GALLEY_TRY(account_export.write_lines(actor, [&](std::string_view lines) { return file.write(lines); }));
  GALLEY_TRY(file.finish());
  return tally;
}

Result<void> make_empty_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return invalid("output", "cannot be made: " + folder.string() + ": " + failed.message());
  if (!fs::is_empty(folder, failed) || failed)
    return invalid("output", "must be a new or an empty folder: " + folder.string());
  // Drafts are in it.
  fs::permissions(folder, fs::perms::owner_all, failed);
  return {};
}

Result<service::ExportTally> write_markdown(const service::AccountExport& account_export, const service::Actor& actor,
                                            const fs::path& output) {
  GALLEY_TRY(make_empty_folder(output));
  return account_export.write_markdown(
      actor, [&](const std::string& folder, const std::string& name, const std::string& text) -> Result<void> {
        std::error_code failed;
        fs::create_directory(output / folder, failed);
        std::ofstream file(output / folder / name, std::ios::binary);
        if (!file.write(text.data(), static_cast<std::streamsize>(text.size())).flush())
          return invalid("output", "cannot be written: " + (output / folder / name).string());
        return {};
      });
}

Result<service::ExportTally> export_account(Backend& backend, const Options& options, std::ostream& out) {
  const Account account = GALLEY_TRY(backend.store->read(
      [&](const Transaction& transaction) { return transaction.accounts().find_by_any(options.account); }));
  const service::Actor actor = service::operator_of(account.id);
  const service::AccountExport account_export(backend.context);
  if (options.format == "markdown") return write_markdown(account_export, actor, options.output);
  return write_lines(account_export, actor, options.output, out);
}

// On standard error where the export itself is on standard output.
void print(const service::ExportTally& tally, const Options& options, Session& session) {
  std::ostream& to = options.output == "-" ? session.terminal.err : session.terminal.out;
  if (session.json) {
    std::string text;
    json::Writer writer(text);
    writer.begin_object();
    for (const auto& [noun, count] : tally.lines)
      writer.member(noun, count);
    writer.member("revisionsLeftOut", tally.revisions_left_out).end_object();
    to << text << '\n';
    return;
  }
  for (const auto& [noun, count] : tally.lines)
    if (noun != "header") to << noun << '\t' << count << '\n';
  if (tally.revisions_left_out > 0)
    to << "revisions left out, the oldest of long histories\t" << tally.revisions_left_out << '\n';
}

Exit run_export(Session& session, Options options) {
  if (options.format == "markdown" && options.output == "-")
    return report(invalid("output", "must be a folder with the format markdown"), session.terminal);
  // A server that does the work has another working folder.
  if (options.output != "-") options.output = fs::absolute(options.output).lexically_normal().string();
  Session forwarded{.terminal = session.terminal, .given = session.given, .json = session.json, .live = session.live};
  forwarded.arguments = {"export", "--account", options.account, "--format", options.format};
  // A "-" would have the caller's standard input read first, which an export does not want.
  if (options.output != "-") forwarded.arguments.insert(forwarded.arguments.end(), {"--output", options.output});
  if (session.json) forwarded.arguments.emplace_back("--json");
  return with_backend(forwarded, [&](Backend& backend) {
    const Result<service::ExportTally> tally = export_account(backend, options, session.terminal.out);
    if (!tally) return report(tally.error(), session.terminal);
    print(*tally, options, session);
    return Exit::done;
  });
}

}  // namespace

void declare_export(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  syntax.option("--account", options->account, "Name, id, or a user's e-mail.").required();
  syntax
      .option("--format", options->format,
              "jsonl: all of it, for galley import; markdown: the articles, a file each, for site generators.")
      .one_of({"jsonl", "markdown"})
      .shows_default();
  syntax.option("--output", options->output, "File, or folder for markdown. \"-\" is standard output.").shows_default();
  syntax.runs([options](Session& session) { return run_export(session, *options); });
}

}  // namespace galley::app
