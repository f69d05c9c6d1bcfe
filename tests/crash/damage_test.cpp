// A database whose pages are not what they were: an error that says so, never a crash, and no other content.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <stdexcept>

#include "support/figure.hpp"
#include "support/memory_disk.hpp"
#include "support/store_workload.hpp"
#include "support/two_sites.hpp"

namespace galley::test {
namespace {

using storage::SqliteStore;

constexpr std::size_t page_size = 4096;
constexpr storage::StoreLimits limits{.writer = {.rest = std::chrono::hours(1)}, .slow_read_threads = 1};

MemoryDisk::Image make_database(const TempFolder& folder) {
  MemoryDisk disk({{"galley.db", ""}});
  {
    auto store = must(SqliteStore::open(folder.path(), test_key(), at(0), limits));
    for (int number = 1; number <= 20; ++number)
      must(store->write_and_wait([&](Transaction& t) { return add_site(t, number, 3000); }));
  }
  return disk.image();
}

struct Outcome {
  bool opened = false;
  std::string refusal{};  // of the start, or of the first read that failed
  std::size_t sites = 0;
};

// A start, reads of everything and a write.
Outcome use(MemoryDisk::Image image, const TempFolder& folder) {
  const MemoryDisk disk(std::move(image));
  Outcome outcome;
  const auto hear = [&](const Error& error) {
    if (outcome.refusal.empty()) outcome.refusal = error.message + " " + error.cause;
  };
  const auto store = SqliteStore::open(folder.path(), test_key(), at(0), limits);
  if (store.has_error()) {
    hear(store.error());
    return outcome;
  }
  outcome.opened = true;
  const auto sites = (*store)->read([](const Transaction& t) -> Result<std::vector<std::int64_t>> {
    try {
      return find_sites(t, 21);
    } catch (const std::runtime_error& unknown) {
      // A value that this program does not write: the last catch of the request or the job answers it.
      return internal_error(unknown.what());
    }
  });
  if (sites.has_error()) hear(sites.error());
  if (sites.has_value()) outcome.sites = sites->size();
  const auto written = (*store)->write_and_wait([](Transaction& t) { return rewrite_site(t, 1, 2, 3000); });
  if (written.has_error()) hear(written.error());
  return outcome;
}

TEST_CASE("damage: a file that is no database is named at the start with what to do", "[crash]") {
  const TempFolder folder;
  MemoryDisk::Image image = make_database(folder);
  image["galley.db"].replace(0, 16, "not a database!!");
  const Outcome outcome = use(image, folder);
  CHECK_FALSE(outcome.opened);
  CHECK(outcome.refusal.find((folder.path() / "galley.db").string()) != std::string::npos);
  CHECK(outcome.refusal.find("restore the latest backup") != std::string::npos);
  CHECK(outcome.refusal.find("not a database") != std::string::npos);
}

TEST_CASE("damage: a schema that cannot be read is named at the start with what to do", "[crash]") {
  const TempFolder folder;
  MemoryDisk::Image image = make_database(folder);
  // What follows the header of the file is the root of the schema.
  image["galley.db"].replace(100, 64, std::string(64, '\xAA'));
  const Outcome outcome = use(image, folder);
  CHECK_FALSE(outcome.opened);
  CHECK(outcome.refusal.find("restore the latest backup") != std::string::npos);
}

TEST_CASE("damage: pages with broken heads are errors and not other content", "[crash]") {
  const TempFolder folder;
  const MemoryDisk::Image image = make_database(folder);
  const std::size_t pages = image.at("galley.db").size() / page_size;
  int noticed = 0;
  for (std::size_t page = 1; page < pages; ++page) {
    INFO("page " << page + 1);
    MemoryDisk::Image damaged = image;
    damaged["galley.db"].replace(page * page_size, 12, std::string(12, '\x55'));
    const Outcome outcome = use(damaged, folder);
    // Whatever is answered is right: all sites, or that they cannot be read.
    if (outcome.refusal.empty()) CHECK(outcome.sites == 20);
    if (!outcome.refusal.empty()) {
      CHECK(outcome.refusal.find("damaged") != std::string::npos);
      ++noticed;
    }
  }
  print_figure("damage: " + std::to_string(noticed) + " of " + std::to_string(pages - 1) +
               " pages with a broken head are met and answered");
  CHECK(noticed > 20);
}

TEST_CASE("damage: random bytes are no crash", "[crash]") {
  const TempFolder folder;
  const MemoryDisk::Image image = make_database(folder);
  const char* given = std::getenv("GALLEY_SEED");
  const std::uint64_t seed = given == nullptr ? std::random_device()() : std::stoull(given);
  std::mt19937_64 random(seed);
  int refused = 0;
  constexpr int rounds = 300;
  for (int round = 0; round < rounds; ++round) {
    INFO("seed " << seed << ", round " << round);
    MemoryDisk::Image damaged = image;
    std::string& bytes = damaged["galley.db"];
    const auto many = 1 + random() % 200;
    for (std::uint64_t i = 0; i < many; ++i)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    const Outcome outcome = use(std::move(damaged), folder);
    CHECK(outcome.sites <= 20);
    if (!outcome.refusal.empty()) ++refused;
  }
  print_figure("damage: " + std::to_string(refused) + " of " + std::to_string(rounds) +
               " files with random bytes refused something, seed " + std::to_string(seed));
}

}  // namespace
}  // namespace galley::test
