// One table of columns for each view: what SQL shows, what the API and the exporter give, and what the docs say.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "store/small_journal.hpp"
#include "store/sqlite.hpp"
#include "store/view_definitions.hpp"

using namespace candled;
using namespace candled::store;

TEST_CASE("docs/tables.md has the row of every view as its table of columns gives it") {
  std::ifstream file(CANDLED_SOURCE_DIR "/docs/tables.md");
  const std::string docs{std::istreambuf_iterator<char>(file), {}};
  for (const ViewDefinition& view : view_definitions()) {
    INFO("wanted: " << docs_row(view));
    CHECK(docs.find(docs_row(view) + "\n") != std::string::npos);
  }
}

TEST_CASE("every view of the file can be read, and has its columns in their order") {
  const tests::SmallJournal journal("candled_views_test");
  Connection connection(journal.path(), Access::read_only);
  for (const ViewDefinition& view : view_definitions()) {
    INFO(view.name);
    std::string wanted, found;
    for (const ViewColumn& column : columns_of(view, in_view)) wanted.append(column.name).append(" ");
    Statement columns(connection, "SELECT name FROM pragma_table_info(?) ORDER BY cid");
    columns.bind(view.name);
    while (columns.next()) found.append(columns.text(0)).append(" ");
    CHECK(found == wanted);
    Statement rows(connection, "SELECT * FROM " + std::string(view.name));
    while (rows.next()) {
    }
  }
}

TEST_CASE("orders made by a limit say so, and a number that is no enumerator is NULL") {
  tests::SmallJournal journal("candled_views_test");
  Connection connection(journal.path(), Access::read_write);
  connection.execute(
      "INSERT INTO paper_order VALUES (1, 1, 1, 0, 0, 0, 0, 2, 10000000000, 0, 1, 1, 0, 1), (1, 1, 2, 1, 0, 0, 1, 1, "
      "NULL, 0, 1, 1, 5, 1), "
      "(1, 1, 3, 2, 0, 0, 9, 9, NULL, 0, 1, 1, 9, 1)");
  Statement rows(connection,
                 "SELECT side || ' ' || type || ' ' || reason || ' ' || outcome || ' ' || coalesce(rejection, "
                 "'taken'), side IS NULL AND "
                 "reason IS NULL AND outcome IS NULL FROM orders ORDER BY number");
  std::string text;
  while (rows.next()) text += std::string(rows.text(0)) + "|" + std::to_string(rows.integer(1)) + "\n";
  CHECK(text == "buy limit limit filled taken|0\nsell market rest of position rejected no liquidity|0\n|1\n");
}
