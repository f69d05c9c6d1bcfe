#include "content/wxr.hpp"

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <string_view>
#include <utility>

#include "base/encoding.hpp"
#include "base/unicode.hpp"
#include "content/html_entities.hpp"
#include "content/html_import.hpp"
#include "content/markdown.hpp"
#include "content/paragraphs.hpp"

namespace galley::content {
namespace {

// Terms and authors beyond it are left out: no article has as many.
constexpr std::size_t max_terms = 100;

// All of it: a "]]>" in a text makes WordPress write two CDATA sections.
std::string text_of(const pugi::xml_node& node, const char* name) {
  std::string text;
  for (const pugi::xml_node& part : node.child(name).children())
    if (part.type() == pugi::node_cdata || part.type() == pugi::node_pcdata) text += part.value();
  return text;
}

std::optional<std::string> text_or_nothing(std::string_view text) {
  std::string tidy = tidy_line(text);
  if (tidy.empty()) return std::nullopt;
  return tidy;
}

// "2024-03-01 09:30:00", UTC; WordPress writes zeros where there is none.
std::optional<Time> time_of(std::string_view text) {
  std::string rfc3339(text);
  if (rfc3339.size() != 19 || rfc3339.starts_with("0000")) return std::nullopt;
  rfc3339[10] = 'T';
  return parse_rfc3339(rfc3339 + "Z");
}

std::string meta_of(const pugi::xml_node& item, std::string_view key) {
  for (const pugi::xml_node& meta : item.children("wp:postmeta"))
    if (text_of(meta, "wp:meta_key") == key) return text_of(meta, "wp:meta_value");
  return {};
}

// The plugins fill in names of their own ("%%title%% %%sep%%"), which say nothing here.
std::optional<std::string> seo_text(const pugi::xml_node& item, std::string_view yoast, std::string_view rank_math) {
  for (const std::string_view key : {yoast, rank_math}) {
    const std::string text = meta_of(item, key);
    if (!trim_ascii(text).empty() && text.find('%') == std::string::npos) return text_or_nothing(text);
  }
  return std::nullopt;
}

std::vector<std::string> terms_of(const pugi::xml_node& item, std::string_view domain) {
  std::vector<std::string> terms;
  for (const pugi::xml_node& category : item.children("category")) {
    if (std::string_view(category.attribute("domain").value()) != domain || terms.size() == max_terms) continue;
    // Names are kept with their entities: "News &amp; Co".
    std::string name = tidy_line(decode_entities(category.text().get()));
    if (!name.empty() && std::ranges::find(terms, name) == terms.end()) terms.push_back(std::move(name));
  }
  return terms;
}

std::optional<SourceStatus> status_of(const pugi::xml_node& item) {
  const std::string status = text_of(item, "wp:status");
  if (status == "trash" || status == "auto-draft" || status == "inherit") return std::nullopt;
  if (!text_of(item, "wp:post_password").empty()) return SourceStatus::draft;
  if (status == "publish") return SourceStatus::published;
  if (status == "future") return SourceStatus::ready;
  return SourceStatus::draft;
}

}  // namespace

struct WxrReader::State {
  std::string text;
  pugi::xml_document document;
  pugi::xml_node item;
  std::string site;
  std::map<std::string, std::string, std::less<>> authors;      // login to the name that is shown
  std::map<std::string, std::string, std::less<>> attachments;  // id to address
  std::size_t number = 0;
  std::size_t ignored = 0;
  std::string title;

