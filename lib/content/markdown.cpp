#include "content/markdown.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "content/heading_ids.hpp"
#include "content/html_entities.hpp"
#include "content/link.hpp"
#include "content/markdown_events.hpp"

namespace galley::content {
namespace {

constexpr std::size_t output_slack = std::size_t{64} << 10;
constexpr std::size_t max_code_language = 40;

std::string_view align_attribute(CellAlign align) {
  switch (align) {
    case CellAlign::none:
      return "";
    case CellAlign::left:
      return " align=\"left\"";
    case CellAlign::center:
      return " align=\"center\"";
    case CellAlign::right:
      return " align=\"right\"";
  }
  return "";
}

// The first word of a fence's line where it is one that names languages: "c++", "objective-c", "f#".
std::string_view code_language(std::string_view written) {
  static constexpr std::string_view marks = "+-#_.";
  for (char c : written) {
    const bool known = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       marks.find(c) != std::string_view::npos;
    if (!known) return {};
  }
  return written.size() <= max_code_language ? written : std::string_view();
}

class HtmlRenderer final : public MarkdownEvents {
 public:
  HtmlRenderer(const RenderOptions& options, std::size_t limit)
      : options_(options), limit_(limit), ids_(options.language) {}

  void enter(const BlockStart& block) override {
    switch (block.kind) {
      case BlockKind::quote:
        out_ += "<blockquote>\n";
        break;
      case BlockKind::list:
        out_ += "<ul>\n";
        break;
      case BlockKind::ordered_list:
        out_ += block.start == 1 ? "<ol>\n" : "<ol start=\"" + std::to_string(block.start) + "\">\n";
        break;
      case BlockKind::item:
        enter_item(block);
        break;
      case BlockKind::rule:
        out_ += "<hr>\n";
        break;
      case BlockKind::heading:
        heading_level_ = std::to_string(block.level);
        heading_start_ = out_.size();
        heading_text_.clear();
        break;
      case BlockKind::code:
        enter_code(code_language(block.language));
        break;
      case BlockKind::paragraph:
        out_ += "<p>";
        break;
      case BlockKind::table:
        out_ += "<table>\n";
        break;
      case BlockKind::table_head:
        out_ += "<thead>\n";
        break;
      case BlockKind::table_body:
        out_ += "<tbody>\n";
        break;
      case BlockKind::table_row:
        out_ += "<tr>\n";
        break;
      case BlockKind::head_cell:
        enter_cell("<th", block.align);
        break;
      case BlockKind::cell:
        enter_cell("<td", block.align);
        break;
    }
  }

  void leave(BlockKind block) override {
    switch (block) {
      case BlockKind::quote:
        out_ += "</blockquote>\n";
        break;
      case BlockKind::list:
        out_ += "</ul>\n";
        break;
      case BlockKind::ordered_list:
        out_ += "</ol>\n";
        break;
      case BlockKind::item:
        out_ += "</li>\n";
        break;
      case BlockKind::rule:
        break;
      case BlockKind::heading:
        leave_heading();
        break;
      case BlockKind::code:
        out_ += "</code></pre>\n";
        break;
      case BlockKind::paragraph:
        out_ += "</p>\n";
        break;
      case BlockKind::table:
        out_ += "</table>\n";
        break;
      case BlockKind::table_head:
        out_ += "</thead>\n";
        break;
      case BlockKind::table_body:
        out_ += "</tbody>\n";
        break;
      case BlockKind::table_row:
        out_ += "</tr>\n";
        break;
      case BlockKind::head_cell:
        out_ += "</th>\n";
        break;
      case BlockKind::cell:
        out_ += "</td>\n";
        break;
    }
  }

  void enter(const SpanStart& span) override {
    if (span.kind == SpanKind::image) enter_image(span);
    // Inside an image everything is its alternative text.
    if (image_depth_ > 0) return;
    switch (span.kind) {
      case SpanKind::emphasis:
        out_ += "<em>";
        break;
      case SpanKind::strong:
        out_ += "<strong>";
        break;
      case SpanKind::strikethrough:
        out_ += "<del>";
        break;
      case SpanKind::code:
        out_ += "<code>";
        break;
      case SpanKind::link:
        enter_link(span);
        break;
      case SpanKind::image:
        break;
    }
  }

  void leave(SpanKind span) override {
    if (span == SpanKind::image) leave_image();
    if (image_depth_ > 0) return;
    switch (span) {
      case SpanKind::emphasis:
        out_ += "</em>";
        break;
      case SpanKind::strong:
        out_ += "</strong>";
        break;
      case SpanKind::strikethrough:
        out_ += "</del>";
        break;
      case SpanKind::code:
        out_ += "</code>";
        break;
      case SpanKind::link:
        leave_link();
        break;
      case SpanKind::image:
        break;
    }
  }

