#include "api/icf/sitemap.hpp"

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

// RFC 9110 §12.5.3, as far as one coding needs it: gzip or *, unless its weight is zero.
bool takes_gzip(const http::Request& request) {
  std::string_view field = request.header("Accept-Encoding").value_or("");
  while (!field.empty()) {
    const std::size_t comma = std::min(field.find(','), field.size());
    std::string_view coding = trim_ascii(field.substr(0, comma));
    field.remove_prefix(std::min(comma + 1, field.size()));
    const std::size_t semicolon = std::min(coding.find(';'), coding.size());
    const std::string weight = to_lower_ascii(coding.substr(semicolon));
    const std::string_view name = trim_ascii(coding.substr(0, semicolon));
    if (!equals_ignoring_case(name, "gzip") && !equals_ignoring_case(name, "x-gzip") && name != "*") continue;
    const std::size_t q = weight.find("q=");
    return q == std::string::npos || weight.find_first_of("123456789", q) != std::string::npos;
  }
  return false;
}

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
