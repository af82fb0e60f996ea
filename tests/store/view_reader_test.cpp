#include "candled/store/view_reader.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>

#include "candled/store/journal_writer.hpp"
#include "store/small_journal.hpp"
#include "store/sqlite.hpp"
#include "store/view_pages.hpp"

using namespace candled;
using namespace candled::store;
using candled::tests::SmallJournal;

namespace {

bool always() { return true; }

using TextRow = std::map<std::string, std::string>;

std::vector<TextRow> table_of(const ViewRows& rows) {
  std::vector<TextRow> table(rows.count());
  for (std::size_t i = 0; i < rows.cells.size(); ++i) {
    table[i / rows.columns.size()][std::string(rows.columns[i % rows.columns.size()])] = rows.cells[i].text;
  }
  return table;
}

std::vector<TextRow> read(const SmallJournal& journal, View view, ViewFilter filter = {}) {
  ViewReader reader(journal.path(), always);
  Result<ViewRows> rows = reader.rows(view, filter);
  REQUIRE(rows.has_value());
  return table_of(*rows);
}

// A row as the view for people gives it, made comparable: numbers by value, times without what the view cuts off.
std::string comparable(std::string text) {
  if (const auto time = parse_rfc3339(text)) return std::to_string(floor_to(*time, Duration{1'000}).ns);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0' ? fmt::format("{:.15g}", value) : text;
}

std::multiset<std::string> comparable_rows(const std::vector<TextRow>& table) {
  std::multiset<std::string> rows;
  for (const TextRow& row : table) {
    std::string line;
    for (const auto& [name, value] : row) line += name + "=" + comparable(value) + " ";
    rows.insert(line);
  }
  return rows;
}

std::vector<TextRow> read_plural_view(const SmallJournal& journal, const std::string& name) {
  Connection connection(journal.path(), Access::read_only);
  std::vector<std::string> columns;
  Statement names(connection, "SELECT name FROM pragma_table_info('" + name + "')");
  while (names.next()) columns.emplace_back(names.text(0));
  std::vector<TextRow> table;
  Statement rows(connection, "SELECT * FROM " + name);
  while (rows.next()) {
    TextRow& row = table.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = rows.text(static_cast<int>(i));
  }
  return table;
}

}  // namespace

TEST_CASE("the reader gives the columns and values of the views") {
  SmallJournal journal;
  journal.fill_up();
  const std::vector<std::pair<View, std::string>> views{{View::trades, "trades"},           {View::candles, "candles"},
                                                        {View::predictions, "predictions"}, {View::fills, "fills"},
                                                        {View::equity, "equity"},           {View::gaps, "gaps"}};
  for (const auto& [view, name] : views) {
    INFO(name);
    const auto expected = read_plural_view(journal, name);
    CHECK(expected.size() > 0);
    std::vector<TextRow> got = read(journal, view);
    for (TextRow& row : got) row.erase("confidence");  // of the API alone
    CHECK(comparable_rows(got) == comparable_rows(expected));
  }
  CHECK(read(journal, View::models).at(0).at("metrics") == R"({"n":12})");
  CHECK(read(journal, View::models).at(0).at("alias") == "champion");
}

TEST_CASE("cells are exact") {
  SmallJournal journal;
  journal.fill_up();
  const TextRow trade = read(journal, View::trades, {"kraken:BTC/USD", "", 1}).at(0);
  CHECK(trade.at("price") == "62807.1000000001");
  CHECK(trade.at("quantity") == "0.00000001");
  CHECK(trade.at("time") == to_iso8601(SmallJournal::start + Duration::seconds(3) + Duration{123'456'789}));
  CHECK(read(journal, View::equity).at(0).at("cash") == "-10.5");
}

TEST_CASE("newest rows first, by market, strategy and limit") {
  SmallJournal journal;
  journal.fill_up();
  const auto values = [&](View view, const ViewFilter& filter, const std::string& column) {
    std::string joined;
    for (const TextRow& row : read(journal, view, filter)) joined += (joined.empty() ? "" : " ") + row.at(column);
    return joined;
  };
  CHECK(values(View::trades, {"kraken:BTC/USD", "", 100}, "trade_id") == "3 2 1");
  CHECK(values(View::trades, {"kraken:BTC/USD", "", 2}, "trade_id") == "3 2");
  CHECK(values(View::trades, {}, "trade_id") == "77 3 2 1");
  CHECK(values(View::candles, {"kraken:BTC/USD", "", 100}, "state") == "gap quiet traded");
  CHECK(values(View::candles, {"kraken:ETH/USD", "", 100}, "interval") == "1h");
  CHECK(values(View::predictions, {"kraken:BTC/USD", "", 100}, "outcome") == "1");  // unknown behind a gap
  CHECK(values(View::fills, {"", "calm", 100}, "number") == "2 1");
  CHECK(values(View::fills, {"", "", 2}, "strategy") == "calm calm");
  CHECK(values(View::equity, {"", "wild", 1}, "strategy") == "wild");
  CHECK(values(View::trades, {"kraken:BTC/USD' OR '1'='1", "", 100}, "trade_id") == "");
  CHECK(values(View::fills, {"", "calm'; DROP TABLE fill; --", 100}, "number") == "");
  CHECK(values(View::fills, {"", "calm", 100}, "number") == "2 1");
}

TEST_CASE("metrics that are no JSON are left out") {
  SmallJournal journal;
  journal.commit(journal.model_swap("{broken"));
  ViewReader reader(journal.path(), always);
  const Result<ViewRows> rows = reader.rows(View::models, {});
  REQUIRE(rows.has_value());
  CHECK(rows->cells.back().kind == Cell::Kind::null);
}

TEST_CASE("summary and last commit") {
  SmallJournal journal;
  ViewReader reader(journal.path(), always);
  CHECK(reader.last_commit()->sequence == 0);
  CHECK_FALSE(reader.summary()->champion.has_value());
  CHECK_FALSE(reader.summary()->markets.at(0).last_trade_id.has_value());
  journal.fill_up();
  const Result<JournalSummary> summary = reader.summary();
  REQUIRE(summary.has_value());
  CHECK(summary->champion == "20251124_190000");
  CHECK(summary->models == 1);
  REQUIRE(summary->markets.size() == 2);
  const MarketSummary& market = summary->markets[0];
  CHECK(market.market == "kraken:BTC/USD");
  CHECK(market.first_trade_id == 1);
  CHECK(market.last_trade_id == 3);
  CHECK(market.first_candle == SmallJournal::start);
  CHECK(market.last_candle == SmallJournal::start + Duration::minutes(2));
  CHECK(market.fills == 3);
  CHECK(market.open_gaps == 1);
  const Result<LastCommit> last = reader.last_commit();
  REQUIRE(last.has_value());
  CHECK(last->sequence == 6);
  REQUIRE(last->written.has_value());
  CHECK(last->written->ns > Timestamp{1'700'000'000'000'000'000}.ns);
}

TEST_CASE("what cannot be read is one clear error") {
  SmallJournal journal;
  ViewReader reader(journal.path(), always);
  CHECK(reader.rows(View::trades, {"", "", 0}).error().message == "limit is not 1 to 5000");
  CHECK_FALSE(reader.rows(View::trades, {"", "", 5'001}).has_value());
  CHECK_THROWS_WITH(ViewReader(journal.folder / "none.sqlite", always), Catch::Contains("none.sqlite"));
  std::ofstream(journal.folder / "text.sqlite") << "this is no database, it is only a text of some length";
  CHECK_THROWS_AS(ViewReader(journal.folder / "text.sqlite", always), StoreError);
}

TEST_CASE("a query ends when it is no longer wanted") {
  SmallJournal journal;
  std::vector<Event> trades;
  for (std::int64_t id = 1; id <= 2'000; ++id) trades.push_back(journal.trade(MarketId{0}, id));
  journal.commit(std::move(trades));
  bool wanted = false;
  ViewReader reader(journal.path(), [&] { return wanted; });
  const Result<ViewRows> ended = reader.rows(View::trades, {"", "", 2'000});
  REQUIRE_FALSE(ended.has_value());
  CHECK(ended.error().remedy == Remedy::retry);
  wanted = true;
  CHECK(reader.rows(View::trades, {"", "", 2'000})->count() == 2'000);
}

// A plan that scans, or seeks a table that grows with time without a bound, reads a year of rows to show a hundred.
TEST_CASE("every query seeks along a primary key") {
  SmallJournal journal;
  Connection connection(journal.path(), Access::read_only);
  const std::set<std::string> small{"m", "s", "o", "a"};  // market, strategy, model, model_alias
  for (const View view : {View::candles, View::predictions, View::fills, View::equity, View::models, View::gaps}) {
    Statement plan(connection, "EXPLAIN QUERY PLAN " + page_sql(view));
    while (plan.next()) {
      const std::string step(plan.text(3));
      INFO(static_cast<int>(view) << ": " << step);
      if (step.starts_with("SCAN ")) CHECK(small.contains(step.substr(5, 1)));
      for (const std::string table : {"t", "c", "p", "f", "e", "later"}) {
        const bool bounded =
            step.find("id>?") + 1 || step.find("time>?") + 1 || step.find("number>?") + 1 || step.find("time=?") + 1;
        if (step.starts_with("SEARCH " + table + " ")) CHECK(bounded);
      }
    }
  }
}
