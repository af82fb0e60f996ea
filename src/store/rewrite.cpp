#include "store/rewrite.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace candled::store {
namespace {

std::string before_name(std::string_view table, int version) { return fmt::format("{}_before_{}", table, version); }

bool exists(const Connection& connection, std::string_view name) {
  Statement found(connection, "SELECT count(*) FROM main.sqlite_schema WHERE name = ?");
  found.bind(name);
  bool exists = false;
  while (found.next()) exists = found.integer(0) > 0;
  return exists;
}

std::vector<std::string> names(const Connection& connection, std::string_view sql, std::string_view parameter) {
  std::vector<std::string> names;
  Statement rows(connection, sql);
  rows.bind(parameter);
  while (rows.next()) names.emplace_back(rows.text(0));
  return names;
}

std::vector<std::string> columns_of(const Connection& connection, std::string_view table) {
  return names(connection, "SELECT name FROM pragma_table_info(?, 'main') ORDER BY cid", table);
}

std::vector<std::string> key_of(const Connection& connection, std::string_view table) {
  return names(connection, "SELECT name FROM pragma_table_info(?, 'main') WHERE pk > 0 ORDER BY pk", table);
}

// The new row as SELECT expressions over `old`.
std::string new_row(const Connection& connection, const TableRewrite& rewrite, const std::string& before) {
  const std::vector<std::string> old_columns = columns_of(connection, before);
  std::vector<std::string> values;
  for (const std::string& column : columns_of(connection, rewrite.table)) {
    const auto change = std::ranges::find(rewrite.changes, column, &ColumnChange::column);
    const bool kept = std::ranges::find(old_columns, column) != old_columns.end();
    values.push_back(change != rewrite.changes.end() ? std::string(change->value) : kept ? "old." + column : "NULL");
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

// The table of each T_before_N in the file, with N.
struct Part {
  std::string table, before;
};
std::vector<Part> parts_under_way(const Connection& connection) {
  constexpr std::string_view mark = "_before_";
  std::vector<Part> parts;
  for (const std::string& name : names(
           connection, "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name GLOB ?", "*_before_[0-9]*")) {
    parts.push_back({name.substr(0, name.rfind(mark)), name});
  }
  return parts;
}

std::string trigger_name(std::string_view table) { return fmt::format("{}_moves", table); }

}  // namespace

void begin_rewrite(Connection& connection, const TableRewrite& rewrite, int version) {
  const std::string before = before_name(rewrite.table, version);
  connection.execute(fmt::format("ALTER TABLE {} RENAME TO {}", rewrite.table, before).c_str());
  connection.execute(std::string(rewrite.create).c_str());
  const std::string row = new_row(connection, rewrite, before);
  std::vector<std::string> same_key;
  for (const std::string& column : key_of(connection, rewrite.table))
    same_key.push_back(fmt::format("{0} = NEW.{0}", column));
  const std::string old_row = fmt::format("FROM {} AS old WHERE {}", before, fmt::join(same_key, " AND "));
  connection.execute(
      fmt::format(
          "CREATE TRIGGER {1} BEFORE INSERT ON {0} WHEN EXISTS (SELECT 1 {3}) BEGIN INSERT INTO {0} SELECT {2} {3}; "
          "DELETE FROM {4} WHERE {5}; END",
          rewrite.table, trigger_name(rewrite.table), row, old_row, before, fmt::join(same_key, " AND "))
          .c_str());
  connection.execute(fmt::format("CREATE VIEW {} AS SELECT {} FROM {} UNION ALL SELECT {} FROM {} AS old",
                                 whole_table(rewrite.table), fmt::join(columns_of(connection, rewrite.table), ", "),
                                 rewrite.table, row, before)
                         .c_str());
}

void end_rewrites(Connection& connection) {
  Transaction transaction(connection);
  for (const auto& [table, before] : parts_under_way(connection)) {
    if (connection.query_integer(fmt::format("SELECT EXISTS (SELECT 1 FROM main.{})", before).c_str()) != 0) continue;
    connection.execute(
        fmt::format("DROP VIEW {}; DROP TRIGGER {}; DROP TABLE {}", whole_table(table), trigger_name(table), before)
            .c_str());
  }
  transaction.commit();
}

void see_whole_tables(Connection& connection) {
  for (const auto& [table, before] : parts_under_way(connection)) {
    connection.execute(fmt::format("CREATE TEMP VIEW {} AS SELECT * FROM main.{}", table, whole_table(table)).c_str());
  }
}

std::vector<std::string> tables_under_rewrite(const Connection& connection) {
  std::vector<std::string> tables;
  for (const Part& part : parts_under_way(connection)) tables.push_back(part.table);
  return tables;
}

std::string whole_table(std::string_view table) { return fmt::format("{}_whole", table); }

std::vector<std::string> parts_of(const Connection& connection, std::string_view table) {
  std::vector<std::string> parts{std::string(table)};
  for (const Part& part : parts_under_way(connection)) {
    if (part.table == table) parts.push_back(part.before);
  }
  return parts;
}

std::int64_t about_rows(Connection& connection, const TableRewrite& rewrite, std::string_view table) {
  return connection.query_integer(fmt::format(fmt::runtime(rewrite.rows), table).c_str());
}

Rewrite::Rewrite(Connection& connection, const TableRewrite& rewrite, int version)
    : connection_(connection), table_(rewrite.table), before_(before_name(rewrite.table, version)) {
  rows_ = about_rows(connection, rewrite, before_);
  const std::vector<std::string> key = key_of(connection, table_);
  const std::string keys = fmt::format("{}", fmt::join(key, ", "));
  // Deleted first and inserted then: so the trigger finds nothing left to move.
  connection.execute(
      fmt::format("CREATE TEMP TABLE IF NOT EXISTS {0}_moving AS SELECT * FROM main.{0} WHERE 0", table_).c_str());
  take_ = fmt::format("INSERT INTO temp.{}_moving SELECT {} FROM main.{} AS old ORDER BY {} LIMIT ?", table_,
                      new_row(connection, rewrite, before_), before_, keys);
  move_ = fmt::format(
      "DELETE FROM main.{1} WHERE ({2}) IN (SELECT {2} FROM temp.{0}_moving); INSERT INTO main.{0} SELECT * FROM "
      "temp.{0}_moving; "
      "DELETE FROM temp.{0}_moving",
      table_, before_, keys);
}

std::int64_t Rewrite::step(std::int64_t rows_max) {
  Transaction transaction(connection_);
  Statement take(connection_, take_);
  take.bind(rows_max).run();
  const std::int64_t taken = sqlite3_changes64(connection_.handle());
  if (taken > 0) connection_.execute(move_.c_str());
  transaction.commit();
  return taken;
}

std::vector<Rewrite> rewrites_under_way(Connection& connection, std::span<const Migration> steps) {
  std::vector<Rewrite> under_way;
  for (const Migration& step : steps) {
    for (const TableRewrite& rewrite : step.rewrites) {
      if (exists(connection, before_name(rewrite.table, step.version)))
        under_way.emplace_back(connection, rewrite, step.version);
    }
  }
  return under_way;
}

Deletion::Deletion(const Connection& connection, std::string_view table, std::string_view where)
    : connection_(connection.handle()) {
  for (const std::string& part : parts_of(connection, table))
    parts_.emplace_back(connection, fmt::format("DELETE FROM main.{} WHERE {}", part, where));
}

}  // namespace candled::store
