// Secret: text that must not be printed. It has no operator<<, no Shape and no log form; the bytes are wiped when it
// goes.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace galley {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  // The text itself: only for the place that sends, hashes or encrypts it, or shows it to its owner once.
  std::string_view reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  // "•••abcd": the last four characters, or none where it is shorter than twelve.
  std::string hint() const;

 private:
  void wipe() noexcept;
  std::string text_;
};

}  // namespace galley
