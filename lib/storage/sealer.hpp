// Secrets in columns: sealed with the data folder's key, each bound to its table, column, row and account, so that a
// value copied to another place of the database does not open.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "base/key_ring.hpp"
#include "domain/identity.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

struct SealedColumn {
  std::string_view table;  // which has the columns row and account_id
  std::string_view column;
  std::string_view row_name = "id";  // SealedPlace::row as SQL
};

// Every column that holds sealed values: what is sealed anew when the key changes.
std::span<const SealedColumn> sealed_columns();

struct SealedPlace {
  std::string_view table;
  std::string_view column;
  std::string_view row;  // the public id, or what names the row where it has none
  const AccountId& account;
};

// Thread-safe: the keys may be exchanged while others seal and open.
class Sealer {
 public:
  explicit Sealer(KeyRing ring) : ring_(std::make_shared<const KeyRing>(std::move(ring))) {}

  // Bytes for Query::bind_bytes. Throws std::logic_error for a place whose column is not one of sealed_columns(): its
  // values would be lost with the next change of the key.
  std::string seal(const Secret& plain, const SealedPlace& place) const;
  // Opens the blob in the row's column. internal where it does not open.
  Result<Secret> open(std::string_view sealed, const SealedPlace& place) const;

  // Shared with whoever seals or opens at this moment.
  std::shared_ptr<const KeyRing> ring() const;
  void use(KeyRing ring);

 private:
  mutable std::mutex mutex_{};
  std::shared_ptr<const KeyRing> ring_;
};

}  // namespace galley::storage
