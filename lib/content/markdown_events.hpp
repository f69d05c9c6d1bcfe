// What md4c reads, as events for the renderers of this module. md4c is seen by markdown_events.cpp alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace galley::content {

enum class BlockKind : std::uint8_t {
  quote,
  list,
  ordered_list,
  item,
  rule,
  heading,
  code,
  paragraph,
  table,
  table_head,
  table_body,
  table_row,
  head_cell,
  cell,
};
enum class SpanKind : std::uint8_t { emphasis, strong, strikethrough, code, link, image };
enum class CellAlign : std::uint8_t { none, left, center, right };

struct BlockStart {
  BlockKind kind = BlockKind::paragraph;
  unsigned level = 0;  // of a heading, 1 to 6
  unsigned start = 1;  // of an ordered list
  bool is_task = false;
  bool is_done = false;
  CellAlign align = CellAlign::none;
  std::string_view language{};  // of a code block, as written
};

struct SpanStart {
  SpanKind kind = SpanKind::emphasis;
  std::string address{};  // of a link or image, character references decoded, not judged
  std::string title{};
};

class MarkdownEvents {
 public:
  virtual ~MarkdownEvents() = default;
  virtual void enter(const BlockStart& block) = 0;
  virtual void leave(BlockKind block) = 0;
  virtual void enter(const SpanStart& span) = 0;
  virtual void leave(SpanKind span) = 0;
  // Text with references decoded. In code blocks it has its line breaks.
  virtual void text(std::string_view text) = 0;
  virtual void line_break(bool hard) = 0;
  // Asked before each event: true ends the reading.
  virtual bool is_full() const = 0;
};

// Every enter() has its leave(), also where the reading ends early: is_full(), or more events or more bytes of
// addresses than an honest text of that length has.
void read_markdown(std::string_view markdown, MarkdownEvents& events);

}  // namespace galley::content
