#include "content/html_import.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "content/html_elements.hpp"
#include "content/html_entities.hpp"
#include "content/html_tokens.hpp"
#include "content/link.hpp"
#include "content/markdown.hpp"
#include "content/markdown_writer.hpp"
#include "content/utf8.hpp"

namespace galley::content {
namespace {

constexpr std::size_t max_code_language = 40;

// "language-cpp" or "lang-cpp" among the classes.
std::string code_language(std::string_view classes) {
  for (const std::string_view prefix : {"language-", "lang-"}) {
    const std::size_t at = classes.find(prefix);
    if (at == std::string_view::npos) continue;
    const std::string_view name = classes.substr(at + prefix.size());
    const std::size_t end =
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-#_.");
    if (const std::string_view language = name.substr(0, end); language.size() <= max_code_language)
      return std::string(language);
  }
  return {};
}

// Code keeps its lines; a fence must not be broken by a lone carriage return or a control character.
std::string tidy_code(std::string_view code) {
  std::string out;
  for (std::size_t at = 0; at < code.size();) {
    const char32_t c = next_code_point(code, at);
    if (c == '\r') {
      if (at >= code.size() || code[at] != '\n') out += '\n';
    } else if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7F)) {
      append_utf8(out, c);
    }
  }
  if (out.starts_with('\n')) out.erase(0, 1);
  while (out.ends_with('\n'))
    out.pop_back();
  return out;
}

class Importer {
 public:
  explicit Importer(std::string_view html) : tokens_(html) {}

  // Nothing where the Markdown grows too long.
  std::optional<std::string> run() {
    while (true) {
      const HtmlToken token = tokens_.next();
      if (token.kind == HtmlToken::Kind::end) break;
      if (is_too_long()) return std::nullopt;
      take(token);
    }
    end_pre();
    end_code();
    end_table();
    end_block();
    if (is_too_long()) return std::nullopt;
    return blocks_.take();
  }

 private:
  bool is_too_long() const { return blocks_.out().size() + inline_.size() + table_.size() > max_markdown_bytes; }

  void take(const HtmlToken& token) {
    if (!dropped_.empty()) {
      if (token.name == dropped_) drop_depth_ += token.kind == HtmlToken::Kind::open_tag ? 1 : -1;
      if (drop_depth_ == 0) dropped_.clear();
      return;
    }
    if (token.kind == HtmlToken::Kind::text) return text(decode_entities(token.text));
    if (token.kind == HtmlToken::Kind::open_tag && is_dropped_whole(token.name)) {
      dropped_ = token.name;
      drop_depth_ = 1;
      return;
    }
    if (in_pre_) return take_in_pre(token);
    if (in_code_) {
      if (token.kind == HtmlToken::Kind::close_tag && is_code_element(token.name)) end_code();
      if (token.name == "br") code_ += ' ';
      return;
    }
    if (table_depth_ > 0 && take_in_table(token)) return;
    if (take_inline(token)) return;
    if (token.kind == HtmlToken::Kind::open_tag) return open(token);
    if (token.kind == HtmlToken::Kind::close_tag) return close(token.name);
  }

  void text(const std::string& text) {
    if (in_pre_ || in_code_) {
      code_ += text;
    } else {
      inline_.text(text);
    }
  }

  void take_in_pre(const HtmlToken& token) {
    const bool opens = token.kind == HtmlToken::Kind::open_tag;
    if (token.name == "br") code_ += '\n';
    if (token.name == "code" && opens && language_.empty()) language_ = code_language(token.attribute("class"));
    if (token.name == "pre" && !opens) end_pre();
  }

  void end_pre() {
    if (!in_pre_) return;
    in_pre_ = false;
    const std::string code = tidy_code(std::exchange(code_, {}));
    if (table_depth_ > 0) {
      inline_.code(code, true);
    } else {
      blocks_.fenced_code(code, language_);
    }
    language_.clear();
  }

  void end_code() {
    if (!in_code_) return;
    in_code_ = false;
    inline_.code(std::exchange(code_, {}), table_depth_ > 0);
  }

  // True where the tag is one that stands within a line.
  bool take_inline(const HtmlToken& token) {
    const bool opens = token.kind == HtmlToken::Kind::open_tag;
    if (const auto emphasis = emphasis_of(token.name)) {
      opens ? inline_.open(*emphasis) : inline_.close(*emphasis);
    } else if (token.name == "a") {
      opens ? open_link(token) : inline_.close_link();
    } else if (token.name == "img" || token.name == "image") {
      image(token);
    } else if (token.name == "br") {
      table_depth_ > 0 ? inline_.text(" ") : inline_.hard_break();
    } else if (is_code_element(token.name)) {
      in_code_ = opens;
    } else {
      return false;
    }
    return true;
  }

