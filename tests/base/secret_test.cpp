#include "base/secret.hpp"

#include <catch2/catch.hpp>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

using galley::Secret;

namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

}  // namespace

TEST_CASE("secret: a hint shows the last four characters of a long secret alone", "[base]") {
  CHECK(Secret("sk_live_0123456789abcd").hint() == "•••abcd");
  CHECK(Secret("123456789012").hint() == "•••9012");
  CHECK(Secret("12345678901").hint() == "•••");
  CHECK(Secret().hint() == "•••");
}

TEST_CASE("secret: a hint counts characters and cuts none", "[base]") {
  CHECK(Secret("ääääääääääöüß€").hint() == "•••öüß€");
  CHECK(Secret("ääääääääääö").hint() == "•••");
}

TEST_CASE("secret: copies are equal, and what was moved away is empty", "[base]") {
  for (const std::string& text : {std::string("short"), std::string(200, 'x')}) {
    Secret first(text);
    Secret copy(first);
    CHECK(copy.reveal() == text);
    Secret moved(std::move(first));
    CHECK(moved.reveal() == text);
    CHECK(first.empty());  // NOLINT: that it is wiped is the point
    Secret assigned("other");
    assigned = copy;
    CHECK(assigned.reveal() == text);
    Secret taken;
    taken = std::move(copy);
    CHECK(taken.reveal() == text);
    CHECK(copy.empty());  // NOLINT
    Secret& same = taken;
    taken = same;
    CHECK(taken.reveal() == text);
  }
}
