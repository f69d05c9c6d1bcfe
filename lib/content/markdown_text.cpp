#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unicode.hpp"
#include "content/heading_ids.hpp"
#include "content/lead_text.hpp"
#include "content/markdown.hpp"
#include "content/markdown_events.hpp"

namespace galley::content {
namespace {

// The text of blocks, one after the other, told apart by what they are.
class TextReader : public MarkdownEvents {
 public:
  void enter(const BlockStart& block) override {
    switch (block.kind) {
      case BlockKind::heading:
        end_line();
        level_ = static_cast<int>(block.level);
        heading_.clear();
        break;
      case BlockKind::code:
      case BlockKind::table:
        end_line();
        ++side_depth_;
        break;
      case BlockKind::head_cell:
      case BlockKind::cell:
        if (!line_.empty()) line_ += '\t';
        break;
      case BlockKind::quote:
      case BlockKind::list:
      case BlockKind::ordered_list:
      case BlockKind::item:
      case BlockKind::rule:
      case BlockKind::paragraph:
      case BlockKind::table_head:
      case BlockKind::table_body:
      case BlockKind::table_row:
        end_line();
        break;
    }
  }

  void leave(BlockKind block) override {
    switch (block) {
      case BlockKind::heading:
        on_heading(level_, heading_);
        level_ = 0;
        break;
      case BlockKind::code:
      case BlockKind::table:
        end_line();
        --side_depth_;
        break;
      case BlockKind::head_cell:
      case BlockKind::cell:
        break;
      case BlockKind::quote:
      case BlockKind::list:
      case BlockKind::ordered_list:
      case BlockKind::item:
      case BlockKind::rule:
      case BlockKind::paragraph:
      case BlockKind::table_head:
      case BlockKind::table_body:
      case BlockKind::table_row:
        end_line();
        break;
    }
  }

  void enter(const SpanStart& span) override {
    if (span.kind == SpanKind::image) ++image_depth_;
  }
  void leave(SpanKind span) override {
    if (span == SpanKind::image) --image_depth_;
  }
  void text(std::string_view text) override {
    if (image_depth_ > 0) return;
    (level_ > 0 ? heading_ : line_) += text;
  }
  void line_break(bool) override { text(" "); }
  bool is_full() const override { return false; }

 protected:
  virtual void on_heading(int level, const std::string& text) = 0;
  // is_prose: not of a table or a code block.
  virtual void on_line(const std::string& text, bool is_prose) = 0;

 private:
  void end_line() {
    if (!line_.empty()) on_line(line_, side_depth_ == 0);
    line_.clear();
  }

  int level_ = 0;  // of the heading that is being read
  int side_depth_ = 0;
  int image_depth_ = 0;
  std::string heading_;
  std::string line_;
};

class WholeText final : public TextReader {
 public:
  std::string out;

 private:
  void on_heading(int, const std::string& text) override { add(text); }
  void on_line(const std::string& text, bool) override { add(text); }
  void add(std::string_view text) {
    while (text.ends_with('\n'))
      text.remove_suffix(1);
    if (text.empty()) return;
    if (!out.empty()) out += '\n';
    out += text;
  }
};

class LeadText final : public TextReader {
 public:
  explicit LeadText(std::size_t bytes) : bytes_(bytes) {}
  bool is_full() const override { return out.size() >= bytes_; }
  std::string out;

 private:
  void on_heading(int, const std::string&) override {}
  void on_line(const std::string& text, bool is_prose) override {
    if (!is_prose) return;
    if (!out.empty()) out += ' ';
    out += text;
  }
  std::size_t bytes_;
};

class HeadingList final : public TextReader {
 public:
  explicit HeadingList(std::string_view language) : ids_(language) {}
  bool is_full() const override { return found.size() >= max_headings; }
  std::vector<Heading> found;

 private:
  void on_heading(int level, const std::string& text) override {
    found.push_back({level, tidy_line(text), ids_.next(text)});
  }
  void on_line(const std::string&, bool) override {}
  HeadingIds ids_;
};

bool is_question(std::string_view text) {
  // Latin, full-width, Arabic, Armenian, Greek (which has a look-alike of the semicolon).
  static constexpr std::string_view marks[] = {"?", "？", "؟", "՞", "\u037E"};
  return std::ranges::any_of(marks, [&](std::string_view mark) { return text.ends_with(mark); });
}

class QuestionList final : public TextReader {
 public:
  bool is_full() const override { return found.size() > max_questions; }
  std::vector<Question> found;

  // Questions without an answer are not answered by the page: they are left out.
  std::vector<Question> take() {
    std::erase_if(found, [](const Question& question) { return question.answer.empty(); });
    if (found.size() > max_questions) found.resize(max_questions);
    return std::move(found);
  }

 private:
  void on_heading(int, const std::string& text) override {
    std::string heading = tidy_line(text);
    is_open_ = is_question(heading);
    if (is_open_) found.push_back({std::move(heading), {}});
  }
  void on_line(const std::string& text, bool) override {
    if (!is_open_) return;
    const std::string line = tidy_line(text);
    std::string& answer = found.back().answer;
    if (!answer.empty() && !line.empty()) answer += ' ';
    answer += line;
  }
  bool is_open_ = false;
};

}  // namespace

std::string plain_text(std::string_view markdown) {
  WholeText reader;
  read_markdown(markdown, reader);
  return std::move(reader.out);
}

std::string lead_text(std::string_view markdown, std::size_t bytes) {
  LeadText reader(bytes);
  read_markdown(markdown, reader);
  return std::move(reader.out);
}

std::vector<Heading> headings(std::string_view markdown, std::string_view language) {
  HeadingList reader(language);
  read_markdown(markdown, reader);
  return std::move(reader.found);
}

std::vector<Question> questions(std::string_view markdown) {
  QuestionList reader;
  read_markdown(markdown, reader);
  return reader.take();
}

}  // namespace galley::content
