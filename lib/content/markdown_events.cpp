#include "content/markdown_events.hpp"

#include <md4c.h>

#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <vector>

#include "base/encoding.hpp"
#include "base/variant.hpp"
#include "content/html_entities.hpp"
#include "content/markdown.hpp"
#include "content/markdown_guard.hpp"

namespace galley::content {
namespace {

constexpr std::size_t max_attribute = 8192;
constexpr unsigned parser_flags =
    MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEAUTOLINKS | MD_FLAG_NOHTML;

// md4c 0.4.8 has no bound of its own on table columns times rows, nor on one long reference definition used many
// times: both are quadratic. An honest text has at most about two events a byte, and names most addresses once.
class Reading {
 public:
  Reading(std::size_t bytes, MarkdownEvents& events)
      : events_(events), events_left_(3 * bytes + 4096), attribute_bytes_left_(4 * bytes + (std::size_t{64} << 10)) {}

  bool may_go_on() {
    if (events_left_ == 0 || events_.is_full()) return false;
    --events_left_;
    return true;
  }
  bool may_read(const MD_ATTRIBUTE& attribute) {
    if (attribute.size > attribute_bytes_left_) return false;
    attribute_bytes_left_ -= attribute.size;
    return true;
  }

  void enter(const BlockStart& block) {
    open_.emplace_back(block.kind);
    is_in_cell_ = block.kind == BlockKind::cell || block.kind == BlockKind::head_cell;
    events_.enter(block);
  }
  void enter(const SpanStart& span) {
    open_.emplace_back(span.kind);
    events_.enter(span);
  }
  void leave() {
    if (open_.empty()) return;
    const auto last = open_.back();
    open_.pop_back();
    visit([this](auto kind) { events_.leave(kind); }, last);
  }
  // GitHub's tables: "\\|" is how a pipe is written in a cell, in code too, where md4c leaves the backslash.
  void code(std::string_view code) {
    std::size_t at = 0;
    while (is_in_cell_ && at < code.size()) {
      const std::size_t pipe = code.find("\\|", at);
      if (pipe == std::string_view::npos) break;
      if (pipe > at) events_.text(code.substr(at, pipe - at));
      at = pipe + 1;
    }
    if (at < code.size()) events_.text(code.substr(at));
  }
  MarkdownEvents& events() { return events_; }

  // What a callback returns to end the parsing: md4c's header says any value but 0, its code looks for negative ones.
  int stop() {
    is_stopped_ = true;
    return -1;
  }
  // md4c is C: an exception that passed through it would leave its memory behind.
  template <class Callback>
  int keep_out(const Callback& callback) {
    try {
      return callback();
    } catch (...) {
      failure_ = std::current_exception();
      return stop();
    }
  }
  void end(int outcome) {
    if (failure_) std::rethrow_exception(failure_);
    // Nobody stopped it: md4c found no memory. What it read so far must not pass for the whole.
    if (outcome != 0 && !is_stopped_) throw std::bad_alloc();
    leave_all();
  }

 private:
  void leave_all() {
    while (!open_.empty())
      leave();
  }

