#include "storage/key_rotation.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "storage/migrator.hpp"
#include "support/figure.hpp"
#include "support/temp_store.hpp"

namespace galley::storage {
namespace {

using test::at;
using test::make_account;
using test::make_project;
using test::numbered;
using test::TempFolder;

const Account account = make_account(1);
// Each column has a value in each row of this test.
const int sealed_in_row = static_cast<int>(sealed_columns().size());

Webhook make_webhook(std::int64_t number) {
  Webhook webhook;
  webhook.id = numbered<WebhookId>(number);
  webhook.account = account.id;
  webhook.project = make_project(number, account.id).id;
  webhook.url = "https://site.example/hook";
  webhook.created_at = webhook.updated_at = at(number);
  return webhook;
}

galley::Connection make_connection(std::int64_t number) {
  galley::Connection connection;
  connection.id = numbered<ConnectionId>(number);
  connection.account = account.id;
  connection.project = make_project(number, account.id).id;
  connection.name = "CMS";
  connection.created_at = connection.updated_at = at(number);
  return connection;
}

IdempotencyScope scope_of(std::int64_t number) {
  return {.account = account.id, .credential = "key_1", .route = "POST /x", .key = std::to_string(number)};
}

std::string secret_of(std::string_view what, std::int64_t number) {
  return std::string(what) + "-" + std::to_string(number);
}

// A folder with its own key file. Every sealed column has a value in every row of the first amount.
class Site {
 public:
  explicit Site(int amount = 0) {
    open();
    if (amount == 0) return;
    write([](Transaction& t) { return t.accounts().insert(account); });
    for (int i = 1; i <= amount; ++i)
      write([i](Transaction& t) { return add(t, i); });
  }
  static Result<void> add(Transaction& t, std::int64_t i) {
    const Project project = make_project(i, account.id);
    GALLEY_TRY(t.projects().insert(project, Secret(secret_of("first", i))));
    GALLEY_TRY(t.projects().set_webhook_secrets(account.id, project.id,
                                                {.current = Secret(secret_of("project", i)),
                                                 .previous = Secret(secret_of("before", i)),
                                                 .previous_until = at(1'000'000)}));
    GALLEY_TRY(t.connections().insert(make_connection(i), Secret(secret_of("credentials", i))));
    GALLEY_TRY(t.idempotency_records().put(scope_of(i), {.answer = Secret(secret_of("answer", i))}));
    GALLEY_TRY(t.sessions().insert_signing_key(
        {.id = numbered<SigningKeyId>(i), .secret = Secret(secret_of("signing", i)), .created_at = at(i)}));
    GALLEY_TRY(t.webhooks().insert(make_webhook(i), Secret(secret_of("own", i))));
    return t.webhooks().set_secrets(account.id, make_webhook(i).id,
                                    {.current = Secret(secret_of("webhook", i)),
                                     .previous = Secret(secret_of("own", i)),
                                     .previous_until = at(1'000'000)});
  }
  void open() { store_ = *SqliteStore::open(folder(), *load_key_ring(folder(), std::nullopt), at(0)); }
  void open_with(KeyRing ring) { store_ = *SqliteStore::open(folder(), std::move(ring), at(0)); }
  void close() { store_.reset(); }
  void reopen() {
    close();
    open();
  }
  template <class Body>
  void write(Body body) {
    REQUIRE(store_->write_and_wait(std::move(body)));
  }
  // How many of the secrets of a row can be read.
  int readable(std::int64_t i) {
    const auto read = store_->read([&](const Transaction& t) -> Result<int> {
      int count = 0;
      const auto of_project = t.projects().webhook_secrets(account.id, make_project(i, account.id).id);
      if (of_project && of_project->current.reveal() == secret_of("project", i)) ++count;
      if (of_project && of_project->previous && of_project->previous->reveal() == secret_of("before", i)) ++count;
      const auto credentials = t.connections().credentials(account.id, make_connection(i).id);
      if (credentials && credentials->reveal() == secret_of("credentials", i)) ++count;
      const auto record = t.idempotency_records().find(scope_of(i));
      if (record && *record && (*record)->answer && (*record)->answer->reveal() == secret_of("answer", i)) ++count;
      if (const auto keys = t.sessions().signing_keys())
        for (const SigningKey& key : *keys)
          if (key.id == numbered<SigningKeyId>(i) && key.secret.reveal() == secret_of("signing", i)) ++count;
      const auto of_webhook = t.webhooks().secrets(account.id, make_webhook(i).id);
      if (of_webhook && of_webhook->current.reveal() == secret_of("webhook", i)) ++count;
      if (of_webhook && of_webhook->previous && of_webhook->previous->reveal() == secret_of("own", i)) ++count;
      return count;
    });
    return read ? *read : -1;
  }
  // Rows whose secrets cannot all be read.
  int lost(int amount) {
    int count = 0;
    for (int i = 1; i <= amount; ++i)
      if (readable(i) != sealed_in_row) ++count;
    return count;
  }
  Result<Rotation> rotate(KeyOrigin origin = KeyOrigin::file) {
    return store_->rotate_key(origin, [](RotationStep) -> Result<void> { return {}; });
  }
  std::string key_file() const {
    std::ostringstream text;
    text << std::ifstream(folder() / "secret.key").rdbuf();
    return text.str();
  }
  int keys() const {
    const std::string text = key_file();
    return static_cast<int>(std::ranges::count(text, '\n'));
  }
  const std::filesystem::path& folder() const { return folder_.path(); }
  SqliteStore& operator*() { return *store_; }
  SqliteStore* operator->() { return store_.get(); }

