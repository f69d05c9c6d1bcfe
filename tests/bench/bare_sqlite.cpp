// What SQLite alone can do: the rows of one request, inserted as fast as group commits allow. The bound for durable
// writes.
//   bare_sqlite DATABASE STATEMENTS SECONDS CLIENTS
// STATEMENTS: a file of INSERTs, each ended by a line "--", with ?1 where a request's own text stands. Each transaction
// holds the rows of CLIENTS requests: what waits while the one before commits. Prints one line of JSON.
#include <sqlite3.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

void must(int code, sqlite3* database) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  std::cerr << sqlite3_errmsg(database) << '\n';
  std::exit(1);
}

void run(sqlite3* database, const char* sql) {
  must(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), database);
}

std::vector<sqlite3_stmt*> prepare_all(sqlite3* database, const char* path) {
  std::vector<sqlite3_stmt*> statements;
  std::ifstream file(path);
  std::string sql;
  for (std::string line; std::getline(file, line);) {
    if (line != "--") {
      sql += line + '\n';
      continue;
    }
    sqlite3_stmt* statement = nullptr;
    must(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), database);
    statements.push_back(statement);
    sql.clear();
  }
  return statements;
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::cerr << "usage: bare_sqlite DATABASE STATEMENTS SECONDS CLIENTS\n";
    return 2;
  }
  sqlite3* database = nullptr;
  must(sqlite3_open_v2(arguments[1], &database, SQLITE_OPEN_READWRITE, nullptr), database);
  run(database, "PRAGMA journal_mode=WAL");
  run(database, "PRAGMA synchronous=FULL");
  run(database, "PRAGMA foreign_keys=ON");
  const std::vector<sqlite3_stmt*> statements = prepare_all(database, arguments[2]);
  const double limit = std::strtod(arguments[3], nullptr);
  const long clients = std::strtol(arguments[4], nullptr, 10);

  // Numbers begin with the time, so that a database can be used for several rounds.
  long long number =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  long long requests = 0;
  double elapsed = 0;
  const double processor_before = processor_seconds();
  const auto started = std::chrono::steady_clock::now();
  while (elapsed < limit) {
    run(database, "BEGIN IMMEDIATE");
    for (long i = 0; i < clients; ++i) {
      char own[32];
      const int length = std::snprintf(own, sizeof own, "%018lld", number++);
      for (sqlite3_stmt* statement : statements) {
        sqlite3_bind_text(statement, 1, own, length, SQLITE_TRANSIENT);
        must(sqlite3_step(statement), database);
        must(sqlite3_reset(statement), database);
      }
    }
    run(database, "COMMIT");
    requests += clients;
    elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }
  std::printf("{\"requests\":%lld,\"seconds\":%.6f,\"errors\":0,\"processor\":%.6f}\n", requests, elapsed,
              processor_seconds() - processor_before);
  for (sqlite3_stmt* statement : statements)
    sqlite3_finalize(statement);
  sqlite3_close(database);
}
