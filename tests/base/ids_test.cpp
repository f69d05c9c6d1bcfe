#include "base/ids.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "support/manual_clock.hpp"
#include "support/sequence_ids.hpp"

using namespace galley;
using galley::test::ManualClock;
using galley::test::SequenceIds;

namespace {

struct BoatTag {
  static constexpr std::string_view prefix = "boat";
};
struct CarTag {
  static constexpr std::string_view prefix = "car";
};
using BoatId = Id<BoatTag>;
using CarId = Id<CarTag>;

static_assert(!std::is_convertible_v<BoatId, CarId> && !std::is_constructible_v<BoatId, CarId>);
static_assert(!std::is_convertible_v<std::string, BoatId>);

}  // namespace

TEST_CASE("ids: text from outside is an id only with its own prefix and alphabet", "[base]") {
  CHECK(BoatId::parse("boat_0123456789abcdefghij"));
  CHECK(BoatId::parse("boat_" + std::string(12, 'a')));
  CHECK(BoatId::parse("boat_" + std::string(40, '9')));
  for (const std::string& text :
       {std::string(), std::string("boat"), std::string("boat_"), "boat_" + std::string(11, 'a'),
        "boat_" + std::string(41, 'a'), std::string("car_0123456789abcdefghij"),
        std::string("boat_0123456789ABCDEFGHIJ"), std::string("boat_0123456789abcdefghi/"),
        std::string("boat_0123456789abcdefghi "), std::string("boat-0123456789abcdefghij"),
        std::string("boats_0123456789abcdefghij"), std::string("boat_0123456789abcdefgh\xC3\xA9"),
        std::string("boat_01234567890123\0abc", 22)}) {
    INFO(text);
    CHECK_FALSE(BoatId::parse(text));
  }
}

TEST_CASE("ids: ids compare, sort and hash by their text", "[base]") {
  const BoatId a("boat_a"), b("boat_b");
  CHECK(a < b);
  CHECK(a == BoatId("boat_a"));
  CHECK(BoatId().empty());
  CHECK(std::unordered_set<BoatId>{a, b, a}.size() == 2);
}

TEST_CASE("ids: an id is its prefix, eight characters of time and twelve of chance", "[base]") {
  ManualClock clock(Time(Milliseconds(36)));
  RandomIds ids(clock);
  const auto id = ids.make<BoatId>();
  CHECK(id.text().size() == 25);
  CHECK(id.text().starts_with("boat_00000010"));
  CHECK(BoatId::parse(id.text()));
  clock.set(Time(Milliseconds(2821109907455)));
  CHECK(ids.make<CarId>().text().starts_with("car_zzzzzzzz"));
}

TEST_CASE("ids: later ids sort after earlier ones", "[base]") {
  ManualClock clock;
  RandomIds ids(clock);
  std::string before = ids.make_text("boat");
  for (int i = 0; i < 100; ++i) {
    clock.advance(std::chrono::milliseconds(1));
    std::string next = ids.make_text("boat");
    CHECK(before < next);
    before = std::move(next);
  }
}

TEST_CASE("ids: no two of many threads' ids are equal, within one millisecond", "[base]") {
  const ManualClock clock;
  RandomIds ids(clock);
  std::mutex mutex;
  std::set<std::string> seen;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::vector<std::string> made;
      for (int i = 0; i < 2000; ++i)
        made.push_back(ids.make_text("boat"));
      const std::lock_guard lock(mutex);
      seen.insert(made.begin(), made.end());
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(seen.size() == 8000);
}

TEST_CASE("ids: all 36 characters are equally likely", "[base]") {
  const ManualClock clock;
  RandomIds ids(clock);
  std::array<int, 256> counts{};
  for (int i = 0; i < 6000; ++i) {
    for (const char c : ids.make_text("b").substr(10))
      ++counts[static_cast<unsigned char>(c)];
  }
  // 72,000 characters: 2,000 of each expected, with a deviation of 44; bytes modulo 36 would give 2,250 of the first.
  for (const char c : std::string("0123456789abcdefghijklmnopqrstuvwxyz")) {
    INFO(c);
    CHECK(counts[static_cast<unsigned char>(c)] > 1700);
    CHECK(counts[static_cast<unsigned char>(c)] < 2300);
  }
}

TEST_CASE("ids: UUIDs are of version 4 and differ", "[base]") {
  const ManualClock clock;
  RandomIds ids(clock);
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string uuid = ids.make_uuid();
    REQUIRE(uuid.size() == 36);
    for (const std::size_t at : {8u, 13u, 18u, 23u})
      CHECK(uuid[at] == '-');
    CHECK(std::count(uuid.begin(), uuid.end(), '-') == 4);
    CHECK(uuid[14] == '4');
    CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
    CHECK(uuid.find_first_not_of("0123456789abcdef-") == std::string::npos);
    seen.insert(uuid);
  }
  CHECK(seen.size() == 200);
}

TEST_CASE("ids: fractions lie from 0 to below 1 and spread", "[base]") {
  const ManualClock clock;
  RandomIds ids(clock);
  double sum = 0;
  for (int i = 0; i < 4000; ++i) {
    const double fraction = ids.fraction();
    REQUIRE(fraction >= 0);
    REQUIRE(fraction < 1);
    sum += fraction;
  }
  CHECK(sum / 4000 > 0.45);
  CHECK(sum / 4000 < 0.55);
}

TEST_CASE("ids: a test's ids come in sequence and are well formed", "[base]") {
  SequenceIds ids;
  CHECK(ids.make<BoatId>().text() == "boat_00000000000000000001");
  CHECK(CarId::parse(ids.make_text("car")) == CarId("car_00000000000000000002"));
  CHECK(ids.make_uuid() == "00000000-0000-4000-8000-000000000003");
  CHECK(ids.fraction() == 0.5);
}

TEST_CASE("ids: a derived one is the same for the same texts and well formed", "[base][ids]") {
  const std::string id = derived_id_text("art", "acc_000000000001", "wordpress|17");
  CHECK(id == derived_id_text("art", "acc_000000000001", "wordpress|17"));
  CHECK(is_id("art", id));
  CHECK(id.size() == 24);
  for (const std::string& other : {derived_id_text("art", "acc_000000000002", "wordpress|17"),
                                   derived_id_text("art", "acc_000000000001", "wordpress|18"),
                                   derived_id_text("art", "acc_000000000001w", "ordpress|17")})
    CHECK(other != id);
}
