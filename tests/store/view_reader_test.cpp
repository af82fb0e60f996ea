#include "candled/store/view_reader.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "candled/store/journal_writer.hpp"
#include "store/sqlite.hpp"
#include "store/view_queries.hpp"

using namespace candled;
using namespace candled::store;

namespace {

constexpr std::int64_t minute = 60'000'000'000;
const Timestamp start{29'000'000 * minute};

class EmptyPredictor : public Predictor {
 public:
  const std::string& name() const override { return name_; }
  const std::string& feature_hash() const override { return name_; }
  Duration horizon() const override { return Duration::minutes(1); }
  double predict(std::span<const double>) const override { return 0.5; }

 private:
  std::string name_ = "20251124_190000";
};

// A small journal: two markets, two strategies, three minutes.
class Journal {
 public:
  Journal() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    JournalSettings settings;
    settings.path = path();
    settings.markets = {{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)}, {MarketId{1}, "kraken", "ETH/USD", Duration::hours(1)}};
    settings.strategies = {{"calm", "balanced"}, {"wild", "dynamic"}};
    settings.features = {{"hash", {"a"}}, {"hash", {"a"}}};
    writer = std::make_unique<JournalWriter>(settings);
  }
  ~Journal() {
    writer.reset();
    std::filesystem::remove_all(folder);
  }
  std::filesystem::path path() const { return folder / "view.sqlite"; }

  void commit(std::vector<Event> events) {
    ++sequence;
    for (Event& event : events) event.sequence = sequence;
    REQUIRE(writer->write(events).has_value());
    for (Event& event : events) event.dispose();
  }
  Event trade(MarketId market, std::int64_t id) const {
    Trade trade;
    trade.id = id;
    trade.time = trade.received = start + Duration::seconds(id) + Duration{123'456'789};
    trade.price = *Price::parse("62807.1000000001");
    trade.quantity = *Quantity::parse("0.00000001");
    trade.side = Side::sell;
    return Event::of(market, trade);
  }
  Event candle(MarketId market, int index, CandleState state, std::string_view close) const {
    auto* report = new CandleReport;
    report->candle.open_time = start + Duration{index * minute};
    report->candle.state = state;
    const Price price = *Price::parse(close);
    report->candle.open = report->candle.high = report->candle.low = report->candle.close = price;
    report->candle.volume = *Quantity::parse("2.5");
    report->candle.trades = 7;
    if (state != CandleState::gap) report->prediction = Prediction{0.625, Duration::minutes(1), SignalKind::buy, "20251124_190000"};
    for (std::uint16_t strategy : {std::uint16_t{0}, std::uint16_t{1}}) {
      const Timestamp end = report->candle.open_time + Duration{minute};
      report->equity.push_back({StrategyId{strategy}, end, *Money::parse("-10.5"), *Quantity::parse("1"), price, *Money::parse("90")});
    }
    return Event::of(market, report);
  }
  Event fill(StrategyId strategy, std::uint32_t number) const {
    Fill fill;
    fill.time = start + Duration::seconds(number);
    fill.quantity = *Quantity::parse("0.1");
    fill.price = *Price::parse("100");
    fill.fee = *Money::parse("0.04");
    fill.number = number;
    fill.strategy = strategy;
    fill.side = Side::sell;
    return Event::of(MarketId{0}, fill);
  }
  Event hole(std::int64_t first) const { return Event::hole(MarketId{0}, {first, first + 4, start, start}); }
  Event takeover(const std::string& metrics) const {
    ModelRecord record;
    record.name = "20251124_190000";
    record.kind = "gbdt";
    record.created = record.trained_from = record.trained_to = start;
    record.accuracy = 0.53125;
    record.metrics_json = metrics;
    return Event::of(new Takeover{std::make_shared<EmptyPredictor>(), record});
  }
  void fill_up() {
    commit({trade(MarketId{0}, 1)});
    commit({candle(MarketId{0}, 0, CandleState::traded, "100"), trade(MarketId{0}, 2)});
    commit({fill(StrategyId{0}, 1), fill(StrategyId{1}, 1), trade(MarketId{1}, 77)});
    commit({candle(MarketId{0}, 1, CandleState::quiet, "101"), fill(StrategyId{0}, 2), trade(MarketId{0}, 3)});
    commit({candle(MarketId{1}, 0, CandleState::traded, "5"), candle(MarketId{0}, 2, CandleState::gap, "0"), hole(4)});
    commit({takeover("{\"n\": 12}")});
  }

  std::filesystem::path folder = std::filesystem::temp_directory_path() / "candled_view_reader_test";
  std::unique_ptr<JournalWriter> writer;
  std::int64_t sequence = 0;
};

