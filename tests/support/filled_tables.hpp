// Rows in every table of a schema that the test knows nothing of, so that tests of schema changes grow with the schema.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "storage/sql.hpp"

namespace galley::test {

struct TableColumn {
  std::string name;
  std::string type;
  bool nullable = false;
  std::string refers_to{};  // "projects.id"
};

// Ordinary tables by name with their columns; not those in which a virtual table keeps its content.
inline std::map<std::string, std::vector<TableColumn>> tables_of(storage::Connection& connection) {
  std::map<std::string, std::vector<TableColumn>> tables;
  auto columns = connection.query(
      "SELECT m.name, c.name, c.type, c.\"notnull\" = 0 AND c.pk = 0, coalesce((SELECT f.\"table\" || '.' || f.\"to\" "
      "FROM pragma_foreign_key_list(m.name) AS f WHERE f.\"from\" = c.name), '') "
      "FROM pragma_table_list AS m, pragma_table_info(m.name) AS c "
      "WHERE m.schema = 'main' AND m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_migrations' "
      "ORDER BY m.name, c.cid");
  while (*columns.step()) {
    std::string table;
    TableColumn column;
    columns.row().into(table, column.name, column.type, column.nullable, column.refers_to);
    tables[table].push_back(std::move(column));
  }
  return tables;
}

// A row, with one nullable column left out where there is one of that number.
inline bool insert_row(storage::Connection& connection, const std::string& table,
                       const std::vector<TableColumn>& columns, int row, int left_out) {
  std::string names, values;
  int nullable = 0;
  for (const TableColumn& column : columns) {
    if (column.nullable && nullable++ == left_out) continue;
    const std::string number = std::to_string(row);
    std::string value = "'" + number + "'";
    if (column.type == "INTEGER") value = number;
    if (column.type == "REAL") value = number + ".5";
    if (column.type == "BLOB") value = "x'0" + number + "'";
    // What the row of the same number there has.
    if (!column.refers_to.empty()) {
      const std::size_t dot = column.refers_to.find('.');
      value = "(SELECT " + column.refers_to.substr(dot + 1) + " FROM " + column.refers_to.substr(0, dot) +
              " ORDER BY 1 LIMIT 1 OFFSET " + std::to_string(row - 1) + ")";
    }
    names += (names.empty() ? "" : ", ") + column.name;
    values += (values.empty() ? "" : ", ") + value;
  }
  // The schema itself may have put a row there.
  return connection.execute("INSERT INTO " + table + " (" + names + ") VALUES (" + values + ") ON CONFLICT DO NOTHING")
      .has_value();
}

// rows (at most 9) in each table.
inline void fill_tables(storage::Connection& connection, int rows) {
  const auto tables = tables_of(connection);
  std::set<std::string> filled;
  // Tables whose references are there come first; a table that refers to a later one leaves that column out.
  for (std::size_t round = 0; round <= tables.size() && filled.size() < tables.size(); ++round) {
    for (const auto& [table, columns] : tables) {
      if (filled.contains(table)) continue;
      const bool ready = std::ranges::all_of(columns, [&](const TableColumn& column) {
        const std::string other = column.refers_to.substr(0, column.refers_to.find('.'));
        return other.empty() || column.nullable || filled.contains(other);
      });
      if (!ready) continue;
      for (int row = 1; row <= rows; ++row) {
        bool inserted = false;
        // A CHECK may want one of two columns empty.
        for (int left_out = -1; !inserted && left_out < static_cast<int>(columns.size()); ++left_out)
          inserted = insert_row(connection, table, columns, row, left_out);
        INFO(table);
        CHECK(inserted);
      }
      filled.insert(table);
    }
  }
  CHECK(filled.size() == tables.size());
}

// Every row of every table, with the columns that both schemas have: "projects: name=1 …".
inline std::multiset<std::string> rows_of(storage::Connection& connection,
                                          const std::map<std::string, std::vector<TableColumn>>& wanted) {
  std::multiset<std::string> rows;
  for (const auto& [table, columns] : wanted) {
    std::string text = "''";
    for (const TableColumn& column : columns)
      text += " || ' " + column.name + "=' || quote(" + column.name + ")";
    auto query = connection.query("SELECT " + text + " FROM " + table);
    while (*query.step())
      rows.insert(table + ":" + query.row().get<std::string>(0));
  }
  return rows;
}

}  // namespace galley::test
