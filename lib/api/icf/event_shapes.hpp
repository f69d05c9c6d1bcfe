// What webhooks carry, for the API description alone: webhook/body writes it. Struct by struct as it stands there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "base/shape.hpp"
#include "domain/event.hpp"
#include "domain/keyword.hpp"

namespace galley::api::icf {

struct EventMetaView {
  std::string description;
  std::vector<std::string> keywords{};
};
struct EventArticleView {
  ArticleId id;
  std::string title;
  std::string slug;
  std::string content;
  std::string excerpt;
  ArticleStatus status = ArticleStatus::draft;
  EventMetaView meta{};
  std::optional<std::string> author{};
  std::optional<Time> published_at{};
  std::vector<std::string> categories{};
  std::vector<std::string> tags{};
  std::optional<std::string> url{};
  std::optional<std::string> keyword{};
  std::int64_t word_count = 0;
  std::int64_t reading_time = 0;
  std::string markdown;
  std::string json_ld;
};
struct EventProgressView {
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
};
struct EventJobView {
  JobId id;
  std::string kind;
  std::string status;
  EventProgressView progress{};
};
struct EventKeywordView {
  KeywordId id;
  std::string keyword;
  std::optional<Intent> intent{};
  ClusterId cluster_id;
  std::string cluster_name;
};
struct EventConnectionView {
  ConnectionId id;
  std::string name;
  std::string type;
  std::optional<std::string> last_error{};
};
struct EventTestView {
  std::string message;
};

struct EventView {
  EventId id;
  EventType event = EventType::webhook_test;
  ProjectId project_id;
  Time created_at{};
};
struct ArticleEventView : EventView {
  EventArticleView article{};
};
struct JobEventView : EventView {
  EventJobView job{};
};
struct KeywordEventView : EventView {
  EventKeywordView keyword{};
};
struct ConnectionEventView : EventView {
  EventConnectionView connection{};
};
struct TestEventView : EventView {
  EventTestView test{};
};

// The body in the format "flat".
struct FlatBodyView {
  ArticleId page_id;
  std::string title;
  std::string slug;
  std::string html;
  std::string markdown;
  std::string content_md;
  std::string json_ld;
  std::string excerpt;
  std::string meta_title;
  std::string meta_description;
  std::optional<std::string> keyword{};
  std::int64_t word_count = 0;
  std::int64_t reading_time = 0;
  std::vector<std::string> categories{};
  std::vector<std::string> tags{};
  std::optional<Time> published_at{};
  std::string project_name;
  std::optional<std::string> project_domain{};
  std::optional<std::string> author_name{};
};

// The body of the event in the format "event".
ShapeFunction body_of(EventType type);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::EventMetaView>();
template <>
const Shape& shape_of<api::icf::EventArticleView>();
template <>
const Shape& shape_of<api::icf::EventProgressView>();
template <>
const Shape& shape_of<api::icf::EventJobView>();
template <>
const Shape& shape_of<api::icf::EventKeywordView>();
template <>
const Shape& shape_of<api::icf::EventConnectionView>();
template <>
const Shape& shape_of<api::icf::EventTestView>();
template <>
const Shape& shape_of<api::icf::ArticleEventView>();
template <>
const Shape& shape_of<api::icf::JobEventView>();
template <>
const Shape& shape_of<api::icf::KeywordEventView>();
template <>
const Shape& shape_of<api::icf::ConnectionEventView>();
template <>
const Shape& shape_of<api::icf::TestEventView>();
template <>
const Shape& shape_of<api::icf::FlatBodyView>();

}  // namespace galley
