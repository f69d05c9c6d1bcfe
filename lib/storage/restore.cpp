#include "storage/restore.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "storage/backup.hpp"
#include "storage/data_folder.hpp"
#include "storage/file_descriptor.hpp"
#include "storage/inspection.hpp"
#include "storage/key_file.hpp"
#include "storage/sealed_values.hpp"
#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::storage {
namespace {

constexpr std::size_t key_size = 32;
constexpr int max_same_second = 100;

std::filesystem::path beside(const std::filesystem::path& database, const char* suffix) {
  return database.string() + suffix;
}

// "20261125T223000Z"
std::string compact(Time time) {
  std::string text = to_rfc3339(time).substr(0, 19) + "Z";
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

Result<void> check_source(const std::filesystem::path& file, const std::filesystem::path& database) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return cannot("read", file);
  if (!S_ISREG(status.st_mode)) return conflict(file.string() + " is no file.");
  std::error_code problem;
  if (std::filesystem::equivalent(file, database, problem))
    return conflict(file.string() + " is the folder's own database.");
  // Its bytes would be of several instants.
  if (const auto holder = holder_of(file.parent_path()); holder && file.filename() == database.filename())
    return conflict(file.string() + " is in use by process " + std::to_string(*holder) +
                    ". Make a copy of it with galley backup, and restore that.");
  return {};
}

// All of it in the draft: the file is left alone, and may lie where nothing can be written.
Result<Verified> take_copy(const std::filesystem::path& file, const Draft& draft) {
  GALLEY_TRY(copy_content(file, draft.path()));
  // Of a folder that was copied as it was: what stands in the log is not in the file yet.
  if (std::error_code problem; std::filesystem::exists(beside(file, "-wal"), problem))
    GALLEY_TRY(copy_content(beside(file, "-wal"), beside(draft.path(), "-wal")));
  const Verified verified = GALLEY_TRY(verify_database(draft.path(), file.string()));
  GALLEY_TRY(sync_file(draft.path()));
  return verified;
}

// How many of the draft's secrets would be lost with the folder's keys.
Result<std::int64_t> check_secrets(const Draft& draft, const std::filesystem::path& folder,
                                   const std::optional<Secret>& given, SealedWithOtherKey other_key) {
  const auto connection = GALLEY_TRY(SqliteConnection::open(draft.path(), SqliteConnection::Access::reader));
  std::error_code problem;
  const bool has_key = given || std::filesystem::exists(key_file_in(folder), problem);
  // Without one any will do: it opens nothing, and so everything is counted.
  KeyRing ring = has_key ? GALLEY_TRY(load_key_ring(folder, given))
                         : KeyRing(GALLEY_TRY(SealingKey::from_bytes(Secret(random_bytes(key_size)))));
  const SealedSurvey survey = GALLEY_TRY(survey_sealed(*connection, Sealer(std::move(ring))));
  if (survey.unreadable == 0 || other_key == SealedWithOtherKey::accept) return survey.unreadable;
  const std::string counted = std::to_string(survey.unreadable) + " of the " + std::to_string(survey.values) +
                              " secrets in the backup (the first is " + survey.first_unreadable + ") ";
  if (!has_key)
    return conflict(counted + "need the key that they were sealed with, and " + folder.string() +
                    " has none. Put the secret.key that belongs to the backup there, or set GALLEY_SECRET_KEY.");
  return conflict(counted + "open with no key of " + folder.string() +
                  ": the backup belongs to another one. Add that key to secret.key as one more line.");
}

// The database that is there, under another name as well; nothing where there is none. It stays in its place until the
// new one takes that.
Result<std::optional<std::filesystem::path>> keep_aside(const DataFolder& folder, Time now) {
  const std::filesystem::path database = folder.database();
  if (!has_database(folder.path())) {
    ::unlink(beside(database, "-wal").c_str());
    return std::optional<std::filesystem::path>();
  }
  // A log that stayed behind would be taken for the new database's.
  const bool folded = fold_log(database).has_value();
  const std::string name = database.string() + ".replaced-" + compact(now);
  std::filesystem::path aside = name;
  for (int i = 2; ::link(database.c_str(), aside.c_str()) != 0; ++i) {
    if (errno != EEXIST || i > max_same_second) return cannot("make", aside);
    aside = name + "-" + std::to_string(i);
  }
  if (!folded) {
    // Too damaged for SQLite to open it: the two files are kept as they are. Between here and the exchange the folder
    // has the damaged file without its log, and the pair is whole under its new name.
    if (::rename(beside(database, "-wal").c_str(), beside(aside, "-wal").c_str()) != 0 && errno != ENOENT)
      return cannot("rename", beside(database, "-wal"));
    ::unlink(beside(database, "-shm").c_str());
  }
  return std::optional(aside);
}

}  // namespace

Result<Restored> restore(const std::filesystem::path& file, const std::filesystem::path& folder,
                         const std::optional<Secret>& given, Time now, SealedWithOtherKey other_key) {
  GALLEY_TRY(check_source(file, database_in(folder)));
  Result<DataFolder> locked = DataFolder::open(folder);
  if (locked.has_error()) {
    Error error = locked.error();
    error.message += " A database is exchanged while nobody uses it: stop the server first.";
    return error;
  }
  const Draft draft(beside(locked->database(), ".restored"));
  const Verified verified = GALLEY_TRY(take_copy(file, draft));
  Restored restored{.articles = verified.articles, .pending = verified.pending};
  restored.unreadable = GALLEY_TRY(check_secrets(draft, folder, given, other_key));
  // A folder without a database gets its key now: with one and no secrets sealed, nobody could say which is missing.
  if (restored.unreadable == 0 && !has_database(folder)) GALLEY_TRY(load_key_ring(folder, given));
  restored.replaced = GALLEY_TRY(keep_aside(*locked, now));
  if (::rename(draft.path().c_str(), locked->database().c_str()) != 0) return cannot("write", locked->database());
  GALLEY_TRY(sync_folder(folder));
  return restored;
}

}  // namespace galley::storage
