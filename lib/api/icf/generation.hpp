// /projects/{id}/articles/generate, /articles/{id}/regenerate
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/icf/keywords.hpp"
#include "service/generation_service.hpp"

namespace galley::api::icf {

enum class TargetStatus : std::uint8_t { ready, draft };

struct GenerationFilterFields {
  std::vector<KeywordStatus> status{};
  std::optional<Priority> priority{};
  std::optional<ClusterId> cluster_id{};
  std::optional<int> limit{};
};

struct MatrixFields {
  std::vector<std::string> patterns{};
  std::map<std::string, std::vector<std::string>> dimensions{};
};

// How the text is to be written.
struct WritingFields {
  int word_count = 1200;
  std::optional<TargetStatus> target_status{};
  std::optional<ConnectionId> connection_id{};
  service::PublishWish publish = service::PublishWish::none;
  std::optional<std::string> instructions{};
  std::optional<std::string> provider{};
  std::optional<std::string> model{};
  std::optional<std::string> language{};
};

struct GenerateFields : WritingFields {
  std::vector<KeywordId> keyword_ids{};
  std::vector<std::string> keywords{};
  std::optional<GenerationFilterFields> filter{};
  std::optional<MatrixFields> matrix{};
  std::optional<int> limit{};
};

struct QueuedArticleView {
  ArticleId id;
  KeywordId keyword_id;
  std::string keyword;
  ArticleStatus status = ArticleStatus::queued;
};
struct SkippedKeywordView {
  KeywordId keyword_id;
  std::string keyword;
  std::string reason;
};
struct GenerateView {
  JobId job_id;
  JobStatus status = JobStatus::queued;
  std::vector<QueuedArticleView> articles{};
  std::vector<SkippedKeywordView> skipped{};
};

// A job that was queued for one article.
struct QueuedJobView {
  JobId job_id;
  JobStatus status = JobStatus::queued;
};

Task<Result<Accepted<GenerateView>>> generate_articles(Call& call, ProjectId project, Body<GenerateFields> body);
Task<Result<Accepted<QueuedJobView>>> regenerate_article(Call& call, ArticleId id, Body<WritingFields> body);

std::string job_location(const JobId& id);

}  // namespace galley::api::icf

namespace galley {

template <>
struct Names<service::PublishWish> {
  static constexpr NameOf<service::PublishWish> all[] = {{service::PublishWish::none, "none"},
                                                         {service::PublishWish::now, "now"}};
};
template <>
struct Names<api::icf::TargetStatus> {
  static constexpr NameOf<api::icf::TargetStatus> all[] = {{api::icf::TargetStatus::ready, "ready"},
                                                           {api::icf::TargetStatus::draft, "draft"}};
};

template <>
const Shape& shape_of<api::icf::GenerationFilterFields>();
template <>
const Shape& shape_of<api::icf::MatrixFields>();
template <>
const Shape& shape_of<api::icf::WritingFields>();
template <>
const Shape& shape_of<api::icf::GenerateFields>();
template <>
const Shape& shape_of<api::icf::QueuedArticleView>();
template <>
const Shape& shape_of<api::icf::SkippedKeywordView>();
template <>
const Shape& shape_of<api::icf::GenerateView>();
template <>
const Shape& shape_of<api::icf::QueuedJobView>();

}  // namespace galley
