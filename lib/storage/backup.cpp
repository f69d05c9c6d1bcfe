#include "storage/backup.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "storage/data_folder.hpp"
#include "storage/file_descriptor.hpp"
#include "storage/sqlite/sqlite_connection.hpp"

namespace galley::storage {
namespace {

constexpr std::array<std::string_view, 6> own_files{"galley.db",   "galley.db-wal", "galley.db-shm",
                                                    "galley.lock", "secret.key",    "control.sock"};

Result<void> check_target(const std::filesystem::path& target, IfThere if_there) {
  const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : ".";
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) return cannot("write into", folder);
  const bool own = std::ranges::find(own_files, target.filename().string()) != own_files.end();
  // A database's own name in any folder that looks like a data folder: with replace it would be gone.
  if (own && ::access((folder / "galley.lock").c_str(), F_OK) == 0)
    return conflict(target.string() + " belongs to a data folder. Give the backup another name.");
  if (::lstat(target.c_str(), &status) != 0) return {};
  if (!S_ISREG(status.st_mode)) return conflict(target.string() + " is there, and is no file that could be replaced.");
  if (if_there == IfThere::refuse) return conflict(target.string() + " is there already.");
  return {};
}

Result<void> give_name(const std::filesystem::path& draft, const std::filesystem::path& target, IfThere if_there) {
  // Where somebody else was faster, his file stays. NFS cannot rename so, and has links; FAT has no links.
  const unsigned flags = if_there == IfThere::replace ? 0 : RENAME_NOREPLACE;
  const bool named = ::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, target.c_str(), flags) == 0 ||
                     (flags != 0 && errno == EINVAL && ::link(draft.c_str(), target.c_str()) == 0);
  if (!named) return cannot("make", target);
  return sync_folder(target.parent_path());
}

Result<std::string> first_fault(Connection& connection) {
  Query integrity = connection.query("PRAGMA integrity_check(1)");
  if (!GALLEY_TRY(integrity.step())) return std::string("no answer");
  auto found = integrity.row().get<std::string>(0);
  if (found != "ok") return found;
  Query references = connection.query("PRAGMA foreign_key_check");
  if (!GALLEY_TRY(references.step())) return std::string();
  return "a row of " + references.row().get<std::string>(0) + " refers to one that is not there";
}

Result<bool> has_table(Connection& connection, std::string_view name) {
  Query table = connection.query(connection.specific().find_table);
  return GALLEY_TRY(table.bind("table", name).step());
}

Result<std::int64_t> count_articles(Connection& connection) {
  if (!GALLEY_TRY(has_table(connection, "articles"))) return 0;
  Query query = connection.query("SELECT count(*) FROM articles");
  if (!GALLEY_TRY(query.step())) return 0;
  return query.row().get<std::int64_t>(0);
}

Result<Verified> look_through(Connection& connection, std::span<const Migration> known) {
  const std::string fault = GALLEY_TRY(first_fault(connection));
  if (!fault.empty()) return conflict("It is damaged: " + fault + ".");
  if (!GALLEY_TRY(has_table(connection, "schema_migrations"))) return conflict("It is no database of Galley.");
  Verified verified;
  for (const Migration& migration : GALLEY_TRY(Migrator(connection, known).check()))
    verified.pending.emplace_back(migration.name);
  verified.articles = GALLEY_TRY(count_articles(connection));
  return verified;
}

}  // namespace

Draft::~Draft() {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})
    ::unlink((path_.string() + suffix).c_str());
}

Result<Verified> verify_database(const std::filesystem::path& file, const std::string& name,
                                 std::span<const Migration> known) {
  const auto verify = [&]() -> Result<Verified> {
    GALLEY_TRY(fold_log(file));
    const auto connection = GALLEY_TRY(SqliteConnection::open(file, SqliteConnection::Access::reader));
    return look_through(*connection, known);
  };
  Result<Verified> verified = verify();
  if (verified.has_value()) return verified;
  Error error = verified.error();
  // What SQLite says of a file that is none of its own, or that is torn.
  if (error.code == ErrorCode::internal) error = conflict("It is no sound database: " + error.cause + ".");
  error.message = name + " cannot be used. " + error.message;
  return error;
}

Result<Backup> back_up(const std::filesystem::path& database, const std::filesystem::path& target, IfThere if_there,
                       const CopyPace& pace, std::span<const Migration> known) {
  GALLEY_TRY(check_target(target, if_there));
  std::error_code problem;
  const auto size = std::filesystem::file_size(database, problem);
  if (problem || size == 0) return not_found("database", database.string());
  const Draft draft(target.string() + ".partial");
  GALLEY_TRY(write_file(draft.path(), {}));
  GALLEY_TRY(copy_database(database, draft.path(), pace));
  const Verified verified = GALLEY_TRY(verify_database(draft.path(), "The copy", known));
  const Backup backup{.bytes = std::filesystem::file_size(draft.path(), problem), .articles = verified.articles};
  GALLEY_TRY(give_name(draft.path(), target, if_there));
  return backup;
}

}  // namespace galley::storage
