// Ids of what comes from another server. An id is kept where nobody on this server has it. Where another account has
// it, the row gets one that is derived from the importing account and the id, so that the same file finds its rows
// again however often it comes, and no row of another account is ever met.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "domain/store.hpp"

namespace galley::service {

template <class T>
struct Placed {
  T id;                  // here
  bool present = false;  // the account has it already
};

// Where the row with this id in the file is, or is to be. conflict in the case that even the derived id is another's.
template <class T>
Result<Placed<T>> place_of(const Transaction& transaction, const AccountId& account, const T& id) {
  const Accounts& accounts = transaction.accounts();
  const Ownership kept = GALLEY_TRY(accounts.ownership(account, id));
  if (kept == Ownership::own) return Placed<T>{id, true};
  T derived = derived_id<T>(account.text(), id.text());
  const Ownership other = GALLEY_TRY(accounts.ownership(account, derived));
  if (other == Ownership::own) return Placed<T>{std::move(derived), true};
  if (kept == Ownership::nobodys) return Placed<T>{id, false};
  if (other == Ownership::foreign) return conflict("The id " + id.text() + " is in use.");
  return Placed<T>{std::move(derived), false};
}

}  // namespace galley::service
