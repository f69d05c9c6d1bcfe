// /jobs
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/error_view.hpp"
#include "api/icf/paging.hpp"
#include "domain/job.hpp"

namespace galley::api::icf {

struct ProgressView {
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
};

struct JobArticleView {
  ArticleId id;
  JobStatus status = JobStatus::queued;
  std::optional<ErrorView> error{};
};

struct JobView {
  JobId id;
  ProjectId project_id;
  JobKind kind = JobKind::generate;
  JobStatus status = JobStatus::queued;
  ProgressView progress{};
  std::optional<std::vector<JobArticleView>> articles{};  // left out of lists
  std::optional<ErrorView> error{};
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
  std::optional<Time> finished_at{};
};

// What an event of a job's stream carries.
struct NewsArticleView {
  ArticleId id;
  std::optional<ArticleStatus> status{};
};
struct JobNewsView {
  std::string type;
  JobStatus status = JobStatus::queued;
  ProgressView progress{};
  std::optional<NewsArticleView> article{};
};

struct JobQuery : PagingParameters {
  std::optional<ProjectId> project{};
};
struct JobEventsQuery {
  std::optional<std::int64_t> last_event_id{};
};

Task<Result<Listed<JobView>>> list_jobs(Call& call, Query<JobQuery> query);
Task<Result<JobView>> get_job(Call& call, JobId id);
Task<Result<JobView>> cancel_job(Call& call, JobId id);
// Server-sent events behind Last-Event-ID; 204, which ends an EventSource, where nothing will follow.
Task<Result<Reply>> follow_job(Call& call, JobId id, Query<JobEventsQuery> query);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::ProgressView>();
template <>
const Shape& shape_of<api::icf::JobArticleView>();
template <>
const Shape& shape_of<api::icf::JobView>();
template <>
const Shape& shape_of<api::icf::NewsArticleView>();
template <>
const Shape& shape_of<api::icf::JobNewsView>();
template <>
const Shape& shape_of<api::icf::JobQuery>();
template <>
const Shape& shape_of<api::icf::JobEventsQuery>();

}  // namespace galley
