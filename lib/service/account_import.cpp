#include "service/account_import.hpp"

#include <utility>

#include "base/encoding.hpp"
#include "domain/field_check.hpp"
#include "service/audit.hpp"

namespace galley::service {

namespace {

constexpr std::size_t max_account_name = 320;  // an e-mail address, mostly

std::string place(std::int64_t number) {
  return "line " + std::to_string(number);
}

Result<ExportHeader> header_of(Result<ExportLine> line) {
  if (line.has_error()) return invalid("FILE", "is no export of an account: " + reason_of(line.error()));
  auto* header = get_if<ExportHeader>(&*line);
  if (header == nullptr || header->format != export_format)
    return invalid("FILE", "is no export of an account: its first line is no header");
  if (header->version > export_version)
    return invalid("FILE", "was written by a newer Galley (version " + std::to_string(header->version) +
                               " of the format). Import it with one that is as new.");
  FieldCheck fields;
  fields.required_line("account.name", header->account.name, max_account_name);
  GALLEY_TRY(std::move(fields).result());
  return std::move(*header);
}

bool is_part_of_article(std::string_view line) {
  const std::string_view text = trim_ascii(line);
  return text.starts_with(R"({"revision")") || text.starts_with(R"({"publication")");
}

}  // namespace

Result<AccountImportOutcome> AccountImport::run(std::istream& in) {
  content::LineReader lines(in, max_export_line);
  std::optional<std::string> first = GALLEY_TRY(lines.next());
  if (!first) return invalid("FILE", "is empty");
  const ExportHeader header = GALLEY_TRY(header_of(read_line(*first)));
  GALLEY_TRY(open_account(header));
  for (;;) {
    Result<std::optional<std::string>> text = lines.next();
    if (text.has_error()) {
      refuse_article("line " + std::to_string(lines.number()) + " is too long");
      GALLEY_TRY(take(lines.number(), std::move(text).error(), 0));
      continue;
    }
    if (!*text) break;
    Result<ExportLine> line = read_line(**text);
    // An article comes whole or not at all.
    if (line.has_error() && is_part_of_article(**text))
      refuse_article("line " + std::to_string(lines.number()) + " cannot be read");
    GALLEY_TRY(take(lines.number(), std::move(line), (*text)->size()));
  }
  GALLEY_TRY(flush());
  return std::move(outcome_);
}

Result<void> AccountImport::open_account(const ExportHeader& header) {
  const auto find = [&](const Transaction& transaction) -> Result<void> {
    if (options_.account) {
      outcome_.account = GALLEY_TRY(transaction.accounts().find_by_any(*options_.account));
      return {};
    }
    // Without having been told so, nobody's account is added to: not even one that the file says is its own.
    if (transaction.accounts().find(header.account.id))
      return conflict("An account with the id " + header.account.id.text() +
                      " is on this server already. Name the account to import into.");
    // The plan is the operator's to give.
    outcome_.account = {.id = header.account.id,
                        .name = header.account.name,
                        .plan_since = context_.clock.now(),
                        .created_at = header.account.created_at};
    outcome_.made = true;
    return {};
  };
  GALLEY_TRY(context_.store.read(find));
  who_.account = outcome_.account.id;
  who_.plan = outcome_.account.plan;
  if (!outcome_.made || options_.dry_run) return {};
  return context_.store.write_and_wait([&](Transaction& transaction) -> Result<void> {
    GALLEY_TRY(transaction.accounts().insert(outcome_.account));
    return audit(transaction, context_, who_,
                 {.action = AuditAction::account_created, .subject = who_.account.text(), .note = "by an import"});
  });
}

Result<void> AccountImport::take(std::int64_t number, Result<ExportLine> line, std::size_t bytes) {
  read_ = number;
  if (line.has_error()) {
    outcome_.report.reject(place(number), reason_of(line.error()));
    return {};
  }
  const bool follows = holds_alternative<Revision>(*line) || holds_alternative<Publication>(*line);
  if (follows) {
    follow(number, *std::move(line), bytes);
    return {};
  }
  if (lines_ >= lines_at_once || bytes_ >= bytes_at_once) GALLEY_TRY(flush());
  batch_.push_back({.number = number, .head = *std::move(line)});
  ++lines_;
  bytes_ += bytes;
  return {};
}

// The article that they belong to is in the batch still: a batch ends only where another noun begins.
void AccountImport::follow(std::int64_t number, ExportLine line, std::size_t bytes) {
  const auto* revision = get_if<Revision>(&line);
  const ArticleId article = revision != nullptr ? revision->article : get<Publication>(line).article;
  const auto* head = batch_.empty() ? nullptr : get_if<ArticleLine>(&batch_.back().head);
  if (head == nullptr || head->id != article)
    return outcome_.report.reject(place(number), "does not follow the article that it belongs to");
  LineGroup& group = batch_.back();
  ++lines_;
  bytes_ += bytes;
  if (bytes_ > bytes_at_once + max_article_lines) {
    group.revisions.clear();
    refuse_article("it has more than " + std::to_string(max_article_lines >> 20) + " MiB of revisions");
  }
  if (!group.refused.empty()) return;
  if (revision != nullptr)
    group.revisions.push_back(get<Revision>(std::move(line)));
  else
    group.publications.push_back(get<Publication>(std::move(line)));
}

void AccountImport::refuse_article(const std::string& reason) {
  if (batch_.empty() || !holds_alternative<ArticleLine>(batch_.back().head)) return;
  batch_.back().refused = reason;
}

Result<ImportReport> AccountImport::write(const Transaction& reading, Transaction* writing) {
  ImportReport report;
  for (LineGroup& group : batch_) {
    const std::int64_t number = group.number;
    const std::string noun(noun_of(group.head));
    const auto revisions = static_cast<std::int64_t>(group.revisions.size());
    const auto publications = static_cast<std::int64_t>(group.publications.size());
    LineRestorer restorer(context_, who_, reading, writing, planned_, report);
    const Result<bool> made = restorer.restore(std::move(group));
    if (made.has_error()) {
      if (!blames_input(made.error())) return made.error();
      report.reject(place(number), reason_of(made.error()));
      continue;
    }
    const auto count = [&](const std::string& what, std::int64_t amount) {
      if (amount == 0) return;
      ImportReport::Tally& tally = report.nouns[what];
      (*made ? tally.created : tally.skipped) += amount;
    };
    count(noun, 1);
    count("revision", revisions);
    count("publication", publications);
  }
  std::int64_t created = 0;
  for (const auto& [noun, tally] : report.nouns)
    created += tally.created;
  if (writing != nullptr && created > 0)
    GALLEY_TRY(audit(*writing, context_, who_,
                     {.action = AuditAction::account_imported,
                      .subject = who_.account.text(),
                      .note = std::to_string(created) + " lines, to line " + std::to_string(read_)}));
  return report;
}

Result<void> AccountImport::flush() {
  if (!batch_.empty()) {
    const Result<ImportReport> report =
        options_.dry_run
            ? context_.store.read([&](const Transaction& transaction) { return write(transaction, nullptr); })
            : context_.store.write_and_wait([&](Transaction& transaction) { return write(transaction, &transaction); });
    if (report.has_error()) return report.error();
    outcome_.report.add(*report);
  }
  batch_.clear();
  lines_ = 0;
  bytes_ = 0;
  if (options_.progress) options_.progress(read_);
  return {};
}

}  // namespace galley::service
