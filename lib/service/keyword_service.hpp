// The keyword matrix: one by one, in bulk, from CSV, by expansion of patterns, and out again.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/keyword.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"

namespace galley::service {

// A keyword as somebody writes it. The cluster is named, and made where the project has none of that name.
struct KeywordDraft {
  std::string text;
  std::optional<std::int64_t> volume{};
  std::optional<int> difficulty{};
  std::optional<Intent> intent{};
  std::optional<Priority> priority{};
  std::optional<std::string> cluster{};
  std::optional<ClusterId> cluster_id{};  // one of the project's; its name wins where both are given
  std::optional<Planning> planning{};
};

// One row of an import: what it says, or why it cannot be read.
struct ImportRow {
  std::int64_t number = 0;  // as the sender counts: elements from 1, lines of CSV with the header as 1
  Result<KeywordDraft> draft = KeywordDraft{};
};

enum class OnDuplicate : std::uint8_t { update, skip };

struct RejectedRow {
  std::int64_t row = 0;
  std::string reason;
};

struct ImportOutcome {
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t skipped = 0;
  std::vector<RejectedRow> rejected{};
};

struct Expansion {
  static constexpr std::size_t max_patterns = 50;
  static constexpr std::size_t max_dimensions = 10;
  static constexpr std::size_t max_values = 200;
  static constexpr std::size_t max_results = 10000;

  std::vector<std::string> patterns{};  // "best {product} for {audience}"
  std::map<std::string, std::vector<std::string>> dimensions{};
};

struct ExpansionOutcome {
  std::vector<std::string> keywords{};  // all of them, known ones too
  std::int64_t created = 0;             // or would be, in a dry run
  std::int64_t known = 0;
};

// The cross product, each keyword once. validation_failed: unknown or unused dimensions, more than max_results.
Result<std::vector<std::string>> expand(const Expansion& expansion);

// A header row naming keyword and any of volume, difficulty, intent, priority, cluster, in any order. At most
// max_import rows; rows that cannot be read are named in the outcome.
Result<std::vector<ImportRow>> read_keyword_csv(std::string_view csv);

inline constexpr std::size_t max_import = 10000;

class KeywordService {
 public:
  explicit KeywordService(const Context& context) : context_(context) {}

  Result<Page<Keyword>> list(const Actor& actor, const ProjectId& project, const KeywordFilter& filter,
                             const PageRequest& page) const;
  Result<Keyword> get(const Actor& actor, const KeywordId& id) const;
  // conflict when the project has it already.
  Task<Result<Keyword>> create(Actor actor, ProjectId project, KeywordDraft draft) const;
  // All good rows in one transaction.
  Task<Result<ImportOutcome>> import(Actor actor, ProjectId project, std::vector<ImportRow> rows,
                                     OnDuplicate on_duplicate) const;
  Task<Result<ExpansionOutcome>> expand_into(Actor actor, ProjectId project, Expansion expansion, bool dry_run) const;

  using Edit = std::function<Result<void>(Keyword&)>;
  Task<Result<Keyword>> update(Actor actor, KeywordId id, std::optional<std::int64_t> known_version, Edit edit) const;
  Task<Result<void>> remove(Actor actor, KeywordId id, std::optional<std::int64_t> known_version) const;

  // The matrix as CSV with a header row, a piece at a time: nothing at the end.
  struct ExportPiece {
    std::string csv;
    std::optional<std::int64_t> next{};
  };
  Task<Result<ExportPiece>> export_csv(Actor actor, ProjectId project, std::int64_t after) const;

 private:
  const Context& context_;
};

// Finds the keyword in the project's matrix or adds it, for services that take keywords as text.
Result<Keyword> find_or_add_keyword(Transaction& transaction, const Context& context, const AccountId& account,
                                    const ProjectId& project, const std::string& text);

}  // namespace galley::service
