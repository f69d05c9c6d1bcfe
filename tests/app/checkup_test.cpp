#include "app/checkup.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "app/backend.hpp"
#include "app/command_runs.hpp"
#include "app/settings.hpp"
#include "base/json.hpp"
#include "storage/key_file.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_store.hpp"

using namespace galley;
using namespace galley::app;
using galley::test::TempFolder;

namespace {

Config config_of(const TempFolder& folder) {
  Config config;
  config.data = folder.path() / "data";
  config.listen.port = 0;
  return config;
}

// A folder that was served from and closed.
void make_site(const Config& config) {
  const auto backend = Backend::open(config);
  REQUIRE(backend);
}

Check check_named(const Config& config, std::string_view name, const Clock& clock = SystemClock()) {
  for (Check& check : check_installation(config, clock))
    if (check.name == name) return check;
  FAIL("there is no such check: " << name);
  return {};
}

}  // namespace

TEST_CASE("doctor: a site that was served from is well", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  for (const char* name : {"data folder", "key", "files", "schema", "integrity", "listen", "public-url", "outbound"}) {
    const Check check = check_named(config, name);
    INFO(name << ": " << check.seen);
    CHECK(check.health == Health::ok);
    CHECK(check.advice.empty());
    CHECK_FALSE(check.seen.empty());
  }
}

TEST_CASE("doctor: what is not there yet is a warning, and is not made", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  for (const char* name : {"data folder", "key", "schema"})
    CHECK(check_named(config, name).health == Health::warn);
  CHECK_FALSE(std::filesystem::exists(config.data));
}

TEST_CASE("doctor: a folder that others may look into is a warning with the remedy", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  REQUIRE(::chmod(config.data.c_str(), 0755) == 0);
  const Check check = check_named(config, "data folder");
  CHECK(check.health == Health::warn);
  CHECK(check.seen.find("0755") != std::string::npos);
  CHECK(check.advice.find("chmod 700") != std::string::npos);
}

TEST_CASE("doctor: a key that others may read, is malformed or is missing is a failure", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  const std::filesystem::path key = config.data / "secret.key";
  REQUIRE(::chmod(key.c_str(), 0644) == 0);
  CHECK(check_named(config, "key").health == Health::fail);
  REQUIRE(::chmod(key.c_str(), 0600) == 0);
  test::write_file(key, "not a key\n");
  CHECK(check_named(config, "key").health == Health::fail);
  std::filesystem::remove(key);
  CHECK(check_named(config, "key").health == Health::fail);
  CHECK_FALSE(std::filesystem::exists(key));
}

TEST_CASE("doctor: a key that is being exchanged is a warning with the remedy", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  const auto ring = storage::load_key_ring(config.data, std::nullopt);
  REQUIRE(ring);
  REQUIRE(storage::write_key_file(config.data, ring->with_new_key()));
  const Check check = check_named(config, "key");
  CHECK(check.health == Health::warn);
  CHECK(check.seen.find("2 keys") != std::string::npos);
  CHECK(check.advice.find("rotate-master") != std::string::npos);
}

TEST_CASE("doctor: a file that others may read is a warning with the remedy", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  const std::filesystem::path copy = config.data / "galley.db.before-0002";
  test::write_file(copy, "a copy");
  REQUIRE(::chmod(copy.c_str(), 0644) == 0);
  const Check check = check_named(config, "files");
  CHECK(check.health == Health::warn);
  CHECK(check.advice.find("chmod 600 " + copy.string()) != std::string::npos);
}

TEST_CASE("doctor: a damaged database is a failure", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  std::fstream file(config.data / "galley.db", std::ios::in | std::ios::out | std::ios::binary);
  // Behind the header's page, so that it opens.
  file.seekp(4096);
  file << std::string(16384, '\xAA');
  file.close();
  bool failed = false;
  for (const Check& check : check_installation(config, SystemClock()))
    if (check.name == "integrity" || check.name == "schema") failed = failed || check.health == Health::fail;
  CHECK(failed);
}

TEST_CASE("doctor: a clock behind the database, or before this program, is a failure", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  const test::ManualClock early(Time(Milliseconds(1'000'000'000'000)));
  int failures = 0;
  for (const Check& check : check_installation(config, early))
    if (check.name == "clock" && check.health == Health::fail) ++failures;
  CHECK(failures == 2);
}

TEST_CASE("doctor: a port that another program has is a failure, one of our own server's is not", "[app]") {
  const TempFolder folder;
  Config config = config_of(folder);
  const auto taken = http::Listener::bind({"127.0.0.1", 0});
  REQUIRE(taken);
  config.listen = taken->local();
  make_site(config);
  const Check foreign = check_named(config, "listen");
  CHECK(foreign.health == Health::fail);
  CHECK(foreign.seen.find("another program") != std::string::npos);
  // Now this process holds the folder's lock, and it is the one that listens.
  const auto backend = Backend::open(config);
  REQUIRE(backend);
  const Check own = check_named(config, "listen");
  CHECK(own.health == Health::ok);
  CHECK(own.seen.find("with this data folder") != std::string::npos);
}

TEST_CASE("doctor: an address that is not this machine's is a failure", "[app]") {
  const TempFolder folder;
  Config config = config_of(folder);
  config.listen = {"192.0.2.1", 8080};
  CHECK(check_named(config, "listen").health == Health::fail);
}

TEST_CASE("doctor: beyond loopback public-url is asked for, and development settings are warned of", "[app]") {
  const TempFolder folder;
  Config config = config_of(folder);
  config.listen.host = "0.0.0.0";
  config.egress.allow_insecure = true;
  CHECK(check_named(config, "public-url").health == Health::warn);
  CHECK(check_named(config, "outbound").health == Health::warn);
  config.public_url = "https://content.example";
  config.egress.allow_insecure = false;
  CHECK(check_named(config, "public-url").health == Health::ok);
  CHECK(check_named(config, "outbound").health == Health::ok);
}

TEST_CASE("doctor: its exit is 1 where a check fails, and each check is a line", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  const std::vector<std::string> arguments{"doctor", "--data", config.data.string(), "--listen", "192.0.2.1:80"};
  const auto ended = test::run_command(arguments);
  CHECK(ended.status == 1);
  for (const std::string& line : test::lines_of(ended.out))
    CHECK((line.starts_with("ok    ") || line.starts_with("warn  ") || line.starts_with("fail  ")));
  const auto bad = test::run_command({"doctor", "--threads", "0"});
  CHECK(bad.status == 1);
  CHECK(bad.out.find("threads must be") != std::string::npos);
}

TEST_CASE("doctor: --json carries the same findings", "[app]") {
  const TempFolder folder;
  const Config config = config_of(folder);
  make_site(config);
  const std::vector<std::string> arguments{"doctor",   "--json",      "--data", config.data.string(),
                                           "--listen", "192.0.2.1:80"};
  const auto ended = test::run_command(arguments);
  const auto found = json::parse(ended.out);
  REQUIRE(found);
  REQUIRE(found->find("ok")->boolean() != nullptr);
  CHECK_FALSE(*found->find("ok")->boolean());
  REQUIRE(found->find("checks")->array() != nullptr);
  CHECK(found->find("checks")->array()->size() >= 10);
}
