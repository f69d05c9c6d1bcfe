#include "api/icf/sitemap.hpp"

#include "api/accepted_coding.hpp"
#include "base/encoding.hpp"
#include "service/sitemap_service.hpp"

namespace galley::api {

icf::PublicProject Argument<icf::PublicProject>::read(ArgumentReader& reader) {
  std::string_view text = reader.next_path();
  if (text.ends_with(".xml")) text.remove_suffix(4);
  std::optional<ProjectId> id = ProjectId::parse(text);
  if (!id) reader.missing(ProjectTag::noun, text);
  return {id ? *std::move(id) : ProjectId()};
}

}  // namespace galley::api

namespace galley::api::icf {

namespace {

Reply document(const Call& call, const service::SitemapService::Snapshot& snapshot, std::string content_type) {
  Reply reply{.kind = Reply::Kind::document, .status = 200, .content_type = std::move(content_type)};
  const bool gzip = snapshot->gzip != nullptr && takes_gzip(call.request());
  reply.shared = gzip ? snapshot->gzip : snapshot->body;
  reply.etag = gzip ? snapshot->gzip_etag : snapshot->etag;
  reply.last_modified = to_http_date(snapshot->last_modified);
  reply.cacheable = true;
  reply.headers.emplace_back("Cache-Control", "public, max-age=" + std::to_string(snapshot->max_age.count()));
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  if (gzip) reply.headers.emplace_back("Content-Encoding", "gzip");
  return reply;
}

}  // namespace

Task<Result<Reply>> get_sitemap(Call& call, PublicProject project) {
  const auto snapshot = GALLEY_CO_TRY(co_await call.services.sitemaps.sitemap(std::move(project.id)));
  co_return document(call, snapshot, "application/xml; charset=utf-8");
}

Task<Result<Reply>> get_sitemap_page(Call& call, PublicProject project, PathNumber page) {
  const int number = static_cast<int>(std::min<std::int64_t>(page.value, 1'000'000));
  const auto snapshot = GALLEY_CO_TRY(co_await call.services.sitemaps.page(std::move(project.id), number));
  co_return document(call, snapshot, "application/xml; charset=utf-8");
}

Task<Result<Reply>> get_feed(Call& call, PublicProject project, Query<FeedQuery> query) {
  const bool json = query.format == FeedFormat::json;
  const auto snapshot = GALLEY_CO_TRY(co_await call.services.sitemaps.feed(std::move(project.id), json));
  const std::string_view type = json ? "application/feed+json; charset=utf-8" : "application/atom+xml; charset=utf-8";
  co_return document(call, snapshot, std::string(type));
}

Task<Result<Reply>> get_robots(Call& call, PublicProject project) {
  const auto snapshot = GALLEY_CO_TRY(co_await call.services.sitemaps.robots(std::move(project.id)));
  co_return document(call, snapshot, "text/plain; charset=utf-8");
}

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::FeedQuery>() {
  static const Shape shape = ShapeOf<api::icf::FeedQuery>("FeedQuery", "Which feed.")
                                 .field("format", &api::icf::FeedQuery::format, {.about = "Atom by default."});
  return shape;
}

}  // namespace galley
