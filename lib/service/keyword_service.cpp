#include "service/keyword_service.hpp"

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/csv.hpp"
#include "service/audit.hpp"
#include "service/import_report.hpp"

namespace galley::service {

namespace {

// A piece of an export: small enough that a slow reader holds little memory.
constexpr int export_rows = 1000;

Result<Keyword> find(const Transaction& transaction, const Actor& actor, const KeywordId& id) {
  Keyword keyword = GALLEY_TRY(transaction.keywords().find(actor.account, id));
  GALLEY_TRY(require_sight(actor, keyword.project, KeywordTag::noun, id.text()));
  return keyword;
}

Result<void> require_project(const Transaction& transaction, const Actor& actor, const ProjectId& project) {
  GALLEY_TRY(require_sight(actor, project));
  GALLEY_TRY(transaction.projects().find(actor.account, project));
  return {};
}

Result<void> require_cluster(const Transaction& transaction, const ProjectId& project, const AccountId& account,
                             const ClusterId& id) {
  const Result<Cluster> cluster = transaction.keywords().find_cluster(account, id);
  if (!cluster || cluster->project != project) return invalid("cluster_id", "must be a cluster of this project");
  return {};
}

// Writes drafts into one project's matrix within one transaction.
class MatrixWriter {
 public:
  MatrixWriter(Transaction& transaction, const Context& context, const AccountId& account, const ProjectId& project)
      : transaction_(transaction), context_(context), account_(account), project_(project) {}

  enum class Change : std::uint8_t { created, updated, skipped };

  Result<Change> write(const KeywordDraft& draft, OnDuplicate on_duplicate) {
    const std::string text = tidy_line(draft.text);
    std::optional<Keyword> known = GALLEY_TRY(transaction_.keywords().find_by_text(account_, project_, text));
    if (!known) {
      GALLEY_TRY(add(draft, text));
      return Change::created;
    }
    if (on_duplicate == OnDuplicate::skip) return Change::skipped;
    return overwrite(draft, *std::move(known));
  }

  Result<Keyword> add(const KeywordDraft& draft, const std::string& text) {
    Keyword keyword;
    keyword.id = context_.ids.make<KeywordId>();
    keyword.account = account_;
    keyword.project = project_;
    keyword.text = text;
    keyword.created_at = context_.clock.now();
    GALLEY_TRY(fill(draft, keyword));
    GALLEY_TRY(transaction_.keywords().insert(keyword));
    return keyword;
  }

 private:
  Result<void> fill(const KeywordDraft& draft, Keyword& keyword) {
    if (draft.volume) keyword.volume = draft.volume;
    if (draft.difficulty) keyword.difficulty = draft.difficulty;
    if (draft.intent) keyword.intent = draft.intent;
    if (draft.priority) keyword.priority = *draft.priority;
    if (draft.planning) keyword.planning = *draft.planning;
    keyword.updated_at = context_.clock.now();
    GALLEY_TRY(check(keyword));
    if (draft.cluster_id) {
      GALLEY_TRY(require_cluster(transaction_, project_, account_, *draft.cluster_id));
      keyword.cluster = draft.cluster_id;
    }
    const std::string name = tidy_line(draft.cluster.value_or(""));
    if (!name.empty()) keyword.cluster = GALLEY_TRY(cluster(name));
    return {};
  }

  Result<Change> overwrite(const KeywordDraft& draft, Keyword keyword) {
    const Keyword before = keyword;
    GALLEY_TRY(fill(draft, keyword));
    if (keyword.volume == before.volume && keyword.difficulty == before.difficulty && keyword.intent == before.intent &&
        keyword.priority == before.priority && keyword.planning == before.planning && keyword.cluster == before.cluster)
      return Change::skipped;
    ++keyword.version;
    GALLEY_TRY(transaction_.keywords().update(keyword));
    return Change::updated;
  }

