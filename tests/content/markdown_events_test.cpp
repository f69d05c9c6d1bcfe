#include "content/markdown_events.hpp"

#include <catch2/catch.hpp>
#include <new>
#include <string>

namespace galley::content {
namespace {

// Throws at one of the events, counted from 0.
class Thrower final : public MarkdownEvents {
 public:
  explicit Thrower(int at) : at_(at) {}
  void enter(const BlockStart&) override { count(); }
  void leave(BlockKind) override { count(); }
  void enter(const SpanStart&) override { count(); }
  void leave(SpanKind) override { count(); }
  void text(std::string_view) override { count(); }
  void line_break(bool) override { count(); }
  bool is_full() const override { return false; }

 private:
  void count() {
    if (at_-- == 0) throw std::bad_alloc();
  }
  int at_;
};

TEST_CASE("markdown events: what an event throws comes out, wherever it is, and md4c leaves nothing behind",
          "[content]") {
  const std::string markdown =
      "# Heading\n\nText with **strong** and [a link](https://example.com \"title\")  \nnext\n\n"
      "- one\n- two\n\n| a | b |\n|---|---|\n| c | `d` |\n\n```cpp\nint a;\n```\n";
  int thrown = 0;
  for (int at = 0;; ++at) {
    Thrower events(at);
    try {
      read_markdown(markdown, events);
      break;
    } catch (const std::bad_alloc&) {
      ++thrown;
    }
  }
  // The sanitizers' run sees what is left behind.
  CHECK(thrown > 40);
}

}  // namespace
}  // namespace galley::content