  Result<SourceArticle> read(SourceStatus status) const;
};

WxrReader::WxrReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
WxrReader::WxrReader(WxrReader&&) noexcept = default;
WxrReader& WxrReader::operator=(WxrReader&&) noexcept = default;
WxrReader::~WxrReader() = default;

Result<WxrReader> WxrReader::open(std::string text) {
  if (text.size() > max_wxr_bytes)
    return Error{.code = ErrorCode::payload_too_large,
                 .message = "The file is longer than " + std::to_string(max_wxr_bytes >> 20) + " MiB."};
  if (!is_utf8(text)) return invalid("FILE", "is not UTF-8");
  auto state = std::make_unique<State>();
  state->text = std::move(text);
  // Without parse_doctype a document type is skipped, and with it every entity that it declares.
  constexpr unsigned flags = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol;
  const pugi::xml_parse_result parsed =
      state->document.load_buffer_inplace(state->text.data(), state->text.size(), flags, pugi::encoding_utf8);
  if (!parsed)
    return invalid("FILE", "is not well-formed XML: " + std::string(parsed.description()) + " at byte " +
                               std::to_string(parsed.offset));
  const pugi::xml_node channel = state->document.child("rss").child("channel");
  if (!channel || !channel.child("wp:wxr_version"))
    return invalid("FILE", "is no export of WordPress (WXR): it has no wp:wxr_version");
  state->site = text_of(channel, "wp:base_blog_url");
  for (const pugi::xml_node& author : channel.children("wp:author")) {
    std::string shown = tidy_line(decode_entities(text_of(author, "wp:author_display_name")));
    if (!shown.empty()) state->authors.emplace(text_of(author, "wp:author_login"), std::move(shown));
  }
  for (const pugi::xml_node& item : channel.children("item"))
    if (text_of(item, "wp:post_type") == "attachment")
      state->attachments.emplace(text_of(item, "wp:post_id"), text_of(item, "wp:attachment_url"));
  state->item = channel.child("item");
  return WxrReader(std::move(state));
}

std::size_t WxrReader::number() const {
  return state_->number;
}
std::string WxrReader::title() const {
  return state_->title;
}
std::size_t WxrReader::ignored() const {
  return state_->ignored;
}

Result<std::optional<SourceArticle>> WxrReader::next() {
  for (; state_->item; state_->item = state_->item.next_sibling("item")) {
    ++state_->number;
    const std::string type = text_of(state_->item, "wp:post_type");
    const std::optional<SourceStatus> status = status_of(state_->item);
    if ((type != "post" && type != "page") || !status) {
      ++state_->ignored;
      continue;
    }
    state_->title = tidy_line(decode_entities(text_of(state_->item, "title")));
    Result<SourceArticle> article = state_->read(*status);
    state_->item = state_->item.next_sibling("item");
    if (article.has_error()) return article.error();
    return std::optional(*std::move(article));
  }
  return std::optional<SourceArticle>();
}

Result<SourceArticle> WxrReader::State::read(SourceStatus status) const {
  // The id is unique on its site only.
  SourceArticle article{.key = "wordpress|" + site + "|" + text_of(item, "wp:post_id")};
  article.title = title;
  article.markdown = GALLEY_TRY(html_to_markdown(add_paragraphs(text_of(item, "content:encoded"))));
  const std::string excerpt = plain_text(GALLEY_TRY(html_to_markdown(text_of(item, "excerpt:encoded"))));
  article.excerpt = text_or_nothing(excerpt);
  // Letters beyond ASCII are kept percent-encoded.
  article.slug = percent_decode(text_of(item, "wp:post_name"));
  if (article.slug && !is_utf8(*article.slug)) article.slug.reset();
  article.meta_title = seo_text(item, "_yoast_wpseo_title", "rank_math_title");
  article.meta_description = seo_text(item, "_yoast_wpseo_metadesc", "rank_math_description");
  article.categories = terms_of(item, "category");
  article.tags = terms_of(item, "post_tag");
  const std::string login = text_of(item, "dc:creator");
  const auto author = authors.find(login);
  article.author = author != authors.end() ? author->second : text_or_nothing(login);
  article.address = text_or_nothing(text_of(item, "link"));
  if (const auto image = attachments.find(meta_of(item, "_thumbnail_id")); image != attachments.end())
    article.image_url = text_or_nothing(image->second);
  article.status = status;
  const std::optional<Time> date = time_of(text_of(item, "wp:post_date_gmt"));
  article.created = date;
  if (status == SourceStatus::published) article.published = date;
  article.modified = time_of(text_of(item, "wp:post_modified_gmt"));
  if (text_of(item, "wp:status") == "future") article.remarks.emplace_back("was scheduled, and is ready now");
  return article;
}

}  // namespace galley::content
