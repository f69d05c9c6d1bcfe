// The texts of an enumeration: one table beside the enum serves the store, the APIs and the log.
//   template <> struct galley::Names<Plan> { static constexpr NameOf<Plan> all[] = {{Plan::free, "free"}, …}; };
#pragma once

#include <optional>
#include <string_view>

namespace galley {

template <class E>
struct NameOf {
  E value;
  std::string_view text;
};

template <class E>
struct Names;

template <class E>
constexpr std::string_view to_text(E value) {
  for (const NameOf<E>& name : Names<E>::all)
    if (name.value == value) return name.text;
  return "";
}

// Nothing for a text that is not in the table.
template <class E>
constexpr std::optional<E> from_text(std::string_view text) {
  for (const NameOf<E>& name : Names<E>::all)
    if (name.text == text) return name.value;
  return std::nullopt;
}

}  // namespace galley
