#include "storage/project_repo.hpp"

#include "storage/paging.hpp"

namespace galley::storage {
namespace {

constexpr std::string_view columns =
    "id, account_id, name, niche, target_domain, language, tone_of_voice, writing_style, avoid_words, author_name, "
    "default_connection_id, permalink, sitemap_changefreq, sitemap_priority, sitemap_base_url, version, created_at, "
    "updated_at";

Project read_project(const Row& row) {
  Project project;
  row.into(project.id, project.account, project.name, project.niche, project.target_domain, project.language,
           project.tone_of_voice, project.writing_style, project.avoid_words, project.author_name,
           project.default_connection, project.permalink, project.sitemap.changefreq, project.sitemap.priority,
           project.sitemap.base_url, project.version, project.created_at, project.updated_at);
  return project;
}

void bind_project(Query& query, const Project& project) {
  query.bind("id", project.id).bind("account", project.account).bind("name", project.name);
  query.bind("niche", project.niche).bind("target_domain", project.target_domain).bind("language", project.language);
  query.bind("tone_of_voice", project.tone_of_voice).bind("writing_style", project.writing_style);
  query.bind("avoid_words", project.avoid_words).bind("author_name", project.author_name);
  query.bind("default_connection", project.default_connection).bind("permalink", project.permalink);
  query.bind("changefreq", project.sitemap.changefreq).bind("priority", project.sitemap.priority);
  query.bind("base_url", project.sitemap.base_url).bind("version", project.version);
  query.bind("updated_at", project.updated_at);
}

std::string select_where(std::string_view condition) {
  return "SELECT " + std::string(columns) + " FROM projects WHERE " + std::string(condition);
}

SealedPlace secret_place(const AccountId& account, const ProjectId& id) {
  return {.table = "projects", .column = "webhook_secret", .row = id.text(), .account = account};
}
SealedPlace previous_place(const AccountId& account, const ProjectId& id) {
  return {.table = "projects", .column = "previous_webhook_secret", .row = id.text(), .account = account};
}

}  // namespace

Result<Project> ProjectRepo::find(const AccountId& account, const ProjectId& id) const {
  Query query = connection_.query(select_where("id = $id AND account_id = $account"));
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step())) return not_found(ProjectTag::noun, id.text());
  return read_project(query.row());
}

Result<Project> ProjectRepo::find_public(const ProjectId& id) const {
  Query query = connection_.query(select_where("id = $id"));
  if (!GALLEY_TRY(query.bind("id", id).step())) return not_found(ProjectTag::noun, id.text());
  return read_project(query.row());
}

Result<Page<Project>> ProjectRepo::list(const AccountId& account, const PageRequest& page,
                                        const std::optional<ProjectId>& only) const {
  ListSql list;
  list.columns = columns;
  list.from = "projects";
  list.where = only ? "account_id = $account AND id = $only" : "account_id = $account";
  list.title = "name";
  const auto bind = [&](Query& query) {
    query.bind("account", account);
    if (only) query.bind("only", *only);
  };
  return read_page<Project>(connection_, list, page, bind, read_project);
}

Result<ProjectCounts> ProjectRepo::counts(const AccountId& account, const ProjectId& id) const {
  GALLEY_TRY(find(account, id));
  ProjectCounts counts;
  Query keywords = connection_.query("SELECT coalesce(sum(amount), 0) FROM keyword_counts WHERE project_id = $project");
  if (GALLEY_TRY(keywords.bind("project", id).step())) counts.keywords = keywords.row().get<std::int64_t>(0);
  Query articles =
      connection_.query("SELECT status, amount FROM article_counts WHERE project_id = $project AND amount > 0");
  articles.bind("project", id);
  while (GALLEY_TRY(articles.step()))
    counts.articles[articles.row().get<std::string>(0)] = articles.row().get<std::int64_t>(1);
  return counts;
}

Result<std::int64_t> ProjectRepo::count(const AccountId& account) const {
  Query query = connection_.query("SELECT count(*) FROM projects WHERE account_id = $account");
  GALLEY_TRY(query.bind("account", account).step());
  return query.row().get<std::int64_t>(0);
}

