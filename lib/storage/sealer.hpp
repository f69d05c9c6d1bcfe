// Secrets in columns: sealed with the data folder's key, each bound to its table, column, row and account, so that a
// value copied to another place of the database does not open.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "domain/identity.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

struct SealedPlace {
  std::string_view table;
  std::string_view column;
  std::string_view row;  // the public id
  const AccountId& account;
};

class Sealer {
 public:
  // key outlives this.
  explicit Sealer(const SealingKey& key) : key_(key) {}

  // Bytes for Query::bind_bytes.
  std::string seal(const Secret& plain, const SealedPlace& place) const;
  // Opens the blob in the row's column. internal where it does not open.
  Result<Secret> open(std::string_view sealed, const SealedPlace& place) const;

 private:
  const SealingKey& key_;
};

}  // namespace galley::storage
