#include "base/decoding.hpp"

#include "base/encoding.hpp"

namespace galley {

Decoding::Step::Step(Decoding& decoding, std::string_view name) : decoding_(decoding), length_(decoding.path_.size()) {
  if (length_ != 0) decoding.path_ += '.';
  // So that a name of a megabyte does not stand in a hundred errors.
  decoding.path_ += first_code_points(name, 100);
}

void Decoding::fail(std::string reason) {
  ++failures_;
  if (!full()) errors_.push_back({path_.empty() ? "body" : path_, std::move(reason)});
}

void Decoding::fail_at(std::string_view name, std::string reason) {
  const Step step(*this, name);
  fail(std::move(reason));
}

}  // namespace galley
