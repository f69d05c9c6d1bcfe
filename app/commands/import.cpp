#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/article_sources.hpp"
#include "app/commands/named_project.hpp"
#include "app/commands/syntax.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "content/ghost_export.hpp"
#include "content/wxr.hpp"
#include "service/account_import.hpp"
#include "service/article_import.hpp"

namespace galley::app {

namespace {

namespace fs = std::filesystem;

// A line of progress for about so many lines or articles.
constexpr std::int64_t progress_step = 10'000;

struct Options {
  std::string file;
  std::string account;
  std::string project;
  std::string format;  // empty: by what is in it
  std::string site;
  bool dry_run = false;
  bool published = false;
  bool canonical = false;
};

struct Imported {
  std::optional<Account> made{};
  service::ImportReport report{};
};

std::function<void(std::int64_t)> progress_on(std::ostream& err) {
  return [&err, next = progress_step](std::int64_t count) mutable {
    if (count < next) return;
    err << count << " read\n" << std::flush;
    next = count - count % progress_step + progress_step;
  };
}

// By how it begins. What comes from standard input and begins with "{" is an account: it cannot be begun anew.
Result<std::string> detect(const Options& options, std::istream& in) {
  if (!options.format.empty()) return options.format;
  std::error_code failed;
  if (options.file != "-" && fs::is_directory(options.file, failed)) return std::string("markdown");
  const fs::path extension = fs::path(options.file).extension();
  if (extension == ".md" || extension == ".markdown") return std::string("markdown");
  if (options.file == "-") {
    const auto first = in.peek();
    if (first == '{') return std::string("jsonl");
    if (first == '<') return std::string("wxr");
    return invalid("FILE", "is of no format that is known here; name it with --format");
  }
  std::ifstream file(options.file, std::ios::binary);
  std::string head(64, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  if (head.starts_with("\xEF\xBB\xBF")) head.erase(0, 3);
  const std::string_view text = trim_ascii(head);
  if (text.starts_with('<')) return std::string("wxr");
  if (text.starts_with(R"({"header")")) return std::string("jsonl");
  if (text.starts_with('{')) return std::string("ghost");
  return invalid("FILE", "is of no format that is known here; name it with --format");
}

Result<void> check_options(const Options& options, const std::string& format) {
  std::vector<FieldError> errors;
  if (format == "jsonl") {
    if (!options.project.empty()) errors.push_back({"--project", "is for articles; an account brings its projects"});
    if (options.published || options.canonical)
      errors.push_back({"--published and --canonical", "are for articles from elsewhere"});
  } else {
    if (options.account.empty()) errors.push_back({"--account", "is required for articles"});
    if (options.project.empty()) errors.push_back({"--project", "is required for articles"});
  }
  if (format == "markdown" && options.file == "-") errors.push_back({"FILE", "must be a file or a folder"});
  if (!options.site.empty() && format != "ghost") errors.push_back({"--site", "is for exports of Ghost"});
  if (!errors.empty()) return invalid(std::move(errors));
  return {};
}

Result<Imported> import_account(Backend& backend, const Options& options, Session& session, std::istream& in) {
  service::AccountImportOptions chosen{.dry_run = options.dry_run, .progress = progress_on(session.terminal.err)};
  if (!options.account.empty()) chosen.account = options.account;
  service::AccountImport account_import(backend.context, service::operator_of({}), std::move(chosen));
  service::AccountImportOutcome outcome = GALLEY_TRY(account_import.run(in));
  Imported imported{.report = std::move(outcome.report)};
  if (outcome.made) imported.made = std::move(outcome.account);
  return imported;
}

Result<Imported> import_articles(Backend& backend, const Options& options, const std::string& format, Session& session,
                                 std::istream& in) {
  const Account account = GALLEY_TRY(backend.store->read(
      [&](const Transaction& transaction) { return transaction.accounts().find_by_any(options.account); }));
  const std::optional<Project> project = GALLEY_TRY(find_project(backend, account.id, options.project));
  if (!project) return not_found(ProjectTag::noun, options.project);
  const service::Actor actor = service::operator_of(account.id);
  service::ArticleImport articles(backend.context, backend.transitions, actor, *project,
                                  {.published = options.published,
                                   .canonical = options.canonical,
                                   .dry_run = options.dry_run,
                                   .progress = progress_on(session.terminal.err)});
  const TakeArticle take = [&](std::string place, Result<content::SourceArticle> article) {
    return articles.take(std::move(place), std::move(article));
  };
  std::int64_t ignored = 0;
  if (format == "markdown") {
    ignored = GALLEY_TRY(read_markdown(options.file, take));
  } else if (format == "wxr") {
    std::string text = GALLEY_TRY(read_all(in, content::max_wxr_bytes));
    ignored = GALLEY_TRY(read_wxr(std::move(text), take));
  } else {
    const std::string site = options.site.empty() ? project->target_domain.value_or("") : options.site;
    const std::string text = GALLEY_TRY(read_all(in, content::max_ghost_bytes));
    ignored = GALLEY_TRY(read_ghost(text, site, take));
  }
  articles.ignore(ignored);
  return Imported{.report = GALLEY_TRY(articles.finish())};
}

Result<Imported> import_from(Backend& backend, const Options& options, Session& session) {
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) return invalid("FILE", "cannot be read: " + options.file);
  }
  std::istream& in = options.file == "-" ? session.terminal.in : file;
  const std::string format = GALLEY_TRY(detect(options, in));
  GALLEY_TRY(check_options(options, format));
  if (format == "jsonl") return import_account(backend, options, session, in);
  return import_articles(backend, options, format, session, in);
}

void write_remarks(json::Writer& writer, const char* name, const std::vector<service::ImportRemark>& remarks) {
  writer.key(name).begin_array();
  for (const service::ImportRemark& remark : remarks)
    writer.begin_object().member("place", remark.place).member("reason", remark.text).end_object();
  writer.end_array();
}

void print_json(const Imported& imported, const Options& options, std::ostream& out) {
  const service::ImportReport& report = imported.report;
  std::string text;
  json::Writer writer(text);
  writer.begin_object().member("dryRun", options.dry_run);
  if (imported.made) writer.member("accountId", imported.made->id.text());
  for (const auto& [noun, tally] : report.nouns) {
    writer.key(noun).begin_object().member("created", tally.created).member("skipped", tally.skipped).end_object();
  }
  writer.member("ignored", report.ignored).member("rejected", report.rejected);
  write_remarks(writer, "rejections", report.rejections);
  writer.member("remarked", report.remarked);
  write_remarks(writer, "remarks", report.remarks);
  writer.end_object();
  out << text << '\n';
}

void print_remarks(const std::vector<service::ImportRemark>& remarks, std::int64_t count, std::ostream& err) {
  for (const service::ImportRemark& remark : remarks)
    err << remark.place << ": " << remark.text << '\n';
  const auto shown = static_cast<std::int64_t>(remarks.size());
  if (count > shown) err << "and " << count - shown << " more\n";
}

void print_text(const Imported& imported, const Options& options, Terminal& terminal) {
  const service::ImportReport& report = imported.report;
  if (options.dry_run) terminal.out << "dry run: nothing was written\n";
  if (imported.made) terminal.out << "account\t" << imported.made->id.text() << '\t' << imported.made->name << '\n';
  for (const auto& [noun, tally] : report.nouns)
    terminal.out << noun << '\t' << tally.created << " created, " << tally.skipped << " there already\n";
  if (report.ignored > 0) terminal.out << "no articles\t" << report.ignored << " passed over\n";
  if (report.rejected > 0) terminal.out << "rejected\t" << report.rejected << '\n';
  print_remarks(report.rejections, report.rejected, terminal.err);
  print_remarks(report.remarks, report.remarked, terminal.err);
  if (imported.made && !options.dry_run)
    terminal.err << "The account has no users yet: galley user create --account " << imported.made->id.text()
                 << " --email …\n";
  const auto webhooks = report.nouns.find("webhook");
  const auto projects = report.nouns.find("project");
  if ((webhooks != report.nouns.end() && webhooks->second.created > 0) ||
      (projects != report.nouns.end() && projects->second.created > 0))
    terminal.err << "Projects and webhooks have new secrets: rotate them to see them, and tell their receivers.\n";
}

Exit run_import(Session& session, Options options) {
  // A server that does the work has another working folder.
  if (options.file != "-") options.file = fs::absolute(options.file).lexically_normal().string();
  Session forwarded{.terminal = session.terminal, .given = session.given, .json = session.json, .live = session.live};
  forwarded.arguments = {"import", options.file};
  const auto forward = [&](const char* name, const std::string& value) {
    if (!value.empty()) forwarded.arguments.insert(forwarded.arguments.end(), {name, value});
  };
  forward("--account", options.account);
  forward("--project", options.project);
  forward("--format", options.format);
  forward("--site", options.site);
  const auto forward_flag = [&](const char* name, bool given) {
    if (given) forwarded.arguments.emplace_back(name);
  };
  forward_flag("--dry-run", options.dry_run);
  forward_flag("--published", options.published);
  forward_flag("--canonical", options.canonical);
  forward_flag("--json", session.json);
  return with_backend(forwarded, [&](Backend& backend) {
    const Result<Imported> imported = import_from(backend, options, session);
    if (!imported) return report(imported.error(), session.terminal);
    if (session.json)
      print_json(*imported, options, session.terminal.out);
    else
      print_text(*imported, options, session.terminal);
    return imported->report.rejected == 0 ? Exit::done : Exit::failed;
  });
}

}  // namespace

void declare_import(Syntax syntax) {
  // Owners: the options on the command line and the function that runs.
  const auto options = std::make_shared<Options>();
  syntax
      .option("FILE", options->file,
              "An export of galley, WordPress (WXR) or Ghost, or a folder of Markdown files. \"-\" is standard input.")
      .required();
  syntax.option("--account", options->account,
                "Name, id, or a user's e-mail. Where it is left out, an export of galley makes a new account.");
  syntax.option("--project", options->project, "Name or id: where articles from elsewhere go.");
  syntax.option("--format", options->format, "Told by what is in FILE where it is left out.")
      .one_of({"jsonl", "markdown", "wxr", "ghost"});
  syntax.option("--site", options->site, "Address of the Ghost site, for images and links within it.");
  syntax.flag("--dry-run", options->dry_run, "Say what would come in, and write nothing.");
  syntax.flag("--published", options->published, "What was published there is published here, under its date.");
  syntax.flag("--canonical", options->canonical, "Keep each article's address there as its canonical one.");
  syntax.runs([options](Session& session) { return run_import(session, *options); });
}

}  // namespace galley::app
