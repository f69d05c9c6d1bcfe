// The sealed values of a database, all alike: to seal them anew under another key, and to see which of them open.
#pragma once

#include <cstdint>
#include <string>

#include "storage/sealer.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

struct SealedSurvey {
  std::int64_t values = 0;
  std::int64_t resealed = 0;
  std::int64_t unreadable = 0;     // they open with no key of the ring
  std::string first_unreadable{};  // "projects.webhook_secret of prj_…"
  std::int64_t last_row = 0;
  bool more = false;  // there are rows behind last_row

  void add(const SealedSurvey& part);
};

// Seals anew what the next max rows behind after of a column hold under another key than the ring's first. In a writing
// transaction.
Result<SealedSurvey> reseal_some(Connection& connection, const Sealer& sealer, const SealedColumn& column,
                                 std::int64_t after, int max);
// Tries to open every sealed value. A schema that lacks a column, an older one, has no values in it.
Result<SealedSurvey> survey_sealed(Connection& connection, const Sealer& sealer);

}  // namespace galley::storage
