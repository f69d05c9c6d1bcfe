// The write-ahead log while a reader holds an old state for long.
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "support/figure.hpp"
#include "support/memory_disk.hpp"
#include "support/store_workload.hpp"
#include "support/two_sites.hpp"

namespace galley::test {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

TEST_CASE("log: it is short again after a reader that was in its way for long, and nobody was refused", "[crash]") {
  MemoryDisk disk({{"galley.db", ""}});
  const TempFolder folder;
  auto store = must(storage::SqliteStore::open(folder.path(), test_key(), at(0),
                                               {.writer = {.rest = std::chrono::hours(1)}, .slow_read_threads = 1}));
  must(store->write_and_wait([](Transaction& t) { return add_site(t, 1, 500); }));
  std::int64_t version = 1;
  std::chrono::milliseconds longest{};
  const auto rewrite = [&](int times, std::size_t size) {
    for (int i = 0; i < times; ++i) {
      ++version;
      const auto begun = std::chrono::steady_clock::now();
      must(store->write_and_wait([&](Transaction& t) { return rewrite_site(t, 1, version, size); }));
      longest = std::max(
          longest, std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun));
    }
  };
  // Without readers in its way it begins anew by itself.
  rewrite(40, 200'000);
  const std::size_t usual = disk.size_of("galley.db-wal");
  CHECK(usual < 8 * mebibyte);
  std::size_t with_reader = 0;
  must(store->read([&](const Transaction& old) -> Result<void> {
    const std::vector<std::int64_t> before = GALLEY_TRY(find_sites(old, 2));
    rewrite(120, 200'000);
    with_reader = disk.size_of("galley.db-wal");
    CHECK(GALLEY_TRY(find_sites(old, 2)) == before);
    return {};
  }));
  CHECK(with_reader > 64 * mebibyte);
  rewrite(20, 200'000);
  const std::size_t after = disk.size_of("galley.db-wal");
  CHECK(after <= 16 * mebibyte);
  print_figure("log: " + std::to_string(usual / 1024) + " KiB without readers, " + std::to_string(with_reader / 1024) +
               " KiB with one in its way, " + std::to_string(after / 1024) +
               " KiB some writes later; the longest write took " + std::to_string(longest.count()) + " ms");
}

TEST_CASE("log: at rest it is empty", "[crash]") {
  MemoryDisk disk({{"galley.db", ""}});
  const TempFolder folder;
  auto store = must(
      storage::SqliteStore::open(folder.path(), test_key(), at(0), {.writer = {.rest = std::chrono::milliseconds(1)}}));
  must(store->write_and_wait([](Transaction& t) { return add_site(t, 1, 500); }));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (disk.size_of("galley.db-wal") > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  CHECK(disk.size_of("galley.db-wal") == 0);
}

}  // namespace
}  // namespace galley::test
