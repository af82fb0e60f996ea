#include "store/views.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "store/rewrite.hpp"
#include "store/view_definitions.hpp"

namespace candled::store {
namespace {

// A table that is being rewritten is read whole.
std::string sql_of(const ViewDefinition& view, const std::vector<std::string>& rewritten) {
  std::string sql = create_view_sql(view);
  for (const std::string& table : rewritten) {
    const std::string name = fmt::format(" {} ", table), whole = fmt::format(" {} ", whole_table(table));
    for (std::size_t at = sql.find(name); at != std::string::npos; at = sql.find(name, at + whole.size()))
      sql.replace(at, name.size(), whole);
  }
  return sql;
}

std::string stored_sql(Connection& connection, std::string_view view) {
  Statement stored(connection, "SELECT sql FROM main.sqlite_schema WHERE type = 'view' AND name = ?");
  stored.bind(view);
  std::string sql;
  while (stored.next()) sql = stored.text(0);
  return sql;
}

}  // namespace

void drop_views(Connection& connection) {
  for (const ViewDefinition& view : view_definitions())
    connection.execute(fmt::format("DROP VIEW IF EXISTS main.{}", view.name).c_str());
}

void refresh_views(Connection& connection) {
  const std::vector<std::string> rewritten = tables_under_rewrite(connection);
  std::string changes;
  for (const ViewDefinition& view : view_definitions()) {
    const std::string wanted = sql_of(view, rewritten);
    if (stored_sql(connection, view.name) != wanted)
      changes += fmt::format("DROP VIEW IF EXISTS main.{}; {};\n", view.name, wanted);
  }
  if (changes.empty()) return;
  Transaction transaction(connection);
  connection.execute(changes.c_str());
  transaction.commit();
}

}  // namespace candled::store