Result<void> ProjectRepo::insert(const Project& project, const Secret& webhook_secret) {
  Query query = connection_.query(
      "INSERT INTO projects (id, account_id, name, niche, target_domain, language, tone_of_voice, writing_style, "
      "avoid_words, author_name, default_connection_id, permalink, sitemap_changefreq, sitemap_priority, "
      "sitemap_base_url, version, created_at, updated_at, webhook_secret) VALUES ($id, $account, $name, $niche, "
      "$target_domain, $language, $tone_of_voice, $writing_style, $avoid_words, $author_name, $default_connection, "
      "$permalink, $changefreq, $priority, $base_url, $version, $created_at, $updated_at, $webhook_secret)");
  bind_project(query, project);
  query.bind("created_at", project.created_at);
  query.bind_bytes("webhook_secret", sealer_.seal(webhook_secret, secret_place(project.account, project.id)));
  GALLEY_TRY(query.run());
  return {};
}

Result<void> ProjectRepo::update(const Project& project) {
  Query query = connection_.query(
      "UPDATE projects SET name = $name, niche = $niche, target_domain = $target_domain, language = $language, "
      "tone_of_voice = $tone_of_voice, writing_style = $writing_style, avoid_words = $avoid_words, "
      "author_name = $author_name, default_connection_id = $default_connection, permalink = $permalink, "
      "sitemap_changefreq = $changefreq, sitemap_priority = $priority, sitemap_base_url = $base_url, "
      "version = $version, updated_at = $updated_at WHERE id = $id AND account_id = $account");
  bind_project(query, project);
  GALLEY_TRY(query.run());
  return require_change(connection_, ProjectTag::noun, project.id.text());
}

Result<void> ProjectRepo::remove(const AccountId& account, const ProjectId& id) {
  // First of all: whose project it is. The search index knows no accounts.
  GALLEY_TRY(find(account, id));
  Query unindex = connection_.query(connection_.specific().unindex_project_articles);
  GALLEY_TRY(unindex.bind("project", id).run());
  Query removals = connection_.query(
      "UPDATE search_removals SET amount = amount + "
      "(SELECT coalesce(sum(amount), 0) FROM article_counts WHERE project_id = $project) WHERE row = 1");
  GALLEY_TRY(removals.bind("project", id).run());
  Query query = connection_.query("DELETE FROM projects WHERE id = $id AND account_id = $account");
  GALLEY_TRY(query.bind("id", id).bind("account", account).run());
  return require_change(connection_, ProjectTag::noun, id.text());
}

Result<Projects::WebhookSecrets> ProjectRepo::webhook_secrets(const AccountId& account, const ProjectId& id) const {
  Query query = connection_.query(
      "SELECT webhook_secret, previous_webhook_secret, previous_secret_until "
      "FROM projects WHERE id = $id AND account_id = $account");
  if (!GALLEY_TRY(query.bind("id", id).bind("account", account).step())) return not_found(ProjectTag::noun, id.text());
  WebhookSecrets secrets;
  secrets.current = GALLEY_TRY(sealer_.open(query.row().bytes(0), secret_place(account, id)));
  const std::string_view previous = query.row().bytes(1);
  if (!previous.empty()) secrets.previous = GALLEY_TRY(sealer_.open(previous, previous_place(account, id)));
  secrets.previous_until = query.row().get<Time>(2);
  return secrets;
}

Result<void> ProjectRepo::set_webhook_secrets(const AccountId& account, const ProjectId& id,
                                              const WebhookSecrets& secrets) {
  Query query = connection_.query(
      "UPDATE projects SET webhook_secret = $current, previous_webhook_secret = $previous, "
      "previous_secret_until = $until WHERE id = $id AND account_id = $account");
  query.bind("id", id).bind("account", account).bind("until", secrets.previous_until);
  query.bind_bytes("current", sealer_.seal(secrets.current, secret_place(account, id)));
  if (secrets.previous)
    query.bind_bytes("previous", sealer_.seal(*secrets.previous, previous_place(account, id)));
  else
    query.bind("previous", std::optional<std::string>());
  GALLEY_TRY(query.run());
  return require_change(connection_, ProjectTag::noun, id.text());
}

}  // namespace galley::storage
