// /articles, /projects/{id}/articles
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/error_view.hpp"
#include "api/icf/paging.hpp"
#include "domain/article.hpp"
#include "domain/connection.hpp"
#include "service/article_service.hpp"

namespace galley::api::icf {

struct PublicationView {
  PublicationId id;
  ProjectId project_id;
  ArticleId article_id;
  std::optional<ConnectionId> connection_id{};
  PublicationStatus status = PublicationStatus::pending;
  std::optional<std::string> external_id{};
  std::optional<std::string> external_url{};
  std::optional<std::string> last_error{};
  std::int64_t attempts = 0;
  std::optional<Time> published_at{};
  Time created_at{};
  Time updated_at{};
};
PublicationView view_of(const Publication& publication);

// What a person may write.
struct ArticleFields {
  std::string title;
  std::optional<std::string> markdown{};
  std::optional<std::string> html{};
  std::optional<std::string> slug{};
  ArticleStatus status = ArticleStatus::draft;
  std::optional<std::string> excerpt{};
  std::optional<std::string> meta_title{};
  std::optional<std::string> meta_description{};
  std::vector<std::string> meta_keywords{};
  std::vector<std::string> categories{};
  std::vector<std::string> tags{};
  std::optional<std::string> author_name{};
  std::optional<std::string> canonical_url{};
  std::optional<std::string> featured_image_url{};
};

struct ArticleView {
  ArticleId id;
  ProjectId project_id;
  std::optional<KeywordId> keyword_id{};
  std::optional<std::string> keyword{};
  std::string title;
  std::string slug;
  ArticleStatus status = ArticleStatus::draft;
  Stage stage = Stage::none;
  std::optional<std::string> markdown{};
  std::optional<std::string> html{};
  std::optional<std::string> excerpt{};
  std::optional<std::string> meta_title{};
  std::optional<std::string> meta_description{};
  std::vector<std::string> meta_keywords{};
  std::vector<std::string> categories{};
  std::vector<std::string> tags{};
  std::optional<std::string> author_name{};
  std::optional<std::string> canonical_url{};
  std::optional<std::string> featured_image_url{};
  std::optional<std::string> json_ld{};
  std::int64_t word_count = 0;
  std::int64_t reading_time = 1;
  std::optional<Time> scheduled_for{};
  std::optional<Time> published_at{};
  std::optional<Time> last_updated_at{};
  std::optional<std::string> url{};
  std::optional<ErrorView> error{};
  std::optional<std::vector<PublicationView>> publications{};
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
};
ArticleView view_of(service::ArticleDetail detail);
// Without bodies and publications.
ArticleView row_of(service::ArticleDetail detail);

enum class Inclusion : std::uint8_t { body };

struct ArticleQuery : PagingParameters {
  std::vector<ArticleStatus> status{};
  std::optional<ProjectId> project{};
  std::optional<ProjectId> project_id{};  // a synonym
  std::optional<KeywordId> keyword_id{};
  std::optional<std::string> q{};
  std::optional<Time> updated_since{};
  std::vector<Inclusion> include{};
};

struct RevisionView {
  std::int64_t number = 1;
  std::string title;
  std::optional<std::string> markdown{};
  std::string made_by;
  std::int64_t version = 1;  // a revision is never edited
  Time created_at{};
};

Task<Result<Listed<ArticleView>>> list_articles(Call& call, Query<ArticleQuery> query);
// JSON, or Markdown with front matter.
Task<Result<Reply>> create_article(Call& call, ProjectId project, Text body);
Task<Result<ArticleView>> get_article(Call& call, ArticleId id);
Task<Result<ArticleView>> update_article(Call& call, ArticleId id, Patch<ArticleFields> patch);
Task<Result<NoContent>> delete_article(Call& call, ArticleId id);
Task<Result<Listed<RevisionView>>> list_revisions(Call& call, ArticleId id, Query<ListQuery> query);
Task<Result<RevisionView>> get_revision(Call& call, ArticleId id, PathNumber number);

}  // namespace galley::api::icf

namespace galley {

template <>
struct Names<api::icf::Inclusion> {
  static constexpr NameOf<api::icf::Inclusion> all[] = {{api::icf::Inclusion::body, "body"}};
};

template <>
const Shape& shape_of<api::icf::PublicationView>();
template <>
const Shape& shape_of<api::icf::ArticleFields>();
template <>
const Shape& shape_of<api::icf::ArticleView>();
template <>
const Shape& shape_of<api::icf::ArticleQuery>();
template <>
const Shape& shape_of<api::icf::RevisionView>();

}  // namespace galley
