#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "app/commands/named_project.hpp"
#include "app/commands/syntax.hpp"
#include "base/json.hpp"

namespace galley::app {

namespace {

// What the control socket takes with room to spare; ten thousand keywords need less than one.
constexpr std::size_t max_file = std::size_t{8} << 20;

struct Options {
  std::string file;
  std::string account;
  std::string project;
};

struct Seeded {
  Project project;
  std::optional<Secret> webhook_secret{};  // of a project that was made
  service::ImportOutcome outcome{};
};

Result<std::string> read_input(const std::string& name, std::istream& standard_input) {
  std::ifstream file;
  if (name != "-") {
    file.open(name, std::ios::binary);
    if (!file || std::filesystem::is_directory(name)) return invalid("FILE", "cannot be read: " + name);
  }
  std::istream& in = name == "-" ? standard_input : file;
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (text.size() > max_file) return invalid("FILE", "must be at most 8 MiB");
  return text;
}

// Runs a use case to its end on this thread.
template <class T>
Result<T> wait_for(Task<Result<T>> task) {
  boost::asio::io_context context{1};
  std::optional<Result<T>> outcome;
  boost::asio::co_spawn(context, std::move(task), [&](const std::exception_ptr& failed, Result<T> result) {
    if (failed) std::rethrow_exception(failed);
    outcome.emplace(std::move(result));
  });
  context.run();
  return *std::move(outcome);
}

Result<Seeded> seed_project(Backend& backend, const Options& options, const std::string& csv) {
  std::vector<service::ImportRow> rows = GALLEY_TRY(service::read_keyword_csv(csv));
  const Account account = GALLEY_TRY(backend.store->read(
      [&](const Transaction& transaction) { return transaction.accounts().find_by_any(options.account); }));
  const service::Actor actor{.account = account.id, .plan = account.plan, .role = Role::owner};
  Seeded seeded;
  std::optional<Project> known = GALLEY_TRY(find_project(backend, account.id, options.project));
  if (known) {
    seeded.project = *std::move(known);
  } else {
    Project wanted;
    wanted.name = options.project;
    service::ProjectService::Created made = GALLEY_TRY(wait_for(backend.projects.create(actor, wanted)));
    seeded.project = std::move(made.detail.project);
    seeded.webhook_secret = std::move(made.webhook_secret);
  }
  seeded.outcome = GALLEY_TRY(
      wait_for(backend.keywords.import(actor, seeded.project.id, std::move(rows), service::OnDuplicate::update)));
  return seeded;
}

void print_json(const Seeded& seeded, std::ostream& out) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().member("projectId", seeded.project.id.text()).member("project", seeded.project.name);
  writer.member("made", seeded.webhook_secret.has_value());
  if (seeded.webhook_secret) writer.member("webhookSecret", seeded.webhook_secret->reveal());
  writer.member("created", seeded.outcome.created)
      .member("updated", seeded.outcome.updated)
      .member("skipped", seeded.outcome.skipped)
      .key("rejected")
      .begin_array();
  for (const service::RejectedRow& row : seeded.outcome.rejected)
    writer.begin_object().member("row", row.row).member("reason", row.reason).end_object();
  writer.end_array().end_object();
  out << text << '\n';
}

void print_text(const Seeded& seeded, Terminal& terminal) {
  terminal.out << seeded.project.id.text() << '\t' << seeded.project.name << '\t'
               << (seeded.webhook_secret ? "made" : "was there") << '\n';
  if (seeded.webhook_secret) terminal.out << "webhook secret\t" << seeded.webhook_secret->reveal() << '\n';
  const service::ImportOutcome& outcome = seeded.outcome;
  terminal.out << "keywords\t" << outcome.created << " created, " << outcome.updated << " updated, " << outcome.skipped
               << " as they were, " << outcome.rejected.size() << " rejected\n";
  for (const service::RejectedRow& row : outcome.rejected)
    terminal.err << "line " << row.row << ": " << row.reason << '\n';
}

Exit seed(Session& session, const Options& options) {
  const Result<std::string> csv = read_input(options.file, session.terminal.in);
  if (!csv) return report(csv.error(), session.terminal);
  // A server that does the work has another working folder, or no right to the file: it is given the text.
  std::istringstream text(*csv);
  Terminal terminal{session.terminal.out, session.terminal.err, text};
  Session forwarded{.terminal = terminal, .given = session.given, .json = session.json, .live = session.live};
  forwarded.arguments = {"seed", "-", "--account", options.account, "--project", options.project};
  if (session.json) forwarded.arguments.emplace_back("--json");
  return with_backend(forwarded, [&](Backend& backend) {
    const Result<Seeded> seeded = seed_project(backend, options, *csv);
    if (!seeded) return report(seeded.error(), session.terminal);
    if (session.json)
      print_json(*seeded, session.terminal.out);
    else
      print_text(*seeded, session.terminal);
    return seeded->outcome.rejected.empty() ? Exit::done : Exit::failed;
  });
}

}  // namespace

void declare_seed(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  options->project = "Seeded";
  syntax
      .option("FILE", options->file,
              "CSV with a header row: keyword and any of volume, difficulty, intent, priority, cluster. \"-\" is "
              "standard input.")
      .required();
  syntax.option("--account", options->account, "Name, id, or a user's e-mail.").required();
  syntax.option("--project", options->project, "Name or id; made where the account has none of that name.")
      .shows_default();
  syntax.runs([options](Session& session) { return seed(session, *options); });
}

}  // namespace galley::app
