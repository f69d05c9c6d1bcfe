// Leases that a former process left behind.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

// Ends every lease on job items and endpoints, in a transaction of its own, so that what they held is due by now.
// Only for a database that no other process works on: what another one holds would be done twice.
Result<void> end_orphaned_leases(Connection& connection, Time now);

}  // namespace galley::storage
