#include "storage/restore.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "storage/backup.hpp"
#include "storage/key_file.hpp"
#include "support/temp_store.hpp"

namespace galley::storage {
namespace {

using test::at;
using test::make_account;
using test::make_project;
using test::TempFolder;

const SystemClock wall;
const Account account = make_account(1);
const Project project = make_project(1, account.id);

// A data folder with its own key, one account, and a project whose webhook secret is "s3cret".
class Site {
 public:
  explicit Site(const std::filesystem::path& folder) : folder_(folder) { open(); }
  void open() { store_ = *SqliteStore::open(folder_, *load_key_ring(folder_, std::nullopt), at(0)); }
  void close() { store_.reset(); }
  void fill() {
    REQUIRE(store_->write_and_wait([](Transaction& t) -> Result<void> {
      GALLEY_TRY(t.accounts().insert(account));
      return t.projects().insert(project, Secret("s3cret"));
    }));
  }
  void add_account(std::int64_t number) {
    REQUIRE(store_->write_and_wait([&](Transaction& t) { return t.accounts().insert(make_account(number)); }));
  }
  std::size_t accounts() {
    return store_->read([](const Transaction& t) { return t.accounts().all(100); })->size();
  }
  bool secret_opens() {
    const auto secrets =
        store_->read([](const Transaction& t) { return t.projects().webhook_secrets(account.id, project.id); });
    return secrets.has_value() && secrets->current.reveal() == "s3cret";
  }
  SqliteStore& store() { return *store_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<SqliteStore> store_{};
};

// A site with two accounts, a backup from when it had one, and its key.
struct Setting {
  Setting() : site(folder.path() / "data") {
    site.fill();
    REQUIRE(site.store().back_up(backup, IfThere::refuse, wall));
    site.add_account(2);
  }
  Result<Restored> restore_into(const std::filesystem::path& target,
                                SealedWithOtherKey other_key = SealedWithOtherKey::refuse) {
    return restore(backup, target, std::nullopt, at(0), other_key);
  }
  TempFolder folder{};
  std::filesystem::path data = folder.path() / "data";
  std::filesystem::path backup = folder.path() / "backup.db";
  Site site;
};

TEST_CASE("restore: the backup takes the place of the database, which is kept whole", "[storage]") {
  Setting setting;
  setting.site.close();
  const auto restored = setting.restore_into(setting.data);
  REQUIRE(restored);
  REQUIRE(restored->replaced);
  CHECK(restored->replaced->filename() == "galley.db.replaced-20260101T000000Z");
  CHECK(restored->unreadable == 0);
  CHECK(restored->pending.empty());
  setting.site.open();
  CHECK(setting.site.accounts() == 1);
  CHECK(setting.site.secret_opens());
  setting.site.close();
  // And back again.
  REQUIRE(restore(*restored->replaced, setting.data, std::nullopt, at(0), SealedWithOtherKey::refuse));
  setting.site.open();
  CHECK(setting.site.accounts() == 2);
}

TEST_CASE("restore: a log that a killed process left neither gets lost nor into the new database", "[storage]") {
  Setting setting;
  const std::filesystem::path killed = setting.folder.path() / "killed";
  std::filesystem::create_directory(killed);
  // What a kill leaves: the files as they are while the store is open.
  for (const char* name : {"galley.db", "galley.db-wal", "secret.key"})
    std::filesystem::copy_file(setting.data / name, killed / name);
  REQUIRE(std::filesystem::file_size(killed / "galley.db-wal") > 0);
  const auto restored = setting.restore_into(killed);
  REQUIRE(restored);
  CHECK_FALSE(std::filesystem::exists(killed / "galley.db-wal"));
  {
    Site site(killed);
    CHECK(site.accounts() == 1);
  }
  REQUIRE(restore(*restored->replaced, killed, std::nullopt, at(1000), SealedWithOtherKey::refuse));
  Site site(killed);
  CHECK(site.accounts() == 2);
}

TEST_CASE("restore: a copy of a folder's files is taken with its log", "[storage]") {
  Setting setting;
  const std::filesystem::path copied = setting.folder.path() / "copied.db";
  std::filesystem::copy_file(setting.data / "galley.db", copied);
  std::filesystem::copy_file(setting.data / "galley.db-wal", copied.string() + "-wal");
  const auto size = std::filesystem::file_size(copied.string() + "-wal");
  setting.site.close();
  REQUIRE(restore(copied, setting.data, std::nullopt, at(0), SealedWithOtherKey::refuse));
  setting.site.open();
  CHECK(setting.site.accounts() == 2);
  // The files that were given are as they were.
  CHECK(std::filesystem::file_size(copied.string() + "-wal") == size);
}

TEST_CASE("restore: a damaged database is kept as it is, with its log", "[storage]") {
  Setting setting;
  setting.site.close();
  std::ofstream(setting.data / "galley.db") << std::string(8192, 'x');
  std::ofstream(setting.data / "galley.db-wal") << "a log";
  const auto restored = setting.restore_into(setting.data);
  REQUIRE(restored);
  CHECK(std::filesystem::file_size(*restored->replaced) == 8192);
  CHECK(std::filesystem::file_size(restored->replaced->string() + "-wal") == 5);
  setting.site.open();
  CHECK(setting.site.accounts() == 1);
}

TEST_CASE("restore: while a process uses the folder it is refused, and says what to do", "[storage]") {
  Setting setting;
  const auto refused = setting.restore_into(setting.data);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().message.find("stop the server") != std::string::npos);
  CHECK(setting.site.accounts() == 2);
}

TEST_CASE("restore: a database in use is no backup", "[storage]") {
  Setting setting;
  const auto refused = restore(setting.data / "galley.db", setting.folder.path() / "other", std::nullopt, at(0),
                               SealedWithOtherKey::accept);
  REQUIRE(refused.has_error());
  CHECK(refused.error().message.find("galley backup") != std::string::npos);
  setting.site.close();
  CHECK(restore(setting.data / "galley.db", setting.data, std::nullopt, at(0), SealedWithOtherKey::accept).has_error());
}

TEST_CASE("restore: a new folder is made, and wants the key first", "[storage]") {
  Setting setting;
  const std::filesystem::path fresh = setting.folder.path() / "deep" / "fresh";
  const auto refused = setting.restore_into(fresh);
  REQUIRE(refused.has_error());
  CHECK(refused.error().message.find("secret.key") != std::string::npos);
  CHECK_FALSE(has_database(fresh));
  CHECK_FALSE(std::filesystem::exists(fresh / "secret.key"));
  std::filesystem::copy_file(setting.data / "secret.key", fresh / "secret.key");
  const auto restored = setting.restore_into(fresh);
  REQUIRE(restored);
  CHECK_FALSE(restored->replaced);
  Site site(fresh);
  CHECK(site.accounts() == 1);
  CHECK(site.secret_opens());
}

TEST_CASE("restore: a backup without secrets needs no key and gets one", "[storage]") {
  TempFolder folder;
  const std::filesystem::path backup = folder.path() / "backup.db";
  {
    Site site(folder.path() / "data");
    site.add_account(7);
    REQUIRE(site.store().back_up(backup, IfThere::refuse, wall));
  }
  REQUIRE(restore(backup, folder.path() / "fresh", std::nullopt, at(0), SealedWithOtherKey::refuse));
  Site site(folder.path() / "fresh");
  CHECK(site.accounts() == 1);
}

TEST_CASE("restore: secrets of another key are told of before anything is replaced", "[storage]") {
  Setting setting;
  const std::filesystem::path other = setting.folder.path() / "other";
  {
    Site site(other);
    site.add_account(5);
    site.add_account(6);
    site.add_account(7);
  }
  const auto refused = setting.restore_into(other);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().message.find("another one") != std::string::npos);
  {
    Site site(other);
    CHECK(site.accounts() == 3);
  }
  const auto forced = setting.restore_into(other, SealedWithOtherKey::accept);
  REQUIRE(forced);
  CHECK(forced->unreadable == 1);
  {
    Site site(other);
    CHECK(site.accounts() == 1);
    CHECK_FALSE(site.secret_opens());
  }
  // The remedy that the message names.
  std::ofstream(other / "secret.key", std::ios::app) << std::ifstream(setting.data / "secret.key").rdbuf();
  Site site(other);
  CHECK(site.secret_opens());
}

TEST_CASE("restore: what is no backup changes nothing", "[storage]") {
  Setting setting;
  setting.site.close();
  const std::filesystem::path text = setting.folder.path() / "text";
  std::ofstream(text) << std::string(9000, 'x');
  for (const auto& file : {text, setting.folder.path() / "missing", setting.folder.path()}) {
    INFO(file);
    const auto refused = restore(file, setting.data, std::nullopt, at(0), SealedWithOtherKey::accept);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().message.find(file.string()) != std::string::npos);
  }
  setting.site.open();
  CHECK(setting.site.accounts() == 2);
}

}  // namespace
}  // namespace galley::storage