  MarkdownEvents& events_;
  std::exception_ptr failure_{};
  bool is_stopped_ = false;
  std::size_t events_left_;
  std::size_t attribute_bytes_left_;
  std::vector<Variant<BlockKind, SpanKind>> open_;
  bool is_in_cell_ = false;  // the innermost block is a table's cell
};

// Nothing where it is too long to be meant: a link without an address is its text.
std::string attribute_text(const MD_ATTRIBUTE& attribute) {
  std::string out;
  if (attribute.size == 0 || attribute.size > max_attribute) return out;
  const std::string_view whole(attribute.text, attribute.size);
  for (std::size_t i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const std::size_t begin = attribute.substr_offsets[i];
    const std::string_view part = whole.substr(begin, attribute.substr_offsets[i + 1] - begin);
    const std::string decoded = attribute.substr_types[i] == MD_TEXT_ENTITY ? decode_entity(part) : std::string();
    if (attribute.substr_types[i] == MD_TEXT_NULLCHAR) {
      out += "\xEF\xBF\xBD";
    } else if (decoded.empty()) {
      out += part;
    } else {
      out += decoded;
    }
  }
  return out;
}

CellAlign cell_align(MD_ALIGN align) {
  switch (align) {
    case MD_ALIGN_DEFAULT:
      return CellAlign::none;
    case MD_ALIGN_LEFT:
      return CellAlign::left;
    case MD_ALIGN_CENTER:
      return CellAlign::center;
    case MD_ALIGN_RIGHT:
      return CellAlign::right;
  }
  return CellAlign::none;
}

BlockStart cell_start(BlockKind kind, const void* detail) {
  BlockStart block{.kind = kind};
  block.align = cell_align(static_cast<const MD_BLOCK_TD_DETAIL*>(detail)->align);
  return block;
}

BlockStart item_start(const MD_BLOCK_LI_DETAIL& item) {
  BlockStart block{.kind = BlockKind::item};
  block.is_task = item.is_task != 0;
  block.is_done = block.is_task && item.task_mark != ' ';
  return block;
}

int enter_block(MD_BLOCKTYPE type, void* detail, void* user) {
  auto& reading = *static_cast<Reading*>(user);
  if (!reading.may_go_on()) return reading.stop();
  BlockStart block;
  switch (type) {
    case MD_BLOCK_DOC:
      return 0;
    case MD_BLOCK_HTML:
      return 0;  // never sent: raw HTML is off
    case MD_BLOCK_QUOTE:
      block.kind = BlockKind::quote;
      break;
    case MD_BLOCK_UL:
      block.kind = BlockKind::list;
      break;
    case MD_BLOCK_OL:
      block.kind = BlockKind::ordered_list;
      block.start = static_cast<const MD_BLOCK_OL_DETAIL*>(detail)->start;
      break;
    case MD_BLOCK_LI:
      block = item_start(*static_cast<const MD_BLOCK_LI_DETAIL*>(detail));
      break;
    case MD_BLOCK_HR:
      block.kind = BlockKind::rule;
      break;
    case MD_BLOCK_H:
      block.kind = BlockKind::heading;
      block.level = static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level;
      break;
    case MD_BLOCK_CODE: {
      block.kind = BlockKind::code;
      const MD_ATTRIBUTE& language = static_cast<const MD_BLOCK_CODE_DETAIL*>(detail)->lang;
      if (language.size > 0) block.language = std::string_view(language.text, language.size);
      break;
    }
    case MD_BLOCK_P:
      block.kind = BlockKind::paragraph;
      break;
    case MD_BLOCK_TABLE:
      block.kind = BlockKind::table;
      break;
    case MD_BLOCK_THEAD:
      block.kind = BlockKind::table_head;
      break;
    case MD_BLOCK_TBODY:
      block.kind = BlockKind::table_body;
      break;
    case MD_BLOCK_TR:
      block.kind = BlockKind::table_row;
      break;
    case MD_BLOCK_TH:
      block = cell_start(BlockKind::head_cell, detail);
      break;
    case MD_BLOCK_TD:
      block = cell_start(BlockKind::cell, detail);
      break;
  }
  reading.enter(block);
  return 0;
}

int leave_block(MD_BLOCKTYPE type, void*, void* user) {
  if (type != MD_BLOCK_DOC && type != MD_BLOCK_HTML) static_cast<Reading*>(user)->leave();
  return 0;
}

int enter_span(MD_SPANTYPE type, void* detail, void* user) {
  auto& reading = *static_cast<Reading*>(user);
  if (!reading.may_go_on()) return reading.stop();
  SpanStart span;
  switch (type) {
    case MD_SPAN_EM:
      span.kind = SpanKind::emphasis;
      break;
    case MD_SPAN_STRONG:
      span.kind = SpanKind::strong;
      break;
    case MD_SPAN_DEL:
      span.kind = SpanKind::strikethrough;
      break;
    case MD_SPAN_CODE:
      span.kind = SpanKind::code;
      break;
    case MD_SPAN_A: {
      const auto& link = *static_cast<const MD_SPAN_A_DETAIL*>(detail);
      if (!reading.may_read(link.href) || !reading.may_read(link.title)) return reading.stop();
      span = {SpanKind::link, attribute_text(link.href), attribute_text(link.title)};
      break;
    }
    case MD_SPAN_IMG: {
      const auto& image = *static_cast<const MD_SPAN_IMG_DETAIL*>(detail);
      if (!reading.may_read(image.src) || !reading.may_read(image.title)) return reading.stop();
      span = {SpanKind::image, attribute_text(image.src), attribute_text(image.title)};
      break;
    }
    // Extensions that are not asked for.
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
    case MD_SPAN_WIKILINK:
    case MD_SPAN_U:
      span.kind = SpanKind::emphasis;
      break;
  }
  reading.enter(span);
  return 0;
}

int leave_span(MD_SPANTYPE, void*, void* user) {
  static_cast<Reading*>(user)->leave();
  return 0;
}

int on_text(MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* user) {
  auto& reading = *static_cast<Reading*>(user);
  if (!reading.may_go_on()) return reading.stop();
  const std::string_view text(bytes, size);
  switch (type) {
    case MD_TEXT_CODE:
      reading.code(text);
      break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH:
      reading.events().text(text);
      break;
    case MD_TEXT_NULLCHAR:
      reading.events().text("\xEF\xBF\xBD");
      break;
    case MD_TEXT_BR:
      reading.events().line_break(true);
      break;
    case MD_TEXT_SOFTBR:
      reading.events().line_break(false);
      break;
    case MD_TEXT_ENTITY: {
      const std::string decoded = decode_entity(text);
      reading.events().text(decoded.empty() ? text : std::string_view(decoded));
      break;
    }
  }
  return 0;
}

// What md4c is given: the same, with exceptions kept out of it.
template <class Type, int (*callback)(Type, void*, void*)>
int kept_out(Type type, void* detail, void* user) {
  return static_cast<Reading*>(user)->keep_out([&] { return callback(type, detail, user); });
}
int text_kept_out(MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* user) {
  return static_cast<Reading*>(user)->keep_out([&] { return on_text(type, bytes, size, user); });
}

}  // namespace

void read_markdown(std::string_view markdown, MarkdownEvents& events) {
  if (markdown.starts_with("\xEF\xBB\xBF")) markdown.remove_prefix(3);
  if (markdown.size() > max_markdown_bytes) {
    markdown = markdown.substr(0, max_markdown_bytes);
    // Not inside a character.
    while (!markdown.empty() && (static_cast<unsigned char>(markdown.back()) & 0xC0) == 0x80)
      markdown.remove_suffix(1);
    if (!markdown.empty() && static_cast<unsigned char>(markdown.back()) >= 0xC0) markdown.remove_suffix(1);
  }
  const std::optional<std::string> split = split_costly_blocks(markdown);
  if (split) markdown = *split;
  Reading reading(markdown.size(), events);
  const MD_PARSER parser{.abi_version = 0,
                         .flags = parser_flags,
                         .enter_block = kept_out<MD_BLOCKTYPE, enter_block>,
                         .leave_block = kept_out<MD_BLOCKTYPE, leave_block>,
                         .enter_span = kept_out<MD_SPANTYPE, enter_span>,
                         .leave_span = kept_out<MD_SPANTYPE, leave_span>,
                         .text = text_kept_out,
                         .debug_log = nullptr,
                         .syntax = nullptr};
  reading.end(md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, &reading));
}

}  // namespace galley::content
