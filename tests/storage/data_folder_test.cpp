#include "storage/data_folder.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "base/encoding.hpp"
#include "storage/key_file.hpp"
#include "support/temp_store.hpp"

namespace galley::storage {
namespace {

const std::string raw_key(32, 'k');

bool same(const KeyRing& a, const KeyRing& b) {
  return b.open(a.seal(Secret("text"), "place"), "place").has_value();
}

TEST_CASE("data folder: a key is made once, for its owner alone, and found again", "[storage]") {
  test::TempFolder parent;
  const std::filesystem::path folder = parent.path() / "store";
  const auto made = load_key_ring(folder, std::nullopt);
  REQUIRE(made);
  struct stat status{};
  REQUIRE(::stat((folder / "secret.key").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777u) == 0600u);
  const auto found = load_key_ring(folder, std::nullopt);
  REQUIRE(found);
  CHECK(same(*made, *found));
  // No draft is left beside it.
  CHECK(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()) == 1);

  const auto other = load_key_ring(parent.path() / "other", std::nullopt);
  REQUIRE(other);
  CHECK_FALSE(same(*made, *other));
}

TEST_CASE("data folder: a given key is taken in hexadecimal and base64 and makes no file", "[storage]") {
  test::TempFolder folder;
  const std::string hex = to_hex(std::span(reinterpret_cast<const unsigned char*>(raw_key.data()), raw_key.size()));
  const auto from_hex = load_key_ring(folder.path(), Secret(hex));
  const auto from_base64 = load_key_ring(folder.path(), Secret(to_base64(raw_key) + "\n"));
  REQUIRE(from_hex);
  REQUIRE(from_base64);
  CHECK(same(*from_hex, test::test_key()));
  CHECK(same(*from_base64, test::test_key()));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "secret.key"));
}

TEST_CASE("data folder: a malformed key is refused without being shown", "[storage]") {
  test::TempFolder folder;
  for (const std::string& text : {std::string(), std::string("short"), std::string(64, 'g'), std::string(63, '0'),
                                  to_base64(std::string(31, 'k')), to_base64(std::string(33, 'k'))}) {
    INFO(text);
    const auto key = load_key_ring(folder.path(), Secret(text));
    REQUIRE(key.has_error());
    if (!text.empty()) CHECK(key.error().message.find(text) == std::string::npos);
  }
}

TEST_CASE("data folder: a key file that others may read is refused", "[storage]") {
  test::TempFolder folder;
  REQUIRE(load_key_ring(folder.path(), std::nullopt));
  REQUIRE(::chmod((folder.path() / "secret.key").c_str(), 0640) == 0);
  const auto key = load_key_ring(folder.path(), std::nullopt);
  REQUIRE(key.has_error());
  CHECK(key.error().message.find("chmod 600") != std::string::npos);
}

TEST_CASE("data folder: a lost key file is not replaced by a key that opens nothing", "[storage]") {
  test::TempStore store;
  store.close();
  const auto key = load_key_ring(store.folder(), std::nullopt);
  REQUIRE(key.has_error());
  CHECK(key.error().message.find("missing") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(store.folder() / "secret.key"));
}

TEST_CASE("data folder: a folder that cannot be made is an error and not a crash", "[storage]") {
  test::TempFolder folder;
  std::ofstream(folder.path() / "file").close();
  CHECK(DataFolder::open(folder.path() / "file" / "store").has_error());
  CHECK(load_key_ring(folder.path() / "file" / "store", std::nullopt).has_error());
}

}  // namespace
}  // namespace galley::storage
