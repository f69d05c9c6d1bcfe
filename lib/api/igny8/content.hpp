// /writer/content and /writer/images: the articles of the publishing API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/igny8/paging.hpp"
#include "domain/article.hpp"

namespace galley::api::igny8 {

// content is Markdown; content_html stands in its place and is converted when it comes in.
struct ContentChanges {
  std::string title;
  std::string content{};
  std::optional<std::string> content_html{};
  Editorial status = Editorial::draft;
  std::optional<std::string> slug{};
  std::optional<std::string> excerpt{};
  std::optional<std::string> meta_title{};
  std::optional<std::string> meta_description{};
  std::vector<std::string> meta_keywords{};
  std::vector<std::string> tags{};
  std::vector<std::string> categories{};
  std::optional<std::string> author_name{};
  std::optional<std::string> featured_image_url{};
};
struct ContentFields : ContentChanges {
  std::optional<std::int64_t> site_id{};
  std::optional<std::int64_t> task_id{};
};
struct ContentView {
  std::int64_t id = 0;
  std::string title;
  std::string slug;
  Editorial status = Editorial::draft;
  std::optional<std::string> content{};
  std::optional<std::string> content_html{};
  std::optional<std::string> excerpt{};
  std::optional<std::string> meta_title{};
  std::optional<std::string> meta_description{};
  std::vector<std::string> meta_keywords{};
  std::optional<std::string> primary_keyword{};
  std::vector<std::string> tags{};
  std::vector<std::string> categories{};
  std::optional<std::string> author_name{};
  std::optional<std::string> featured_image_url{};
  std::int64_t word_count = 0;
  std::optional<std::string> url{};
  std::optional<std::string> error{};
  std::int64_t site_id = 0;
  std::optional<std::int64_t> task_id{};
  std::optional<Time> scheduled_for{};
  std::optional<Time> published_at{};
  Time created_at{};
  Time updated_at{};
};
struct ContentQuery : PagingParameters {
  std::optional<Editorial> status{};
  std::optional<std::int64_t> site_id{};
  std::optional<std::string> search{};
  std::optional<std::string> ordering{};
};

struct PublishContentFields {
  std::optional<Time> scheduled_for{};
};

struct ImageView {
  std::int64_t content_id = 0;
  std::string title;
  std::string image_url;
  std::int64_t site_id = 0;
  Time created_at{};
};
struct ImageQuery : PagingParameters {
  std::optional<std::int64_t> site_id{};
};

// Texts are left out of lists.
Task<Result<Listed<ContentView>>> list_content(Call& call, Query<ContentQuery> query);
Task<Result<Created<ContentView>>> create_content(Call& call, Body<ContentFields> body);
Task<Result<ContentView>> get_content(Call& call, PathNumber id);
// Whole: what is not sent becomes its default, but for the slug, which stays.
Task<Result<ContentView>> replace_content(Call& call, PathNumber id, Body<ContentFields> body);
Task<Result<ContentView>> update_content(Call& call, PathNumber id, Patch<ContentChanges> patch);
Task<Result<NoContent>> delete_content(Call& call, PathNumber id);
// 200 with the content, or 202 with the task to follow where the CMS takes longer than ten seconds.
Task<Result<Reply>> publish_content(Call& call, PathNumber id, Body<PublishContentFields> body);
Task<Result<Reply>> finish_publishing_content(Call& call, std::string awaited);
Task<Result<Listed<ImageView>>> list_images(Call& call, Query<ImageQuery> query);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::ContentChanges>();
template <>
const Shape& shape_of<api::igny8::ContentFields>();
template <>
const Shape& shape_of<api::igny8::ContentView>();
template <>
const Shape& shape_of<api::igny8::ContentQuery>();
template <>
const Shape& shape_of<api::igny8::PublishContentFields>();
template <>
const Shape& shape_of<api::igny8::ImageView>();
template <>
const Shape& shape_of<api::igny8::ImageQuery>();
}  // namespace galley