  void open_link(const HtmlToken& token) {
    const std::optional<std::string> address = allowed_address(token.attribute("href"), LinkUse::link);
    inline_.close_link();
    if (address && !address->empty()) inline_.open_link(*address);
  }

  void image(const HtmlToken& token) {
    const std::optional<std::string> address = allowed_address(token.attribute("src"), LinkUse::image);
    const std::string alt = token.attribute("alt");
    if (address && !address->empty()) {
      inline_.image(alt, *address);
    } else {
      inline_.text(alt);
    }
  }

  void open(const HtmlToken& token) {
    const std::string_view name = token.name;
    if (const int level = heading_level(name); level > 0) {
      end_block();
      heading_ = level;
      inline_.set_heading(true);
    } else if (name == "figcaption") {
      end_block();
      inline_.open(Emphasis::emphasis);
    } else if (name == "hr") {
      end_block();
      blocks_.block("---");
    } else if (name == "pre") {
      end_block();
      in_pre_ = true;
      language_ = code_language(token.attribute("class"));
    } else if (name == "ul" || name == "ol") {
      end_block();
      std::size_t start = 1;
      const std::string written = token.attribute("start");
      std::from_chars(written.data(), written.data() + written.size(), start);
      if (!blocks_.open_list(name == "ol", start, max_html_depth)) ++ignored_lists_;
    } else if (name == "li") {
      end_block();
      if (ignored_lists_ == 0) blocks_.open_item();
    } else if (name == "blockquote") {
      end_block();
      if (!blocks_.open_quote(max_html_depth)) ++ignored_quotes_;
    } else if (name == "table") {
      end_block();
      table_depth_ = 1;
    } else if (is_plain_block(name)) {
      end_block();
    }
  }

  void close(std::string_view name) {
    if (heading_level(name) > 0 || is_plain_block(name)) {
      end_block();
    } else if (name == "figcaption") {
      inline_.close(Emphasis::emphasis);
      end_block();
    } else if (name == "ul" || name == "ol") {
      end_block();
      ignored_lists_ > 0 ? static_cast<void>(--ignored_lists_) : blocks_.close_list();
    } else if (name == "li") {
      end_block();
      if (ignored_lists_ == 0) blocks_.close_item();
    } else if (name == "blockquote") {
      end_block();
      ignored_quotes_ > 0 ? static_cast<void>(--ignored_quotes_) : blocks_.close_quote();
    }
  }

  // True where the tag belongs to the table or is a block, which a cell cannot hold: its text runs on.
  bool take_in_table(const HtmlToken& token) {
    const bool opens = token.kind == HtmlToken::Kind::open_tag;
    if (token.name == "table") {
      table_depth_ += opens ? 1 : -1;
      if (table_depth_ == 0) {
        table_depth_ = 1;
        end_table();
      }
      return true;
    }
    const bool is_cell = token.name == "td" || token.name == "th";
    if (table_depth_ == 1 && (is_cell || token.name == "tr" || token.name == "thead" || token.name == "tbody")) {
      end_cell();
      if (token.name != "td" && token.name != "th") table_.end_row();
      in_cell_ = is_cell && opens;
      return true;
    }
    if (take_inline(token)) return true;
    inline_.text(" ");
    return true;
  }

  void end_cell() {
    std::string cell = inline_.take();
    // What stands between cells is no cell, but a text there is kept in one.
    if (in_cell_ || !cell.empty()) table_.add_cell(std::move(cell));
    in_cell_ = false;
  }

  void end_table() {
    if (table_depth_ == 0) return;
    end_cell();
    table_depth_ = 0;
    blocks_.block(table_.take());
  }

  void end_block() {
    const int level = std::exchange(heading_, 0);
    const std::string line = inline_.take();
    if (line.empty()) return;
    blocks_.block(level > 0 ? std::string(static_cast<std::size_t>(level), '#') + " " + line : line);
  }

  HtmlTokens tokens_;
  BlockWriter blocks_;
  InlineWriter inline_;
  int heading_ = 0;
  bool in_pre_ = false;
  bool in_code_ = false;
  std::string code_;
  std::string language_;
  std::string dropped_;  // the element whose content is being skipped
  int drop_depth_ = 0;
  std::size_t ignored_lists_ = 0;
  std::size_t ignored_quotes_ = 0;
  int table_depth_ = 0;
  bool in_cell_ = false;
  TableWriter table_;
};

Error too_large() {
  return {.code = ErrorCode::payload_too_large, .message = "The HTML is longer than 1 MiB."};
}

}  // namespace

Result<std::string> html_to_markdown(std::string_view html) {
  if (html.size() > max_html_bytes) return too_large();
  if (html.starts_with("\xEF\xBB\xBF")) html.remove_prefix(3);
  Importer importer(html);
  std::optional<std::string> markdown = importer.run();
  if (!markdown) return too_large();
  return std::move(*markdown);
}

}  // namespace galley::content
