// What a Shape's fields must obey, what their types look like in JSON, and the state of one decoding. See shape.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace galley {

class Shape;

// What holds for a field beyond its type. Texts are constants.
struct Rules {
  bool required = false;        // must be there when something is made; never null
  bool read_only = false;       // ignored when it is sent
  bool omit_absent = false;     // left out of answers where it is nothing, rather than null
  bool one_line = false;        // text: white space folded, control characters dropped
  std::optional<double> min{};  // a text's length in code points, a number's value, a list's or map's count
  std::optional<double> max{};
  std::string_view format{};   // OpenAPI's, where the type does not tell: "uri", "email"
  std::string_view about{};    // one sentence
  std::string_view example{};  // JSON text
};

// What a type looks like in JSON.
struct Schema {
  enum class Kind : std::uint8_t { text, integer, number, boolean, list, map, object, any };
  Kind kind = Kind::any;
  bool nullable = false;
  bool secret = false;                    // never in an answer
  std::string_view format{};              // "date-time", "uri"
  std::vector<std::string_view> names{};  // of an enumeration
  std::string_view id_prefix{};           // "proj" for a project's id
  std::shared_ptr<const Schema> items{};  // of a list or map
  const Shape& (*shape)() = nullptr;      // of an object
};

// Where decoding is, and what it found wrong.
class Decoding {
 public:
  enum class Mode : std::uint8_t {
    whole,
    patch,          // RFC 7396, judged before its target is known: what it adds to may have the required fields
    applied_patch,  // RFC 7396 onto its target: an object that it makes must have its required fields
  };
  explicit Decoding(Mode mode) : mode_(mode) {}

  bool patching() const { return mode_ != Mode::whole; }
  bool target_is_known() const { return mode_ == Mode::applied_patch; }

  void fail(std::string reason);
  void fail_at(std::string_view name, std::string reason);
  bool failed() const { return failures_ != 0; }
  // Whether one part failed is told by comparing this before and after; what is beyond the bound is counted too.
  std::size_t failures() const { return failures_; }
  // No further error is kept, so words for one need not be sought.
  bool full() const { return errors_.size() >= max_errors; }
  // At most 100, in the order in which they were found.
  std::vector<FieldError> take_errors() { return std::move(errors_); }

  // Steps into a member or element while it lives.
  class Step {
   public:
    Step(Decoding& decoding, std::string_view name);
    ~Step() { decoding_.path_.resize(length_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Decoding& decoding_;
    std::size_t length_;
  };

  // While it lives everything is read whole: a list's element has no earlier self that a patch could add to.
  class Whole {
   public:
    explicit Whole(Decoding& decoding) : decoding_(decoding), mode_(decoding.mode_) { decoding.mode_ = Mode::whole; }
    ~Whole() { decoding_.mode_ = mode_; }
    Whole(const Whole&) = delete;
    Whole& operator=(const Whole&) = delete;

   private:
    Decoding& decoding_;
    Mode mode_;
  };

 private:
  // So that a body of a million bad elements does not make an error of a hundred megabytes.
  static constexpr std::size_t max_errors = 100;

  Mode mode_;
  std::string path_;
  std::vector<FieldError> errors_;
  std::size_t failures_ = 0;
};

}  // namespace galley
