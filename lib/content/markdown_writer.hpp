// Writes Markdown that reads back as what was meant: text is escaped, emphasis hugs its words, blocks carry the
// prefixes of the quotes and lists that they stand in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace galley::content {

enum class Emphasis : std::uint8_t { strong, emphasis, strikethrough };

// The inline text of one block.
class InlineWriter {
 public:
  // Collapses white space, drops control characters, escapes. In a heading "#" is escaped everywhere.
  void text(std::string_view text);
  void code(std::string_view code, bool in_table);
  // address has been judged and percent-encoded.
  void image(std::string_view alt, std::string_view address);
  void hard_break();
  void open(Emphasis emphasis);
  void close(Emphasis emphasis);
  void open_link(std::string_view address);
  void close_link();
  void set_heading(bool is_heading) { is_heading_ = is_heading; }

  // The text so far, its emphasis closed; what is open goes on in the next block, but for links.
  std::string take();
  bool empty() const { return out_.empty(); }
  std::size_t size() const { return out_.size(); }

 private:
  struct Mark {
    std::string opening;
    std::string closing;
    bool is_link = false;
    bool is_written = false;
    bool is_silent = false;  // written as nothing
  };
  void character(std::string_view bytes);
  void before_ink();
  void write_closing(const Mark& mark);
  void close_mark(std::size_t index);
  bool needs_escape(char c, std::string_view rest) const;

  std::string out_;
  std::size_t line_start_ = 0;
  bool has_space_ = false;  // white space that is written when something follows
  bool is_heading_ = false;
  std::size_t depth_[3] = {0, 0, 0};  // by Emphasis: bold in bold is bold
  std::vector<Mark> marks_;           // at most one of each kind
  std::size_t closed_at_ = 0;         // where the last closing mark ended
  std::string closed_mark_;
};

inline constexpr std::size_t max_table_columns = 64;  // further cells of a row run into its last one

// A table; its first row is the head.
class TableWriter {
 public:
  void add_cell(std::string cell);
  void end_row();
  // The lines of the table, empty where it has no cell.
  std::string take();
  // Bytes that it will have, about.
  std::size_t size() const { return size_; }

 private:
  std::vector<std::string> row_;
  std::vector<std::vector<std::string>> rows_;
  std::size_t size_ = 0;
};

// Blocks, one after the other, into one text.
class BlockWriter {
 public:
  // Where max_depth containers are open already: false, and nothing is opened.
  bool open_quote(std::size_t max_depth);
  bool open_list(bool ordered, std::size_t start, std::size_t max_depth);
  // Closes the innermost one of the kind and what is open in it; nothing where there is none.
  void close_quote();
  void close_list();
  void open_item();
  void close_item();

  // lines: one or more, with "\n" between them; empty ones stay.
  void block(std::string_view lines);
  void fenced_code(std::string_view code, std::string_view language);

  const std::string& out() const { return out_; }
  std::string take();

 private:
  struct Container {
    bool is_quote = true;
    bool ordered = false;
    char mark = '-';
    std::size_t number = 1;
    std::size_t items = 0;
    std::string marker{};  // of the item that has begun and has no line yet
    std::size_t width = 2;
  };
  void close_down_to(std::size_t count);
  void separate();
  std::string prefix();
  std::string bare_prefix(std::size_t count) const;

  std::string out_;
  std::vector<Container> open_;
  std::size_t common_ = 0;   // containers open ever since the last block
  bool after_list_ = false;  // the last thing closed here was a list: a new one needs another mark
  char last_mark_ = '-';
};

}  // namespace galley::content
