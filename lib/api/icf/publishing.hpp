// Publishing, unpublishing, scheduling and retrying articles; the publish hub.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/articles.hpp"
#include "api/icf/generation.hpp"
#include "service/publishing_service.hpp"

namespace galley::api::icf {

enum class WantedStatus : std::uint8_t { publish, draft };

struct PublishFields {
  std::optional<ConnectionId> connection_id{};
  WantedStatus status = WantedStatus::publish;
  std::optional<Time> scheduled_for{};
};

struct BulkPublishFields : PublishFields {
  std::vector<ArticleId> article_ids{};
};

struct ScheduleFields {
  Time scheduled_for{};
  std::optional<ConnectionId> connection_id{};
};

struct UnpublishFields {
  std::optional<ConnectionId> connection_id{};
};

struct PublicationQuery : PagingParameters {
  std::vector<PublicationStatus> status{};
  std::optional<ProjectId> project{};
  std::optional<ConnectionId> connection{};
};

// Done natively or within ten seconds: 200 with the article. Else 202 with the job, which finish_publishing waits for.
Task<Result<Reply>> publish_article(Call& call, ArticleId id, Body<PublishFields> body);
Task<Result<Accepted<QueuedJobView>>> publish_articles(Call& call, Body<BulkPublishFields> body);
Task<Result<Reply>> unpublish_article(Call& call, ArticleId id, Body<UnpublishFields> body);
Task<Result<Reply>> finish_publishing(Call& call, std::string awaited);
Task<Result<ArticleView>> schedule_article(Call& call, ArticleId id, Body<ScheduleFields> body);
Task<Result<ArticleView>> unschedule_article(Call& call, ArticleId id);
Task<Result<Accepted<QueuedJobView>>> retry_article(Call& call, ArticleId id);
Task<Result<Listed<PublicationView>>> list_publications(Call& call, Query<PublicationQuery> query);

}  // namespace galley::api::icf

namespace galley {

template <>
struct Names<api::icf::WantedStatus> {
  static constexpr NameOf<api::icf::WantedStatus> all[] = {{api::icf::WantedStatus::publish, "publish"},
                                                           {api::icf::WantedStatus::draft, "draft"}};
};

template <>
const Shape& shape_of<api::icf::PublishFields>();
template <>
const Shape& shape_of<api::icf::BulkPublishFields>();
template <>
const Shape& shape_of<api::icf::ScheduleFields>();
template <>
const Shape& shape_of<api::icf::UnpublishFields>();
template <>
const Shape& shape_of<api::icf::PublicationQuery>();

}  // namespace galley
