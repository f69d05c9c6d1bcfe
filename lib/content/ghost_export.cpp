#include "content/ghost_export.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/unicode.hpp"
#include "content/html_entities.hpp"
#include "content/html_import.hpp"
#include "content/paragraphs.hpp"

namespace galley::content {
namespace {

constexpr std::string_view site_mark = "__GHOST_URL__";

std::string text_of(const json::Value& row, std::string_view name) {
  const json::Value* value = row.find(name);
  if (value == nullptr) return {};
  if (value->text() != nullptr) return *value->text();
  // Ids were numbers before Ghost 1.
  return value->integer() != nullptr ? std::to_string(*value->integer()) : std::string();
}

std::optional<std::string> line_of(const json::Value& row, std::string_view name) {
  std::string text = tidy_line(text_of(row, name));
  if (text.empty()) return std::nullopt;
  return text;
}

// "2024-03-01T09:30:00.000Z", or "2024-03-01 09:30:00" (UTC) where the database was exported as it is.
std::optional<Time> time_of(const json::Value& row, std::string_view name) {
  std::string text = text_of(row, name);
  if (text.size() == 19 && text[10] == ' ') {
    text[10] = 'T';
    text += 'Z';
  }
  return parse_rfc3339(text);
}

std::string with_site(std::string text, std::string_view site) {
  std::string out;
  std::string_view rest = text;
  for (std::size_t at = rest.find(site_mark); at != std::string_view::npos; at = rest.find(site_mark)) {
    out.append(rest.substr(0, at)).append(site);
    rest.remove_prefix(at + site_mark.size());
  }
  return out.append(rest);
}

const json::Array& rows_of(const json::Value& tables, std::string_view name) {
  static const json::Array none;
  const json::Value* table = tables.find(name);
  return table != nullptr && table->array() != nullptr ? *table->array() : none;
}

SourceStatus status_of(const json::Value& post) {
  const std::string status = text_of(post, "status");
  if (status == "published" || status == "sent") return SourceStatus::published;
  return status == "scheduled" ? SourceStatus::ready : SourceStatus::draft;
}

}  // namespace

struct GhostReader::State {
  using Names = std::map<std::string, std::string, std::less<>>;
  using Links = std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>, std::less<>>;

  json::Value root;
  const json::Array* posts = nullptr;
  std::size_t at = 0;  // the next post
  std::string site;
  Names tags;          // id to name
  Names users;         // id to name
  Links tags_of;       // post to (order, tag)
  Links authors_of;    // post to (order, user)
  Names metas;         // post to what posts_meta says, as titles …
  Names descriptions;  // … and descriptions