bool always() { return true; }

using TextRow = std::map<std::string, std::string>;

std::vector<TextRow> table_of(const ViewRows& rows) {
  std::vector<TextRow> table(rows.count());
  for (std::size_t i = 0; i < rows.cells.size(); ++i) {
    table[i / rows.columns.size()][std::string(rows.columns[i % rows.columns.size()])] = rows.cells[i].text;
  }
  return table;
}

std::vector<TextRow> read(const Journal& journal, View view, ViewFilter filter = {}) {
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

std::vector<TextRow> read_plural_view(const Journal& journal, const std::string& name) {
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
  Journal journal;
  journal.fill_up();
  const std::vector<std::pair<View, std::string>> views{{View::trades, "trades"}, {View::candles, "candles"}, {View::predictions, "predictions"},
                                                        {View::fills, "fills"},   {View::equity, "equity"},   {View::gaps, "gaps"}};
  for (const auto& [view, name] : views) {
    INFO(name);
    const auto expected = read_plural_view(journal, name);
    CHECK(expected.size() > 0);
    CHECK(comparable_rows(read(journal, view)) == comparable_rows(expected));
  }
  CHECK(read(journal, View::models).at(0).at("metrics") == R"({"n":12})");
  CHECK(read(journal, View::models).at(0).at("alias") == "champion");
}

TEST_CASE("cells are exact") {
  Journal journal;
  journal.fill_up();
  const TextRow trade = read(journal, View::trades, {"kraken:BTC/USD", "", 1}).at(0);
  CHECK(trade.at("price") == "62807.1000000001");
  CHECK(trade.at("quantity") == "0.00000001");
  CHECK(trade.at("time") == to_iso8601(start + Duration::seconds(3) + Duration{123'456'789}));
  CHECK(read(journal, View::equity).at(0).at("cash") == "-10.5");
}

TEST_CASE("newest rows first, by market, strategy and limit") {
  Journal journal;
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
  Journal journal;
  journal.commit({journal.takeover("{broken")});
  ViewReader reader(journal.path(), always);
  const Result<ViewRows> rows = reader.rows(View::models, {});
  REQUIRE(rows.has_value());
  CHECK(rows->cells.back().kind == Cell::Kind::null);
}

TEST_CASE("summary and last commit") {
  Journal journal;
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
  CHECK(market.first_candle == start);
  CHECK(market.last_candle == start + Duration::minutes(2));
  CHECK(market.fills == 3);
  CHECK(market.open_gaps == 1);
  const Result<LastCommit> last = reader.last_commit();
  REQUIRE(last.has_value());
  CHECK(last->sequence == 6);
  REQUIRE(last->written.has_value());
  CHECK(last->written->ns > Timestamp{1'700'000'000'000'000'000}.ns);
}

TEST_CASE("what cannot be read is one clear error") {
  Journal journal;
  ViewReader reader(journal.path(), always);
  CHECK(reader.rows(View::trades, {"", "", 0}).error().message == "limit is not 1 to 5000");
  CHECK_FALSE(reader.rows(View::trades, {"", "", 5'001}).has_value());
  CHECK_THROWS_WITH(ViewReader(journal.folder / "none.sqlite", always), Catch::Contains("none.sqlite"));
  std::ofstream(journal.folder / "text.sqlite") << "this is no database, it is only a text of some length";
  CHECK_THROWS_AS(ViewReader(journal.folder / "text.sqlite", always), StoreError);
}

TEST_CASE("a query ends when it is no longer wanted") {
  Journal journal;
  std::vector<Event> trades;
  for (std::int64_t id = 1; id <= 2'000; ++id) trades.push_back(journal.trade(MarketId{0}, id));
  journal.commit(trades);
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
  Journal journal;
  Connection connection(journal.path(), Access::read_only);
  const std::set<std::string> small{"m", "s", "o", "a"};  // market, strategy, model, model_alias
  for (const View view : {View::trades, View::candles, View::predictions, View::fills, View::equity, View::models, View::gaps}) {
    Statement plan(connection, "EXPLAIN QUERY PLAN " + sql_of(query_of(view)));
    while (plan.next()) {
      const std::string step(plan.text(3));
      INFO(static_cast<int>(view) << ": " << step);
      if (step.starts_with("SCAN ")) CHECK(small.contains(step.substr(5, 1)));
      for (const std::string table : {"t", "c", "p", "f", "e", "later"}) {
        const bool bounded = step.find("id>?") + 1 || step.find("time>?") + 1 || step.find("number>?") + 1 || step.find("time=?") + 1;
        if (step.starts_with("SEARCH " + table + " ")) CHECK(bounded);
      }
    }
  }
}
