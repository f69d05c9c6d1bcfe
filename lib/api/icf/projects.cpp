#include "api/icf/projects.hpp"

#include "service/project_service.hpp"
#include "service/webhook_secret.hpp"

namespace galley::api::icf {

namespace {

ProjectFields fields_of(const Project& project) {
  return {.name = project.name,
          .niche = project.niche,
          .target_domain = project.target_domain,
          .language = project.language,
          .tone_of_voice = project.tone_of_voice,
          .writing_style = project.writing_style,
          .avoid_words = project.avoid_words,
          .author_name = project.author_name,
          .default_connection = project.default_connection,
          .permalink = project.permalink,
          .sitemap = {project.sitemap.changefreq, project.sitemap.priority, project.sitemap.base_url}};
}

void fill(const ProjectFields& fields, Project& project) {
  project.name = fields.name;
  project.niche = fields.niche;
  project.target_domain = fields.target_domain;
  project.language = fields.language;
  project.tone_of_voice = fields.tone_of_voice;
  project.writing_style = fields.writing_style;
  project.avoid_words = fields.avoid_words;
  project.author_name = fields.author_name;
  project.default_connection = fields.default_connection;
  project.permalink = fields.permalink;
  project.sitemap = {fields.sitemap.changefreq, fields.sitemap.priority, fields.sitemap.base_url};
}

ProjectView view_of(const service::ProjectDetail& detail) {
  ProjectView view;
  static_cast<ProjectFields&>(view) = fields_of(detail.project);
  view.id = detail.project.id;
  view.counts = {detail.counts.keywords, detail.counts.articles};
  view.version = detail.project.version;
  view.created_at = detail.project.created_at;
  view.updated_at = detail.project.updated_at;
  return view;
}

}  // namespace

Task<Result<Listed<ProjectView>>> list_projects(Call& call, Query<ListQuery> query) {
  const PageRequest page = GALLEY_CO_TRY(page_request(query));
  co_return listed<ProjectView>(GALLEY_CO_TRY(call.services.projects.list(call.actor, page)), page, view_of);
}

Task<Result<Created<ProjectView>>> create_project(Call& call, Body<ProjectFields> body) {
  Project wanted;
  fill(body, wanted);
  const auto created = GALLEY_CO_TRY(co_await call.services.projects.create(call.actor, std::move(wanted)));
  ProjectView view = view_of(created.detail);
  view.webhook_secret = std::string(created.webhook_secret.reveal());
  std::string location = "/api/v1/projects/" + view.id.text();
  co_return Created<ProjectView>{std::move(view), std::move(location)};
}

Task<Result<ProjectView>> get_project(Call& call, ProjectId id) {
  co_return view_of(GALLEY_CO_TRY(call.services.projects.get(call.actor, id)));
}

Task<Result<ProjectView>> update_project(Call& call, ProjectId id, Patch<ProjectFields> patch) {
  service::ProjectService::Edit edit = [patch = std::move(patch)](Project& project) -> Result<void> {
    ProjectFields fields = fields_of(project);
    GALLEY_TRY(patch.apply(fields));
    fill(fields, project);
    return {};
  };
  co_return view_of(GALLEY_CO_TRY(
      co_await call.services.projects.update(call.actor, std::move(id), call.known_version(), std::move(edit))));
}

Task<Result<NoContent>> delete_project(Call& call, ProjectId id, Query<RemoveProjectQuery> query) {
  GALLEY_CO_TRY(co_await call.services.projects.remove(call.actor, std::move(id), call.known_version(), query.confirm));
  co_return NoContent{};
}

Task<Result<SecretView>> rotate_project_secret(Call& call, ProjectId id, Body<RotateSecretFields> body) {
  const std::chrono::seconds overlap(body.overlap_seconds);
  const Secret secret =
      GALLEY_CO_TRY(co_await call.services.projects.rotate_webhook_secret(call.actor, std::move(id), overlap));
  co_return SecretView{std::string(secret.reveal())};
}

Task<Result<NoContent>> confirm_project_secret(Call& call, ProjectId id) {
  GALLEY_CO_TRY(co_await call.services.projects.confirm_webhook_secret(call.actor, std::move(id)));
  co_return NoContent{};
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

namespace {

// The same fields for writing and, inherited, for reading.
template <class T>
void add_fields(ShapeOf<T>& shape) {
  shape.field("name", &ProjectFields::name,
              {.required = true,
               .one_line = true,
               .min = 1,
               .max = 200,
               .about = "Shown in lists.",
               .example = "\"Home Espresso\""});
  shape.field("niche", &ProjectFields::niche,
              {.one_line = true, .max = 200, .about = "What the site is about.", .example = "\"home espresso\""});
  shape.field("targetDomain", &ProjectFields::target_domain,
              {.max = 300,
               .format = "uri",
               .about = "Where articles appear: an absolute http(s) URL; a bare host becomes https://host.",
               .example = "\"https://espresso.example\""});
  shape.field("language", &ProjectFields::language, {.min = 2, .max = 35, .about = "BCP 47.", .example = "\"en\""});
  shape.field("toneOfVoice", &ProjectFields::tone_of_voice,
              {.one_line = true,
               .min = 1,
               .max = 200,
               .about = "Professional, Friendly, Authoritative, Conversational, Witty, or words of your own.",
               .example = "\"Friendly\""});
  shape.field("writingStyle", &ProjectFields::writing_style,
              {.max = 2000, .about = "How the texts are to be written."});
  shape.field("avoidWords", &ProjectFields::avoid_words,
              {.one_line = true, .max = 200, .about = "Words that no text may contain."});
  shape.field("authorName", &ProjectFields::author_name,
              {.one_line = true, .max = 200, .about = "The author unless an article has its own."});
  shape.field("defaultConnectionId", &ProjectFields::default_connection,
              {.about = "Where articles are published unless a connection is named."});
  shape.field("permalink", &ProjectFields::permalink,
              {.min = 2,
               .max = 200,
               .about = "Path of an article on the target domain, of {slug}, {year}, {month}, {day} and {id}.",
               .example = "\"/blog/{slug}\""});
  shape.field("sitemap", &ProjectFields::sitemap, {.about = "What the sitemap says of each article."});
}

}  // namespace

template <>
const Shape& shape_of<SitemapView>() {
  static const Shape shape =
      ShapeOf<SitemapView>("SitemapSettings", "What the sitemap says of each article.")
          .field("changefreq", &SitemapView::changefreq, {.about = "How often a page is likely to change."})
          .field("priority", &SitemapView::priority, {.min = 0, .max = 1, .about = "Against other pages of the site."})
          .field("baseUrl", &SitemapView::base_url,
                 {.max = 300,
                  .format = "uri",
                  .about = "Where a sitemap index points, if not at this server's public address."});
  return shape;
}

template <>
const Shape& shape_of<ProjectFields>() {
  static const Shape shape = [] {
    ShapeOf<ProjectFields> fields("ProjectFields", "A project as it is written; only name is required.");
    add_fields(fields);
    fields.ignores({"id", "counts", "webhookSecret", "createdAt", "updatedAt"});
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<CountsView>() {
  static const Shape shape = ShapeOf<CountsView>("ProjectCounts", "How much a project holds.")
                                 .field("keywords", &CountsView::keywords)
                                 .field("articles", &CountsView::articles, {.about = "By status."});
  return shape;
}

template <>
const Shape& shape_of<ProjectView>() {
  static const Shape shape = [] {
    ShapeOf<ProjectView> fields("Project", "One site.");
    fields.field("id", &ProjectView::id);
    add_fields(fields);
    fields.field("counts", &ProjectView::counts)
        .field("webhookSecret", &ProjectView::webhook_secret,
               {.omit_absent = true,
                .about = "Signs this project's webhooks. Shown once, in the answer that makes the project."})
        .field("createdAt", &ProjectView::created_at)
        .field("updatedAt", &ProjectView::updated_at);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<RemoveProjectQuery>() {
  static const Shape shape =
      ShapeOf<RemoveProjectQuery>("RemoveProjectQuery", "Confirms that this project is meant.")
          .field("confirm", &RemoveProjectQuery::confirm, {.required = true, .about = "The project's name."});
  return shape;
}

template <>
const Shape& shape_of<RotateSecretFields>() {
  static const Shape shape =
      ShapeOf<RotateSecretFields>("RotateSecret", "How the former secret ends.")
          .field("overlapSeconds", &RotateSecretFields::overlap_seconds,
                 {.min = 0,
                  .max = static_cast<double>(service::longest_overlap.count()),
                  .about = "How long the former secret goes on signing beside the new one; a day by default."});
  return shape;
}

template <>
const Shape& shape_of<SecretView>() {
  static const Shape shape =
      ShapeOf<SecretView>("Secret", "A secret, shown once.").field("secret", &SecretView::secret);
  return shape;
}

}  // namespace galley
