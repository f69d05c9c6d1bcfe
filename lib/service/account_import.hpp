// An account's export (export_lines.hpp) into an account of this server. Blocks: for the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "content/line_reader.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/export_lines.hpp"
#include "service/import_report.hpp"
#include "service/line_restorer.hpp"

namespace galley::service {

struct AccountImportOptions {
  std::optional<std::string> account{};  // name, id or a user's e-mail; absent: a new one with the id in the file
  bool dry_run = false;
  std::function<void(std::int64_t lines)> progress{};  // after each batch
};

struct AccountImportOutcome {
  Account account{};
  bool made = false;  // the account; on a dry run: would be
  ImportReport report{};
};

// Lines are taken in batches, each in one transaction: all of its good lines or, where the store fails, none. An
// article comes with its revisions and publications or not at all. What the account has already is left as it is and
// counted as skipped, so that a second run completes what was cut short and changes nothing else. References are
// followed within the account alone; a line whose reference leads nowhere is rejected. Nothing is queued, sent or told:
// no jobs, no events, no deliveries; plans' limits are not asked. An error is the store's, or the header's: then
// nothing or only whole batches came in. A dry run writes nothing, and does not follow references to keywords, which
// may be millions.
class AccountImport {
 public:
  static constexpr std::size_t lines_at_once = 500;
  static constexpr std::size_t bytes_at_once = std::size_t{4} << 20;  // but one article has room for its own lines

  // who: whose account is set by the import.
  AccountImport(const Context& context, Actor who, AccountImportOptions options)
      : context_(context), who_(std::move(who)), options_(std::move(options)) {}

  // Once.
  Result<AccountImportOutcome> run(std::istream& in);

 private:
  Result<void> open_account(const ExportHeader& header);
  Result<void> take(std::int64_t number, Result<ExportLine> line, std::size_t bytes);
  void follow(std::int64_t number, ExportLine line, std::size_t bytes);
  void refuse_article(const std::string& reason);
  Result<void> flush();
  Result<ImportReport> write(const Transaction& reading, Transaction* writing);

  const Context& context_;
  Actor who_;
  AccountImportOptions options_;
  AccountImportOutcome outcome_{};
  std::vector<LineGroup> batch_{};
  std::size_t lines_ = 0;  // of the batch
  std::size_t bytes_ = 0;
  std::int64_t read_ = 0;
  std::unordered_set<std::string> planned_{};  // on a dry run: ids of what lines may refer to
};

}  // namespace galley::service
