// /api/public: sitemap, feeds and robots.txt. Nobody signs in here.
#pragma once

#include <string>

#include "api/endpoint.hpp"

namespace galley::api::icf {

enum class FeedFormat : std::uint8_t { atom, json };

struct FeedQuery {
  FeedFormat format = FeedFormat::atom;
};

// "proj_…" or "proj_….xml".
struct PublicProject {
  ProjectId id;
};

Task<Result<Reply>> get_sitemap(Call& call, PublicProject project);
Task<Result<Reply>> get_sitemap_page(Call& call, PublicProject project, PathNumber page);
Task<Result<Reply>> get_feed(Call& call, PublicProject project, Query<FeedQuery> query);
Task<Result<Reply>> get_robots(Call& call, PublicProject project);

}  // namespace galley::api::icf

namespace galley {

template <>
struct Names<api::icf::FeedFormat> {
  static constexpr NameOf<api::icf::FeedFormat> all[] = {{api::icf::FeedFormat::atom, "atom"},
                                                         {api::icf::FeedFormat::json, "json"}};
};

template <>
const Shape& shape_of<api::icf::FeedQuery>();

}  // namespace galley

namespace galley::api {

template <>
struct Argument<icf::PublicProject> {
  static void describe(Endpoint& endpoint) { endpoint.id_prefixes.push_back(ProjectTag::prefix); }
  static icf::PublicProject read(ArgumentReader& reader);
};

}  // namespace galley::api
