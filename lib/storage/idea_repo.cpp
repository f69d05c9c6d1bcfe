#include "storage/idea_repo.hpp"

#include "base/unicode.hpp"
#include "storage/browsing.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view idea_columns =
    "id, account_id, project_id, title, description, content_type, content_structure, keywords, cluster_id, status, "
    "word_count, created_at, updated_at";

Idea read_idea(const Row& row) {
  Idea idea;
  row.into(idea.id, idea.account, idea.project, idea.title, idea.description, idea.type, idea.structure, idea.keywords,
           idea.cluster, idea.status, idea.word_count, idea.created_at, idea.updated_at);
  return idea;
}

void bind_changeable(Query& query, const Idea& idea) {
  query.bind("id", idea.id).bind("account", idea.account).bind("title", idea.title);
  query.bind("folded", fold_text(idea.title)).bind("description", idea.description).bind("type", idea.type);
  query.bind("structure", idea.structure).bind("keywords", idea.keywords).bind("cluster", idea.cluster);
  query.bind("status", idea.status).bind("word_count", idea.word_count).bind("updated_at", idea.updated_at);
}

}  // namespace

Result<Idea> IdeaRepo::find(const AccountId& account, const IdeaId& id) const {
  Query query =
      connection_.query("SELECT " + std::string(idea_columns) + " FROM ideas WHERE id = $id AND account_id = $account");
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step())) return not_found(IdeaTag::noun, id.text());
  return read_idea(query.row());
}

Result<Counted<Idea>> IdeaRepo::browse(const AccountId& account, const IdeaBrowse& wanted) const {
  Wanted rows(account, wanted.project, wanted.cluster);
  rows.with("status = $status", "status", wanted.status);
  rows.with("content_structure = $structure", "structure", wanted.structure);
  rows.containing("folded", fold_text(wanted.search));
  const BrowseSql list{.columns = std::string(idea_columns),
                       .table = "ideas",
                       .order = std::string(to_text(wanted.order)) + (wanted.descending ? " DESC" : "")};
  return browse_rows<Idea>(connection_, list, rows, wanted.page, read_idea);
}

Result<Chunk<Idea>> IdeaRepo::scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                                   int max) const {
  return scan_rows<Idea>(connection_, idea_columns, "ideas", {account, project, after, max}, read_idea);
}

Result<void> IdeaRepo::insert(const Idea& idea) {
  Query query = connection_.query(
      "INSERT INTO ideas (id, account_id, project_id, title, folded, description, content_type, content_structure, "
      "keywords, cluster_id, status, word_count, created_at, updated_at) VALUES ($id, $account, $project, $title, "
      "$folded, $description, $type, $structure, $keywords, $cluster, $status, $word_count, $created_at, $updated_at)");
  bind_changeable(query, idea);
  GALLEY_TRY(query.bind("project", idea.project).bind("created_at", idea.created_at).run());
  return {};
}

Result<void> IdeaRepo::update(const Idea& idea) {
  Query query = connection_.query(
      "UPDATE ideas SET title = $title, folded = $folded, description = $description, content_type = $type, "
      "content_structure = $structure, keywords = $keywords, cluster_id = $cluster, status = $status, "
      "word_count = $word_count, updated_at = $updated_at WHERE id = $id AND account_id = $account");
  bind_changeable(query, idea);
  GALLEY_TRY(query.run());
  return require_change(connection_, IdeaTag::noun, idea.id.text());
}

Result<void> IdeaRepo::remove(const AccountId& account, const IdeaId& id) {
  Query query = connection_.query("DELETE FROM ideas WHERE id = $id AND account_id = $account");
  GALLEY_TRY(query.bind("id", id).bind("account", account).run());
  return require_change(connection_, IdeaTag::noun, id.text());
}

}  // namespace galley::storage