  Result<ClusterId> cluster(const std::string& name) {
    if (count_code_points(name) > Keyword::max_length)
      return invalid("cluster", "must be at most " + std::to_string(Keyword::max_length) + " characters long");
    if (const auto known = clusters_.find(fold_text(name)); known != clusters_.end()) return known->second;
    std::optional<Cluster> stored = GALLEY_TRY(transaction_.keywords().find_cluster_by_name(account_, project_, name));
    if (!stored) {
      stored = Cluster{.id = context_.ids.make<ClusterId>(),
                       .account = account_,
                       .project = project_,
                       .name = name,
                       .created_at = context_.clock.now()};
      GALLEY_TRY(transaction_.keywords().insert_cluster(*stored));
    }
    clusters_.emplace(fold_text(name), stored->id);
    return stored->id;
  }

  Transaction& transaction_;
  const Context& context_;
  const AccountId& account_;
  const ProjectId& project_;
  std::map<std::string, ClusterId> clusters_;
};

Result<void> audit_import(Transaction& transaction, const Context& context, const Actor& actor,
                          const ProjectId& project, std::int64_t created, std::int64_t updated) {
  if (created == 0 && updated == 0) return {};
  return audit(transaction, context, actor,
               {AuditAction::keywords_imported, project, project.text(),
                std::to_string(created) + " created, " + std::to_string(updated) + " updated"});
}

}  // namespace

Result<Keyword> find_or_add_keyword(Transaction& transaction, const Context& context, const AccountId& account,
                                    const ProjectId& project, const std::string& text) {
  const std::string tidy = tidy_line(text);
  std::optional<Keyword> known = GALLEY_TRY(transaction.keywords().find_by_text(account, project, tidy));
  if (known) return *std::move(known);
  return MatrixWriter(transaction, context, account, project).add({.text = tidy}, tidy);
}

Result<Page<Keyword>> KeywordService::list(const Actor& actor, const ProjectId& project, const KeywordFilter& filter,
                                           const PageRequest& page) const {
  return context_.store.read([&](const Transaction& transaction) -> Result<Page<Keyword>> {
    GALLEY_TRY(require_project(transaction, actor, project));
    return transaction.keywords().list(actor.account, project, filter, page);
  });
}

Result<Keyword> KeywordService::get(const Actor& actor, const KeywordId& id) const {
  return context_.store.read(
      [&](const Transaction& transaction) -> Result<Keyword> { return find(transaction, actor, id); });
}

Task<Result<Keyword>> KeywordService::create(Actor actor, ProjectId project, KeywordDraft draft) const {
  auto body = [&](Transaction& transaction) -> Result<Keyword> {
    GALLEY_TRY(require_project(transaction, actor, project));
    const std::string text = tidy_line(draft.text);
    const auto known = GALLEY_TRY(transaction.keywords().find_by_text(actor.account, project, text));
    if (known) {
      Error taken = conflict("The keyword \"" + known->text + "\" is already in this project's matrix.");
      taken.details.push_back({"keyword_id", known->id.text()});
      return taken;
    }
    Keyword made = GALLEY_TRY(MatrixWriter(transaction, context_, actor.account, project).add(draft, text));
    GALLEY_TRY(audit(transaction, context_, actor, {AuditAction::keyword_created, project, made.id.text(), made.text}));
    return made;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<ImportOutcome>> KeywordService::import(Actor actor, ProjectId project, std::vector<ImportRow> rows,
                                                   OnDuplicate on_duplicate) const {
  auto body = [&](Transaction& transaction) -> Result<ImportOutcome> {
    GALLEY_TRY(require_project(transaction, actor, project));
    MatrixWriter writer(transaction, context_, actor.account, project);
    ImportOutcome outcome;
    for (const ImportRow& row : rows) {
      if (!row.draft) {
        outcome.rejected.push_back({row.number, reason_of(row.draft.error())});
        continue;
      }
      const Result<MatrixWriter::Change> change = writer.write(*row.draft, on_duplicate);
      if (!change) {
        if (!blames_input(change.error())) return change.error();
        outcome.rejected.push_back({row.number, reason_of(change.error())});
        continue;
      }
      switch (*change) {
        case MatrixWriter::Change::created:
          ++outcome.created;
          break;
        case MatrixWriter::Change::updated:
          ++outcome.updated;
          break;
        case MatrixWriter::Change::skipped:
          ++outcome.skipped;
          break;
      }
    }
    GALLEY_TRY(audit_import(transaction, context_, actor, project, outcome.created, outcome.updated));
    return outcome;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<ExpansionOutcome>> KeywordService::expand_into(Actor actor, ProjectId project, Expansion expansion,
                                                           bool dry_run) const {
  ExpansionOutcome expanded;
  expanded.keywords = GALLEY_CO_TRY(expand(expansion));
  auto body = [&](Transaction& transaction) -> Result<ExpansionOutcome> {
    GALLEY_TRY(require_project(transaction, actor, project));
    MatrixWriter writer(transaction, context_, actor.account, project);
    ExpansionOutcome outcome = expanded;
    for (const std::string& text : outcome.keywords) {
      const bool known = GALLEY_TRY(transaction.keywords().find_by_text(actor.account, project, text)).has_value();
      ++(known ? outcome.known : outcome.created);
      if (!known && !dry_run) GALLEY_TRY(writer.add({.text = text}, text));
    }
    if (!dry_run) GALLEY_TRY(audit_import(transaction, context_, actor, project, outcome.created, 0));
    return outcome;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<Keyword>> KeywordService::update(Actor actor, KeywordId id, std::optional<std::int64_t> known_version,
                                             Edit edit) const {
  auto body = [&](Transaction& transaction) -> Result<Keyword> {
    const Keyword before = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, before.version));
    Keyword keyword = before;
    GALLEY_TRY(edit(keyword));
    keyword.text = tidy_line(keyword.text);
    GALLEY_TRY(check(keyword));
    if (keyword.cluster) GALLEY_TRY(require_cluster(transaction, keyword.project, actor.account, *keyword.cluster));
    ++keyword.version;
    keyword.updated_at = context_.clock.now();
    GALLEY_TRY(transaction.keywords().update(keyword));
    GALLEY_TRY(
        audit(transaction, context_, actor, {AuditAction::keyword_updated, keyword.project, id.text(), keyword.text}));
    return keyword;
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<void>> KeywordService::remove(Actor actor, KeywordId id, std::optional<std::int64_t> known_version) const {
  auto body = [&](Transaction& transaction) -> Result<void> {
    const Keyword keyword = GALLEY_TRY(find(transaction, actor, id));
    GALLEY_TRY(require_version(known_version, keyword.version));
    if (keyword.status == KeywordStatus::queued)
      return wrong_state("An article is being generated from this keyword.", to_text(keyword.status),
                         {"notGenerated", "generated", "published"});
    GALLEY_TRY(
        audit(transaction, context_, actor, {AuditAction::keyword_deleted, keyword.project, id.text(), keyword.text}));
    return transaction.keywords().remove(actor.account, id);
  };
  co_return co_await context_.store.write(std::move(body));
}

Task<Result<KeywordService::ExportPiece>> KeywordService::export_csv(Actor actor, ProjectId project,
                                                                     std::int64_t after) const {
  auto body = [&](const Transaction& transaction) -> Result<ExportPiece> {
    GALLEY_TRY(require_project(transaction, actor, project));
    std::map<ClusterId, std::string> names;
    for (Cluster& cluster : GALLEY_TRY(transaction.keywords().clusters(actor.account, project)))
      names.emplace(cluster.id, std::move(cluster.name));
    const Chunk<Keyword> chunk = GALLEY_TRY(transaction.keywords().scan(actor.account, project, after, export_rows));
    ExportPiece piece{.csv = {}, .next = chunk.next};
    content::CsvWriter csv(piece.csv);
    if (after == 0) csv.row({"keyword", "volume", "difficulty", "intent", "priority", "cluster"});
    for (const Keyword& keyword : chunk.rows) {
      const std::string volume = keyword.volume ? std::to_string(*keyword.volume) : "";
      const std::string difficulty = keyword.difficulty ? std::to_string(*keyword.difficulty) : "";
      const std::string_view intent = keyword.intent ? to_text(*keyword.intent) : "";
      const std::string cluster = keyword.cluster ? names[*keyword.cluster] : "";
      csv.row({keyword.text, volume, difficulty, intent, to_text(keyword.priority), cluster});
    }
    return piece;
  };
  co_return co_await context_.store.read_slowly(std::move(body));
}

}  // namespace galley::service