  void index(const json::Value& tables);
  static void link(const json::Array& rows, std::string_view other, Links& links);
  std::vector<std::string> names(const Links& links, const Names& names, const std::string& post) const;
  Result<SourceArticle> read(const json::Value& post) const;
};

GhostReader::GhostReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
GhostReader::GhostReader(GhostReader&&) noexcept = default;
GhostReader& GhostReader::operator=(GhostReader&&) noexcept = default;
GhostReader::~GhostReader() = default;

void GhostReader::State::link(const json::Array& rows, std::string_view other, Links& links) {
  for (const json::Value& row : rows) {
    const json::Value* order = row.find("sort_order");
    links[text_of(row, "post_id")].emplace_back(order != nullptr && order->integer() != nullptr ? *order->integer() : 0,
                                                text_of(row, other));
  }
  for (auto& [post, others] : links)
    std::ranges::sort(others);
}

void GhostReader::State::index(const json::Value& tables) {
  for (const json::Value& tag : rows_of(tables, "tags")) {
    const std::string name = tidy_line(text_of(tag, "name"));
    const bool internal = name.starts_with('#') || text_of(tag, "visibility") == "internal";
    if (!name.empty() && !internal) tags.emplace(text_of(tag, "id"), name);
  }
  for (const json::Value& user : rows_of(tables, "users"))
    if (const auto name = line_of(user, "name")) users.emplace(text_of(user, "id"), *name);
  link(rows_of(tables, "posts_tags"), "tag_id", tags_of);
  link(rows_of(tables, "posts_authors"), "author_id", authors_of);
  for (const json::Value& meta : rows_of(tables, "posts_meta")) {
    metas.emplace(text_of(meta, "post_id"), text_of(meta, "meta_title"));
    descriptions.emplace(text_of(meta, "post_id"), text_of(meta, "meta_description"));
  }
}

Result<GhostReader> GhostReader::open(std::string_view text, std::string_view site) {
  if (text.size() > max_ghost_bytes)
    return Error{.code = ErrorCode::payload_too_large,
                 .message = "The file is longer than " + std::to_string(max_ghost_bytes >> 20) + " MiB."};
  auto state = std::make_unique<State>();
  state->root = GALLEY_TRY(json::parse(text));
  // {"db":[{"meta":…,"data":{…}}]}; the first versions left out "db".
  const json::Value* database = state->root.find("db");
  if (database != nullptr && database->array() != nullptr && !database->array()->empty())
    database = &database->array()->front();
  else
    database = &state->root;
  const json::Value* tables = database->find("data");
  const json::Value* posts = tables == nullptr ? nullptr : tables->find("posts");
  if (posts == nullptr || posts->array() == nullptr)
    return invalid("FILE", "is no export of Ghost: it has no db[0].data.posts");
  state->posts = posts->array();
  state->site = site.ends_with('/') ? site.substr(0, site.size() - 1) : site;
  state->index(*tables);
  return GhostReader(std::move(state));
}

std::size_t GhostReader::number() const {
  return state_->at;
}
std::string GhostReader::title() const {
  return state_->at == 0 ? std::string() : tidy_line(text_of((*state_->posts)[state_->at - 1], "title"));
}

Result<std::optional<SourceArticle>> GhostReader::next() {
  if (state_->at == state_->posts->size()) return std::optional<SourceArticle>();
  const json::Value& post = (*state_->posts)[state_->at++];
  return std::optional(GALLEY_TRY(state_->read(post)));
}

std::vector<std::string> GhostReader::State::names(const Links& links, const Names& known,
                                                   const std::string& post) const {
  std::vector<std::string> found;
  const auto of_post = links.find(post);
  if (of_post == links.end()) return found;
  for (const auto& [order, id] : of_post->second) {
    const auto name = known.find(id);
    if (name != known.end() && std::ranges::find(found, name->second) == found.end()) found.push_back(name->second);
  }
  return found;
}

Result<SourceArticle> GhostReader::State::read(const json::Value& post) const {
  const std::string id = text_of(post, "id");
  const std::string uuid = text_of(post, "uuid");
  if (id.empty() && uuid.empty()) return invalid("post", "has neither an id nor a uuid");
  SourceArticle article{.key = "ghost|" + (uuid.empty() ? id : uuid)};
  article.title = tidy_line(text_of(post, "title"));
  const std::string html = text_of(post, "html");
  const std::string plain = text_of(post, "plaintext");
  if (!trim_ascii(html).empty()) {
    article.markdown = GALLEY_TRY(html_to_markdown(with_site(html, site)));
  } else if (!trim_ascii(plain).empty()) {
    article.markdown = GALLEY_TRY(html_to_markdown(add_paragraphs(escape_html(plain))));
    article.remarks.emplace_back("has no HTML: its plain text came in");
  } else if (!text_of(post, "lexical").empty() || !text_of(post, "mobiledoc").empty()) {
    return invalid("post", "has its text in Ghost's own form alone, without HTML");
  }
  const auto given = [](std::optional<std::string> own, const Names& metas, const std::string& post_id) {
    if (own) return own;
    const auto meta = metas.find(post_id);
    if (meta != metas.end())
      if (std::string text = tidy_line(meta->second); !text.empty()) own = std::move(text);
    return own;
  };
  article.slug = line_of(post, "slug");
  article.excerpt = line_of(post, "custom_excerpt");
  article.meta_title = given(line_of(post, "meta_title"), metas, id);
  article.meta_description = given(line_of(post, "meta_description"), descriptions, id);
  article.tags = names(tags_of, tags, id);
  const std::vector<std::string> writers = names(authors_of, users, id);
  if (!writers.empty()) article.author = writers.front();
  if (const auto url = line_of(post, "canonical_url")) article.canonical_url = with_site(*url, site);
  if (const auto url = line_of(post, "feature_image")) article.image_url = with_site(*url, site);
  article.status = status_of(post);
  article.created = time_of(post, "created_at");
  article.modified = time_of(post, "updated_at");
  if (article.status == SourceStatus::published) article.published = time_of(post, "published_at");
  if (text_of(post, "status") == "scheduled") article.remarks.emplace_back("was scheduled, and is ready now");
  return article;
}

}  // namespace galley::content
