// /projects
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/paging.hpp"
#include "domain/project.hpp"

namespace galley::api::icf {

struct SitemapView {
  ChangeFrequency changefreq = ChangeFrequency::monthly;
  double priority = 0.8;
  std::optional<std::string> base_url{};
};

struct ProjectFields {
  std::string name;
  std::optional<std::string> niche{};
  std::optional<std::string> target_domain{};
  std::string language = "en";
  std::string tone_of_voice = "Professional";
  std::optional<std::string> writing_style{};
  std::vector<std::string> avoid_words{};
  std::optional<std::string> author_name{};
  std::optional<ConnectionId> default_connection{};
  std::string permalink = "/{slug}";
  SitemapView sitemap{};
};

struct CountsView {
  std::int64_t keywords = 0;
  std::map<std::string, std::int64_t> articles{};
};

struct ProjectView : ProjectFields {
  ProjectId id;
  CountsView counts{};
  std::optional<std::string> webhook_secret{};  // in the answer that makes the project, once
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
};

struct RemoveProjectQuery {
  std::string confirm;
};

struct RotateSecretFields {
  std::int64_t overlap_seconds = 24 * 3600;
};
struct SecretView {
  std::string secret;
};

Task<Result<Listed<ProjectView>>> list_projects(Call& call, Query<ListQuery> query);
Task<Result<Created<ProjectView>>> create_project(Call& call, Body<ProjectFields> body);
Task<Result<ProjectView>> get_project(Call& call, ProjectId id);
Task<Result<ProjectView>> update_project(Call& call, ProjectId id, Patch<ProjectFields> patch);
Task<Result<NoContent>> delete_project(Call& call, ProjectId id, Query<RemoveProjectQuery> query);
Task<Result<SecretView>> rotate_project_secret(Call& call, ProjectId id, Body<RotateSecretFields> body);
Task<Result<NoContent>> confirm_project_secret(Call& call, ProjectId id);

}  // namespace galley::api::icf

namespace galley {
template <>
const Shape& shape_of<api::icf::SitemapView>();
template <>
const Shape& shape_of<api::icf::ProjectFields>();
template <>
const Shape& shape_of<api::icf::CountsView>();
template <>
const Shape& shape_of<api::icf::ProjectView>();
template <>
const Shape& shape_of<api::icf::RemoveProjectQuery>();
template <>
const Shape& shape_of<api::icf::RotateSecretFields>();
template <>
const Shape& shape_of<api::icf::SecretView>();
}  // namespace galley
