#include "storage/sealed_values.hpp"

#include <utility>
#include <vector>

namespace galley::storage {
namespace {

struct SealedValue {
  std::int64_t row = 0;
  std::string name;
  AccountId account;
  std::string sealed;  // empty for NULL
};

Result<std::vector<SealedValue>> read_some(Connection& connection, const SealedColumn& column, std::int64_t after,
                                           int max) {
  // Also those without a value: LIMIT then bounds what is walked, not what is found.
  Query query =
      connection.query("SELECT row, " + std::string(column.row_name) + ", account_id, " + std::string(column.column) +
                       " FROM " + std::string(column.table) + " WHERE row > $after ORDER BY row LIMIT $max");
  query.bind("after", after).bind("max", max);
  std::vector<SealedValue> values;
  while (GALLEY_TRY(query.step())) {
    SealedValue value;
    query.row().into(value.row, value.name, value.account);
    value.sealed = query.row().bytes(3);
    values.push_back(std::move(value));
  }
  return values;
}

SealedPlace place_of(const SealedColumn& column, const SealedValue& value) {
  return {.table = column.table, .column = column.column, .row = value.name, .account = value.account};
}

void note_unreadable(SealedSurvey& survey, const SealedColumn& column, const SealedValue& value) {
  if (survey.unreadable++ > 0) return;
  survey.first_unreadable = std::string(column.table) + "." + std::string(column.column) + " of " + value.name;
}

Result<bool> has_column(Connection& connection, const SealedColumn& column) {
  Query query = connection.query("SELECT 1 FROM pragma_table_info($table) WHERE name = $column");
  return GALLEY_TRY(query.bind("table", column.table).bind("column", column.column).step());
}

}  // namespace

void SealedSurvey::add(const SealedSurvey& part) {
  values += part.values;
  resealed += part.resealed;
  if (unreadable == 0) first_unreadable = part.first_unreadable;
  unreadable += part.unreadable;
}

Result<SealedSurvey> reseal_some(Connection& connection, const Sealer& sealer, const SealedColumn& column,
                                 std::int64_t after, int max) {
  const std::vector<SealedValue> values = GALLEY_TRY(read_some(connection, column, after, max));
  SealedSurvey survey;
  survey.more = static_cast<int>(values.size()) == max;
  for (const SealedValue& value : values) {
    survey.last_row = value.row;
    if (value.sealed.empty()) continue;
    ++survey.values;
    if (sealer.ring()->is_current(value.sealed)) continue;
    const SealedPlace place = place_of(column, value);
    const Result<Secret> secret = sealer.open(value.sealed, place);
    if (!secret) {
      note_unreadable(survey, column, value);
      continue;
    }
    // The value alone: what it stands for is the same, so version and updated_at stay.
    Query update = connection.query("UPDATE " + std::string(column.table) + " SET " + std::string(column.column) +
                                    " = $sealed WHERE row = $row");
    update.bind_bytes("sealed", sealer.seal(*secret, place)).bind("row", value.row);
    GALLEY_TRY(update.run());
    ++survey.resealed;
  }
  return survey;
}

Result<SealedSurvey> survey_sealed(Connection& connection, const Sealer& sealer) {
  constexpr int at_once = 256;
  SealedSurvey all;
  for (const SealedColumn& column : sealed_columns()) {
    if (!GALLEY_TRY(has_column(connection, column))) continue;
    for (std::int64_t after = 0;;) {
      const std::vector<SealedValue> values = GALLEY_TRY(read_some(connection, column, after, at_once));
      for (const SealedValue& value : values) {
        after = value.row;
        if (value.sealed.empty()) continue;
        ++all.values;
        if (sealer.open(value.sealed, place_of(column, value)).has_error()) note_unreadable(all, column, value);
      }
      if (static_cast<int>(values.size()) < at_once) break;
    }
  }
  return all;
}

}  // namespace galley::storage