 private:
  TempFolder folder_{};
  std::unique_ptr<SqliteStore> store_{};
};

TEST_CASE("key rotation: everything sealed opens with the new key alone", "[storage]") {
  Site site(100);
  const std::string old_file = site.key_file();
  const auto rotated = site.rotate();
  REQUIRE(rotated);
  CHECK(rotated->values == 100 * sealed_in_row);
  CHECK(rotated->resealed == 100 * sealed_in_row);
  CHECK_FALSE(rotated->resumed);
  CHECK(site.keys() == 1);
  CHECK(site.key_file() != old_file);
  struct stat status{};
  REQUIRE(::stat((site.folder() / "secret.key").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777u) == 0600u);
  CHECK_FALSE(std::filesystem::exists(site.folder() / "secret.key.new"));
  CHECK(site.lost(100) == 0);
  site.reopen();
  CHECK(site.lost(100) == 0);

  // The old key opens nothing any more.
  site.close();
  std::ofstream(site.folder() / "secret.key") << old_file;
  site.open();
  CHECK(site.readable(1) == 0);
}

TEST_CASE("key rotation: what is sealed from then on needs the new key alone", "[storage]") {
  Site site(1);
  REQUIRE(site.rotate());
  site.write([](Transaction& t) { return Site::add(t, 2); });
  CHECK(site.readable(2) == sealed_in_row);
  site.reopen();
  CHECK(site.readable(2) == sealed_in_row);
  const auto again = site.rotate();
  REQUIRE(again);
  CHECK(again->resealed == 2 * sealed_in_row);
  CHECK(site.lost(2) == 0);
}

TEST_CASE("key rotation: ended at any step it loses nothing and the next one completes it", "[storage]") {
  int steps = 0;
  constexpr int amount = 70;  // two batches a column
  for (bool ended = true; ended; ++steps) {
    INFO("after step " << steps);
    Site site(amount);
    int left = steps;
    const auto rotated = site->rotate_key(KeyOrigin::file, [&](RotationStep) -> Result<void> {
      if (left-- == 0) return unavailable("Killed.");
      return {};
    });
    ended = rotated.has_error();
    // As it runs on, and as it is found after a kill.
    CHECK(site.lost(amount) == 0);
    site.reopen();
    CHECK(site.lost(amount) == 0);
    // What is sealed meanwhile stays readable too.
    site.write([](Transaction& t) { return Site::add(t, 1000); });
    const int keys = site.keys();
    const auto next = site.rotate();
    REQUIRE(next);
    CHECK(next->resumed == (keys == 2));
    CHECK(site.keys() == 1);
    CHECK(site.lost(amount) == 0);
    site.reopen();
    CHECK(site.lost(amount) == 0);
    CHECK(site.readable(1000) == sealed_in_row);
  }
  test::print_figure("key rotation: ended after each of " + std::to_string(steps - 1) + " steps");
  CHECK(steps - 1 >= 4 + 2 * sealed_in_row);
}

TEST_CASE("key rotation: a half-written key file is never found", "[storage]") {
  Site site(1);
  // What a kill in the middle of writing leaves.
  std::ofstream(site.folder() / "secret.key.new") << "half a k";
  site.reopen();
  REQUIRE(site.rotate());
  CHECK(site.lost(1) == 0);
  CHECK_FALSE(std::filesystem::exists(site.folder() / "secret.key.new"));
}

TEST_CASE("key rotation: a key file that cannot be written changes nothing", "[storage]") {
  Site site(1);
  std::filesystem::create_directory(site.folder() / "secret.key.new");
  const std::string before = site.key_file();
  CHECK(site.rotate().has_error());
  CHECK(site.key_file() == before);
  CHECK(site.lost(1) == 0);
}

TEST_CASE("key rotation: while it runs others seal and read, and nothing needs the old key at its end", "[storage]") {
  Site site(200);
  std::atomic<bool> done = false;
  std::atomic<int> last = 200;
  std::atomic<int> unreadable = 0;
  std::thread writer([&] {
    while (!done) {
      const int next = last + 1;
      if (site->write_and_wait([next](Transaction& t) { return Site::add(t, next); }).has_value()) last = next;
    }
  });
  std::thread reader([&] {
    for (int i = 1; !done; i = i % last + 1)
      if (site.readable(i) != sealed_in_row) ++unreadable;
  });
  std::int64_t resealed = 0;
  for (int i = 0; i < 5; ++i) {
    const auto rotated = site.rotate();
    CHECK(rotated);
    if (rotated) resealed += rotated->resealed;
  }
  done = true;
  writer.join();
  reader.join();
  CHECK(unreadable == 0);
  site.reopen();
  CHECK(site.keys() == 1);
  CHECK(site.lost(last) == 0);
  test::print_figure("key rotation: " + std::to_string(resealed) + " values sealed anew in 5 rotations while " +
                     std::to_string(last - 200) + " rows were added");
}

TEST_CASE("key rotation: one at a time", "[storage]") {
  Site site(1);
  int refused = 0;
  const auto watch = [&](RotationStep) -> Result<void> {
    // From another thread: a mutex must not be tried by its owner.
    std::thread([&] {
      const auto second = site.rotate();
      if (second.has_error() && second.error().code == ErrorCode::conflict) ++refused;
    }).join();
    return {};
  };
  REQUIRE(site->rotate_key(KeyOrigin::file, watch));
  CHECK(refused >= 4);
}

TEST_CASE("key rotation: a value that no key opens is told of, and then the old key stays", "[storage]") {
  Site site(3);
  site.close();
  {
    const auto raw = *SqliteConnection::open(site.folder() / "galley.db", SqliteConnection::Access::writer);
    Query damage = raw->query("UPDATE connections SET credentials = x'01020304' WHERE id = $id");
    REQUIRE(damage.bind("id", make_connection(2).id).run());
    REQUIRE(raw->changes() == 1);
  }
  site.open();
  const auto refused = site.rotate();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().message.find("connections.credentials of " + make_connection(2).id.text()) !=
        std::string::npos);
  CHECK(site.keys() == 2);
  CHECK(site.readable(1) == sealed_in_row);
  // Set anew, it no longer stands in the way.
  site.write([](Transaction& t) {
    return t.connections().set_credentials(account.id, make_connection(2).id, Secret(secret_of("credentials", 2)));
  });
  const auto rotated = site.rotate();
  REQUIRE(rotated);
  CHECK(rotated->resumed);
  CHECK(site.keys() == 1);
  CHECK(site.lost(3) == 0);
}

TEST_CASE("key rotation: given keys are sealed to the first and no file is touched", "[storage]") {
  Site site(10);
  const KeyRing old = *load_key_ring(site.folder(), std::nullopt);
  const std::string file = site.key_file();
  const auto alone = site.rotate(KeyOrigin::given);
  REQUIRE(alone.has_error());
  CHECK(alone.error().code == ErrorCode::conflict);

  const KeyRing both = old.with_new_key();
  site.close();
  site.open_with(both);
  const auto rotated = site.rotate(KeyOrigin::given);
  REQUIRE(rotated);
  CHECK(rotated->resealed == 10 * sealed_in_row);
  CHECK(site.key_file() == file);
  site.close();
  site.open_with(KeyRing(both.current()));
  CHECK(site.lost(10) == 0);
}

TEST_CASE("key rotation: a key file that was exchanged under a running server is not believed", "[storage]") {
  Site site(1);
  TempFolder other;
  REQUIRE(load_key_ring(other.path(), std::nullopt));
  std::filesystem::copy_file(other.path() / "secret.key", site.folder() / "secret.key",
                             std::filesystem::copy_options::overwrite_existing);
  const std::string before = site.key_file();
  const auto refused = site.rotate();
  REQUIRE(refused.has_error());
  CHECK(refused.error().message.find("in use") != std::string::npos);
  CHECK(site.key_file() == before);
  CHECK(site.lost(1) == 0);
}

// Whoever adds a BLOB column says here or in sealed_columns() what it is.
TEST_CASE("sealed columns: every column of bytes is one of them or no secret", "[storage]") {
  const std::vector<std::string> no_secrets{"api_keys.digest",        "audit_entries.hash",
                                            "audit_entries.previous", "idempotency_records.request",
                                            "refresh_tokens.digest",  "password_tokens.digest"};
  Site site;
  site.close();
  const auto raw = *SqliteConnection::open(site.folder() / "galley.db", SqliteConnection::Access::reader);
  // Not the tables that FTS keeps its index in.
  Query columns = raw->query(
      "SELECT m.name, c.name FROM pragma_table_list AS m, pragma_table_info(m.name) AS c "
      "WHERE m.schema = 'main' AND m.type = 'table' AND c.type = 'BLOB' ORDER BY m.name, c.cid");
  std::vector<std::string> found;
  while (*columns.step())
    found.push_back(columns.row().get<std::string>(0) + "." + columns.row().get<std::string>(1));
  std::size_t sealed = 0;
  for (const std::string& column : found) {
    INFO(column);
    const bool is_sealed = std::ranges::any_of(sealed_columns(), [&](const SealedColumn& one) {
      return std::string(one.table) + "." + std::string(one.column) == column;
    });
    if (is_sealed) ++sealed;
    CHECK((is_sealed || std::ranges::find(no_secrets, column) != no_secrets.end()));
  }
  CHECK(sealed == sealed_columns().size());
}

TEST_CASE("sealed columns: sealing for another column is a bug that shows at once", "[storage]") {
  const Sealer sealer(test::test_key());
  const SealedPlace place{.table = "accounts", .column = "name", .row = "acc_1", .account = account.id};
  CHECK_THROWS_AS(sealer.seal(Secret("text"), place), std::logic_error);
}

}  // namespace
}  // namespace galley::storage