  void text(std::string_view text) override {
    if (image_depth_ > 0) {
      alt_ += text;
      return;
    }
    append_escaped_html(out_, text);
    if (!heading_level_.empty()) heading_text_ += text;
  }

  void line_break(bool hard) override {
    if (image_depth_ > 0) {
      alt_ += ' ';
      return;
    }
    out_ += hard ? "<br>\n" : "\n";
    if (!heading_level_.empty()) heading_text_ += ' ';
  }

  bool is_full() const override { return out_.size() > limit_; }

  std::string take() { return std::move(out_); }

 private:
  void enter_item(const BlockStart& item) {
    if (!item.is_task) {
      out_ += "<li>";
      return;
    }
    out_ += item.is_done ? "<li class=\"task-list-item\"><input type=\"checkbox\" disabled=\"\" checked=\"\"> "
                         : "<li class=\"task-list-item\"><input type=\"checkbox\" disabled=\"\"> ";
  }

  void enter_code(std::string_view language) {
    out_ += "<pre><code";
    if (!language.empty()) {
      out_ += " class=\"language-";
      out_ += language;
      out_ += '"';
    }
    out_ += '>';
  }

  void enter_cell(std::string_view tag, CellAlign align) {
    out_ += tag;
    out_ += align_attribute(align);
    out_ += '>';
  }

  // The id needs the whole text, so the opening tag goes in front of it afterwards.
  void leave_heading() {
    const std::string inner = out_.substr(heading_start_);
    out_.resize(heading_start_);
    const std::string id = options_.heading_ids ? ids_.next(heading_text_) : std::string();
    out_ += "<h" + heading_level_;
    if (!id.empty()) out_ += " id=\"" + escape_html(id) + "\"";
    out_ += ">" + inner + "</h" + heading_level_ + ">\n";
    heading_level_.clear();
  }

  void enter_link(const SpanStart& link) {
    const std::optional<std::string> address = allowed_address(link.address, LinkUse::link);
    // md4c finds bare addresses in a link's text as well; links do not nest, so those stay text.
    const bool is_inside = std::ranges::find(links_, true) != links_.end();
    links_.push_back(address && !address->empty() && !is_inside);
    if (!links_.back()) return;
    out_ += "<a href=\"";
    append_escaped_html(out_, *address);
    out_ += '"';
    append_title(link.title);
    const std::string host = options_.site_host.empty() ? std::string() : address_host(*address);
    if (!host.empty() && !is_same_site(host, options_.site_host)) out_ += " rel=\"nofollow noopener\"";
    out_ += '>';
  }

  void leave_link() {
    if (links_.back()) out_ += "</a>";
    links_.pop_back();
  }

  void enter_image(const SpanStart& image) {
    if (image_depth_++ > 0) return;
    alt_.clear();
    const std::optional<std::string> address = allowed_address(image.address, LinkUse::image);
    image_address_ = address ? *address : std::string();
    image_title_ = image.title;
  }

  void leave_image() {
    if (--image_depth_ > 0) return;
    if (image_address_.empty()) {
      append_escaped_html(out_, alt_);
      return;
    }
    out_ += "<img src=\"";
    append_escaped_html(out_, image_address_);
    out_ += "\" alt=\"";
    append_escaped_html(out_, alt_);
    out_ += '"';
    append_title(image_title_);
    out_ += " loading=\"lazy\">";
  }

  void append_title(std::string_view title) {
    if (title.empty()) return;
    out_ += " title=\"";
    append_escaped_html(out_, title);
    out_ += '"';
  }

  const RenderOptions& options_;
  std::size_t limit_;
  HeadingIds ids_;
  std::string out_;
  std::string heading_level_;  // empty outside headings
  std::size_t heading_start_ = 0;
  std::string heading_text_;
  std::vector<bool> links_;  // the open ones, and whether each was written
  int image_depth_ = 0;
  std::string image_address_;
  std::string image_title_;
  std::string alt_;
};

}  // namespace

std::string render_html(std::string_view markdown, const RenderOptions& options) {
  const std::size_t length = markdown.size() < max_markdown_bytes ? markdown.size() : max_markdown_bytes;
  // What is open when the limit is met must still be closed, and the last event may be a long one: half is kept for it.
  HtmlRenderer renderer(options, length * (max_expansion / 2) + output_slack / 2);
  read_markdown(markdown, renderer);
  return renderer.take();
}

}  // namespace galley::content
