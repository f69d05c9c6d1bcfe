// A real store in a folder of its own that goes with it.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "domain/store.hpp"
#include "storage/sqlite_store.hpp"
#include "support/result_text.hpp"

namespace galley::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "galley-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline SealingKey test_key() {
  return *SealingKey::from_bytes(Secret(std::string(32, 'k')));
}

// Milliseconds of 2026 onwards: any order that a test wants.
inline Time at(std::int64_t milliseconds) {
  return Time(Milliseconds(1'767'225'600'000 + milliseconds));
}

// Every io_context whose coroutines use it is declared before it.
class TempStore {
 public:
  explicit TempStore(storage::StoreLimits limits = {}) : limits_(limits) { reopen(); }

  // Closes and opens it again: what is there now was on the disk.
  void reopen() {
    store_.reset();
    auto opened = storage::SqliteStore::open(folder_.path(), test_key(), at(0), limits_);
    if (opened.has_error()) throw std::runtime_error(opened.error().message + " " + opened.error().cause);
    store_ = *std::move(opened);
  }
  void close() { store_.reset(); }
  const std::filesystem::path& folder() const { return folder_.path(); }

  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }

  // Writes that must succeed: what a test stands on.
  template <class Body>
  auto write(Body body) {
    auto outcome = store_->write_and_wait(std::move(body));
    if (outcome.has_error()) throw std::runtime_error(outcome.error().message + " " + outcome.error().cause);
    return outcome;
  }

 private:
  storage::StoreLimits limits_;
  TempFolder folder_{};
  std::unique_ptr<storage::SqliteStore> store_{};
};

// "acc_000000000007" and so on.
template <class T>
T numbered(std::int64_t number) {
  const std::string digits = std::to_string(number);
  return T(std::string(T::tag::prefix) + "_" + std::string(12 - digits.size(), '0') + digits);
}

inline Account make_account(std::int64_t number) {
  return {.id = numbered<AccountId>(number),
          .name = "Account " + std::to_string(number),
          .plan = Plan::pro,
          .plan_since = at(0),
          .created_at = at(number)};
}

inline Project make_project(std::int64_t number, const AccountId& account) {
  Project project;
  project.id = numbered<ProjectId>(number);
  project.account = account;
  project.name = "Project " + std::to_string(number);
  project.created_at = project.updated_at = at(number);
  return project;
}

inline Keyword make_keyword(std::int64_t number, const Project& project) {
  Keyword keyword;
  keyword.id = numbered<KeywordId>(number);
  keyword.account = project.account;
  keyword.project = project.id;
  keyword.text = "Keyword " + std::to_string(number);
  keyword.created_at = keyword.updated_at = at(number);
  return keyword;
}

}  // namespace galley::test
