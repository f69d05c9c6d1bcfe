// Ids: opaque text "<prefix>_<20 of a-z0-9>", not guessable, never reused. A type of its own for each kind of thing.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace galley {

// True for "<prefix>_" and 12 to 40 of a-z0-9.
bool is_id(std::string_view prefix, std::string_view text);

// Tag: struct ProjectTag { static constexpr std::string_view prefix = "proj", noun = "project"; };
template <class Tag>
class Id {
 public:
  using tag = Tag;

  Id() = default;
  // From a store or an id source, which know that the text is well formed. From outside use parse().
  explicit Id(std::string text) : text_(std::move(text)) {}

  static std::optional<Id> parse(std::string_view text) {
    if (!is_id(Tag::prefix, text)) return std::nullopt;
    return Id(std::string(text));
  }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }

  auto operator<=>(const Id&) const = default;
  bool operator==(const Id&) const = default;

 private:
  std::string text_;
};

// Makes ids and all other randomness that is not a secret. Thread-safe.
class IdSource {
 public:
  virtual ~IdSource() = default;

  template <class T>
  T make() {
    return T(make_text(T::tag::prefix));
  }
  // "<prefix>_" + 8 characters of base-36 milliseconds + 12 random ones: 62 random bits, and neighbours in time are
  // neighbours in an index.
  virtual std::string make_text(std::string_view prefix) = 0;
  // RFC 9562 version 4, lower case.
  virtual std::string make_uuid() = 0;
  // Uniform in [0, 1): for jitter.
  virtual double fraction() = 0;
};

// For what comes from elsewhere and may come again: the same id each time, told apart by scope (the id of what it is
// brought into) and key (what it is called there). "<prefix>_" + 20 characters of the SHA-256 of both, so that whoever
// chooses the key cannot choose the id.
std::string derived_id_text(std::string_view prefix, std::string_view scope, std::string_view key);
template <class T>
T derived_id(std::string_view scope, std::string_view key) {
  return T(derived_id_text(T::tag::prefix, scope, key));
}

class Clock;

class RandomIds final : public IdSource {
 public:
  // clock outlives this.
  explicit RandomIds(const Clock& clock) : clock_(clock) {}
  std::string make_text(std::string_view prefix) override;
  std::string make_uuid() override;
  double fraction() override;

 private:
  const Clock& clock_;
};

}  // namespace galley

template <class Tag>
struct std::hash<galley::Id<Tag>> {
  std::size_t operator()(const galley::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.text()); }
};
