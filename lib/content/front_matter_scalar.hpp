// The scalars of front matter: YAML's plain, 'single' and "double" quoted ones on one line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace galley::content {

class ScalarReader {
 public:
  // written: what follows the colon or the dash, trimmed; outlives this.
  explicit ScalarReader(std::string_view written) : text_(written) {}

  // Nothing but a comment or white space is left.
  bool at_end();
  bool is_list() const { return text_.substr(at_).starts_with('['); }
  // Each says what is wrong, or nothing. The whole line is read.
  std::string_view read_scalar(std::string& out);
  std::string_view read_list(std::vector<std::string>& out);

 private:
  std::string_view read_quoted(std::string& out);
  std::string_view read_escape(std::string& out);
  std::string_view read_plain(std::string& out, bool in_list);
  std::string_view end_line();
  void skip_white();

  std::string_view text_;
  std::size_t at_ = 0;
};

// Plain where every YAML reader takes it as a text, double-quoted otherwise.
std::string write_scalar(std::string_view text, bool in_list);

}  // namespace galley::content
