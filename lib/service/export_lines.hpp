// The lines of an account's export: JSON, one noun a line, {"article":{…}}. What each field means is in
// examples/export.md; what a line holds is what the domain's noun has, but for the account, which is the file's, and
// for what is secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/shape.hpp"
#include "base/variant.hpp"
#include "domain/account.hpp"
#include "domain/article.hpp"
#include "domain/connection.hpp"
#include "domain/idea.hpp"
#include "domain/keyword.hpp"
#include "domain/project.hpp"
#include "domain/webhook.hpp"
#include "domain/writing_task.hpp"

namespace galley::service {

// Rises when a program that reads the former one could misread a file.
inline constexpr int export_version = 1;
inline constexpr std::string_view export_format = "galley-export";
// An article is read and written with its history in memory: its lines end here. Older revisions beyond it are not
// exported.
inline constexpr std::size_t max_article_lines = std::size_t{64} << 20;
// The longest Markdown, written in escapes, and room for the rest.
inline constexpr std::size_t max_export_line = std::size_t{8} << 20;

// The first line.
struct ExportHeader {
  std::string format{export_format};
  int version = export_version;
  Time exported_at{};
  Account account{};
};

// What the noun refers to that comes later in the file is told by the later line: a connection says that it is its
// project's default one, an article that it is its keyword's newest.
struct ConnectionLine : Connection {
  bool is_default = false;
  bool had_credentials = false;
  std::vector<std::string> header_names{};  // the values, which may be secret, are left out of the settings
};
struct WebhookLine : Webhook {
  std::vector<std::string> header_names{};  // as above
};
struct ArticleLine : Article {
  bool newest_of_keyword = false;
  // Lines that follow it: whoever reads a file that was cut off there knows that the article is not whole.
  std::int64_t revision_lines = 0;
  std::int64_t publication_lines = 0;
};

using ExportLine = Variant<ExportHeader, Project, Cluster, Keyword, Idea, ConnectionLine, WebhookLine, ArticleLine,
                           Revision, Publication, WritingTask>;

// "article", as the line calls it.
std::string_view noun_of(const ExportLine& line);

// With the line break.
void append_line(std::string& out, const ExportLine& line);
// text: without the line break. invalid_json or validation_failed, naming every bad field.
Result<ExportLine> read_line(std::string_view text);

// Without what may be secret.
ConnectionLine line_of(Connection connection, const Project& project);
WebhookLine line_of(Webhook webhook);

}  // namespace galley::service

namespace galley {
template <>
const Shape& shape_of<Account>();
template <>
const Shape& shape_of<service::ExportHeader>();
template <>
const Shape& shape_of<SitemapSettings>();
template <>
const Shape& shape_of<Project>();
template <>
const Shape& shape_of<Cluster>();
template <>
const Shape& shape_of<Keyword>();
template <>
const Shape& shape_of<Idea>();
template <>
const Shape& shape_of<WritingTask>();
template <>
const Shape& shape_of<service::ConnectionLine>();
template <>
const Shape& shape_of<service::WebhookLine>();
template <>
const Shape& shape_of<ArticleText>();
template <>
const Shape& shape_of<ArticleError>();
template <>
const Shape& shape_of<service::ArticleLine>();
template <>
const Shape& shape_of<Revision>();
template <>
const Shape& shape_of<Publication>();
}  // namespace galley
