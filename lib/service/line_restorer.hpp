// Puts the nouns of export lines into an account, in a transaction.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "domain/store.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/export_lines.hpp"
#include "service/import_ids.hpp"
#include "service/import_report.hpp"

namespace galley::service {

// A line, and what comes or does not come with it.
struct LineGroup {
  std::int64_t number = 0;
  ExportLine head{};
  std::vector<Revision> revisions{};        // of an article
  std::vector<Publication> publications{};  // of an article
  std::string refused{};                    // why the article cannot come whole; empty: it can
};

class LineRestorer {
 public:
  // All outlive this. writing: the same transaction, or null on a dry run; planned: what that would have made.
  LineRestorer(const Context& context, const Actor& actor, const Transaction& reading, Transaction* writing,
               std::unordered_set<std::string>& planned, ImportReport& report)
      : context_(context), actor_(actor), reading_(reading), writing_(writing), planned_(planned), report_(report) {}

  // Says whether it was made (or skipped). Errors that blames_input() are the line's; nothing of it was written then.
  Result<bool> restore(LineGroup group);

 private:
  Result<bool> restore_noun(ExportHeader& header);
  Result<bool> restore_noun(Project& project);
  Result<bool> restore_noun(Cluster& cluster);
  Result<bool> restore_noun(Keyword& keyword);
  Result<bool> restore_noun(Idea& idea);
  Result<bool> restore_noun(ConnectionLine& connection);
  Result<bool> restore_noun(WebhookLine& webhook);
  Result<bool> restore_noun(ArticleLine& article);
  Result<bool> restore_noun(Revision& revision);
  Result<bool> restore_noun(Publication& publication);
  Result<bool> restore_noun(WritingTask& task);

  Result<void> settle(ArticleLine& article);
  Result<void> settle_revisions(const ArticleLine& article);
  Result<void> settle_publications(const ArticleLine& article);
  Result<void> write_article(ArticleLine& article);
  Result<ProjectId> project_of(const ProjectId& id) const;
  // Sets it to the id that it has here. find: of an id of this account, the row, which tells of its project.
  template <class T, class Find>
  Result<void> follow(std::optional<T>& id, const ProjectId& project, const Find& find, const char* field) const;
  bool planned(const std::string& id) const { return writing_ == nullptr && planned_.contains(id); }
  void remark(std::string text) { report_.remark("line " + std::to_string(group_.number), std::move(text)); }

  const Context& context_;
  const Actor& actor_;
  const Transaction& reading_;
  Transaction* writing_;
  std::unordered_set<std::string>& planned_;
  ImportReport& report_;
  LineGroup group_{};
};

template <class T, class Find>
Result<void> LineRestorer::follow(std::optional<T>& id, const ProjectId& project, const Find& find,
                                  const char* field) const {
  if (!id) return {};
  const Placed<T> placed = GALLEY_TRY(place_of(reading_, actor_.account, *id));
  id = placed.id;
  if (planned(placed.id.text())) return {};
  const Error nowhere = invalid(field, "leads to nothing in this project that came before it");
  if (!placed.present) return nowhere;
  if (GALLEY_TRY(find(placed.id)).project != project) return nowhere;
  return {};
}

}  // namespace galley::service
