// Transactions that touch every table, and how to tell what a database holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "domain/store.hpp"
#include "storage/sql.hpp"

namespace galley::test {

// What every transaction of these announces.
inline constexpr std::string_view workload_topic = "workload";

// A new account with a site and one of everything that a site can have, among it two articles, one of text_size bytes.
// Numbers are used once.
Result<void> add_site(Transaction& transaction, std::int64_t number, std::size_t text_size);
// New texts and states for what add_site made; version rises from 2.
Result<void> rewrite_site(Transaction& transaction, std::int64_t number, std::int64_t version, std::size_t text_size);
// Its job items and deliveries go to work.
Result<void> lease_work(Transaction& transaction, std::int64_t number);
Result<void> remove_site(Transaction& transaction, std::int64_t number);

// Which of the sites whose numbers are below bound are there, whole; internal where one is there in part.
Result<std::vector<std::int64_t>> find_sites(const Transaction& transaction, std::int64_t bound);

// All rows of all tables, without their leases: a start ends those.
Result<std::string> digest_of(storage::Connection& connection);
// What PRAGMA integrity_check, PRAGMA foreign_key_check and the check of the index of words find: empty for a sound
// database. Takes a connection that writes.
Result<std::string> faults_of(storage::Connection& connection);

}  // namespace galley::test
