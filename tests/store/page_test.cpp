// What the page asks of the file: pages, longer candles, series, accounts, what is new.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "candled/store/view_reader.hpp"
#include "store/small_journal.hpp"

using namespace candled;
using namespace candled::store;
using candled::tests::SmallJournal;

namespace {

constexpr MarketId bitcoin{0};
const std::string bitcoin_name = "kraken:BTC/USD";

bool always() { return true; }

// Minutes 0 to count - 1 of a market whose close is 100 + index; minute 7 is quiet, minute 11 a gap.
void fill_minutes(SmallJournal& journal, int count) {
  for (int i = 0; i < count; ++i) {
    const CandleState state = i == 7 ? CandleState::quiet : i == 11 ? CandleState::gap : CandleState::traded;
    journal.commit(journal.candle(bitcoin, i, state, std::to_string(100 + i)), journal.trade(bitcoin, i + 1));
  }
}

std::string column(const ViewRows& rows, std::string_view name) {
  const auto place = std::ranges::find(rows.columns, name) - rows.columns.begin();
  std::string joined;
  for (std::size_t row = 0; row < rows.count(); ++row) {
    const Cell& cell = rows.cells[row * rows.columns.size() + static_cast<std::size_t>(place)];
    joined += (joined.empty() ? "" : " ") + (cell.kind == Cell::Kind::null ? "-" : cell.text);
  }
  return joined;
}

Timestamp minute(int index) { return SmallJournal::start + Duration::minutes(index); }

// All pages of a view, one column.
std::string paged(ViewReader& reader, View view, ViewFilter filter, std::string_view name) {
  std::string joined;
  for (int pages = 0; pages < 100; ++pages) {
    const Result<ViewRows> rows = reader.rows(view, filter);
    REQUIRE(rows.has_value());
    joined += (joined.empty() || rows->count() == 0 ? "" : " ") + column(*rows, name);
    if (rows->next.empty()) return joined;
    CHECK(static_cast<std::int64_t>(rows->count()) == filter.limit);
    filter.cursor = rows->next;
  }
  FAIL("the pages have no end");
  return joined;
}

}  // namespace

TEST_CASE("pages hold each row once, whatever their size") {
  SmallJournal journal;
  journal.fill_up();
  fill_minutes(journal, 30);
  ViewReader reader(journal.path(), always);
  const std::vector<std::pair<View, std::string>> views{{View::trades, "trade_id"},       {View::candles, "open_time"},
                                                        {View::predictions, "open_time"}, {View::fills, "number"},
                                                        {View::equity, "time"},           {View::models, "model"},
                                                        {View::gaps, "first_missing_id"}};
  for (const auto& [view, name] : views) {
    ViewFilter all;
    all.limit = view_limit_max;
    const std::string expected = paged(reader, view, all, name);
    CHECK(expected.size() > 0);
    for (const std::int64_t limit : {1, 2, 3, 7}) {
      INFO(name << " by " << limit);
      ViewFilter some;
      some.limit = limit;
      CHECK(paged(reader, view, some, name) == expected);
    }
  }
}

TEST_CASE("from and to cut by time") {
  SmallJournal journal;
  fill_minutes(journal, 30);
  ViewReader reader(journal.path(), always);
  ViewFilter filter;
  filter.from = minute(3);
  filter.to = minute(6);
  CHECK(paged(reader, View::candles, filter, "close") == "105 104 103");
  filter.limit = 2;
  CHECK(paged(reader, View::candles, filter, "close") == "105 104 103");
  // Trade i happens i seconds behind the start.
  const auto trades = [&](int from_s, int to_s, std::int64_t limit) {
    ViewFilter some;
    some.market = bitcoin_name;
    some.from = SmallJournal::start + Duration::seconds(from_s);
    some.to = SmallJournal::start + Duration::seconds(to_s);
    some.limit = limit;
    return paged(reader, View::trades, some, "trade_id");
  };
  CHECK(trades(3, 6, 100) == "5 4 3");
  CHECK(trades(3, 6, 1) == "5 4 3");
  CHECK(trades(0, 1, 100) == "");
  CHECK(trades(0, 2, 100) == "1");
  CHECK(trades(29, 9'999, 100) == "30 29");
  ViewFilter wrong;
  wrong.cursor = "1.2";
  for (const std::string cursor :
       {"1.2", "a.b.c", "1.2.3.4", "1.2.3 ", "9999999999999999999999.0.0", "0.-9223372036854775808.0"}) {
    wrong.cursor = cursor;
    CHECK(reader.rows(View::candles, wrong).error().remedy == Remedy::refuse);
  }
}

TEST_CASE("trades made for a file without ids stand behind the exchange's") {
  SmallJournal journal;
  for (const std::int64_t id : {-30, -20, -10}) {  // 100, 90, 80 s before the start
    Event event = journal.trade(bitcoin, id);
    journal.commit(std::move(event));
  }
  fill_minutes(journal, 3);
  ViewReader reader(journal.path(), always);
  ViewFilter filter;
  filter.market = bitcoin_name;
  CHECK(paged(reader, View::trades, filter, "trade_id") == "3 2 1 -10 -20 -30");
  filter.limit = 2;
  CHECK(paged(reader, View::trades, filter, "trade_id") == "3 2 1 -10 -20 -30");
  filter.to = SmallJournal::start - Duration::seconds(15);
  CHECK(paged(reader, View::trades, filter, "trade_id") == "-20 -30");
  CHECK(reader.summary()->markets[0].first_trade_id == 1);
}

TEST_CASE("longer candles are made of the stored ones") {
  SmallJournal journal;
  fill_minutes(journal, 32);
  ViewReader reader(journal.path(), always);
  SeriesFilter filter{.market = bitcoin_name, .step = Duration::minutes(5), .limit = 3};
  // The start is no multiple of ten minutes, but one of five.
  const Result<ViewRows> rows = reader.candles(filter);
  REQUIRE(rows.has_value());
  CHECK(column(*rows, "open_time") ==
        to_iso8601(minute(30)) + " " + to_iso8601(minute(25)) + " " + to_iso8601(minute(20)));
  CHECK(column(*rows, "open") == "130 125 120");
  CHECK(column(*rows, "high") == "131 129 124");
  CHECK(column(*rows, "low") == "130 125 120");
  CHECK(column(*rows, "close") == "131 129 124");
  CHECK(column(*rows, "volume") == "5 12.5 12.5");
  CHECK(column(*rows, "trades") == "14 35 35");
  CHECK(column(*rows, "candles") == "2 5 5");
  CHECK(column(*rows, "interval") == "5m 5m 5m");
  filter.cursor = rows->next;
  filter.limit = 100;
  const Result<ViewRows> rest = reader.candles(filter);
  REQUIRE(rest.has_value());
  CHECK(column(*rest, "open") == "115 110 105 100");
  CHECK(column(*rest, "state") == "traded gap traded traded");
  CHECK(column(*rest, "quiet_candles") == "0 0 1 0");
  CHECK(column(*rest, "gap_candles") == "0 1 0 0");
  CHECK(rest->next.empty());
  filter = {.market = bitcoin_name, .step = Duration::minutes(5), .from = minute(6), .to = minute(14)};
  CHECK(column(*reader.candles(filter), "open") == "110");  // steps that begin in [6, 14)
  CHECK(reader.candles({.market = "kraken:NO/NO", .step = Duration::minutes(5)})->count() == 0);
}

namespace {

// Whole and hundred-millionth parts apart: shares no arithmetic with what is tested.
struct PlainSum {
  std::uint64_t whole = 0, parts = 0;

  void add(std::int64_t units) {
    whole += static_cast<std::uint64_t>(units / 100'000'000);
    parts += static_cast<std::uint64_t>(units % 100'000'000);
  }
  std::string text() const {
    std::string text = fmt::format("{}.{:08}", whole + parts / 100'000'000, parts % 100'000'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
  }
};

}  // namespace

TEST_CASE("sums over long intervals are exact where no single quantity could hold them") {
  SmallJournal journal;
  std::mt19937_64 random{20251129};
  constexpr int minutes = 1'000, per_step = 60;
  std::vector<Event> events;
  std::vector<PlainSum> volume((minutes + per_step - 1) / per_step), buy(volume.size()), turnover(volume.size());
  // Steps are of the clock, and the start of the journal stands some minutes behind one.
  const Timestamp hour = floor_to(minute(0) + Duration::minutes(per_step - 1), Duration::minutes(per_step));
  const int skipped = static_cast<int>((hour - minute(0)) / Duration::minutes(1));
  for (int i = 0; i < minutes; ++i) {
    Event event = journal.candle(bitcoin, skipped + i, CandleState::traded, "0.0000123");
    Candle& candle = event.report().candle;
    const auto large = [&] { return static_cast<std::int64_t>(random() >> (1 + random() % 8)); };
    candle.volume = Volume::from_usual_units(large());
    candle.buy_volume = Volume::from_usual_units(large());
    candle.tape.known = true;
    candle.tape.turnover = Money::from_units(large());
    const auto step = static_cast<std::size_t>(i / per_step);
    volume[step].add(candle.volume.usual_units().value());
    buy[step].add(candle.buy_volume.usual_units().value());
    turnover[step].add(candle.tape.turnover.usual_units().value());
    events.push_back(std::move(event));
  }
  journal.commit(std::move(events));
  ViewReader reader(journal.path(), always);
  const Result<ViewRows> rows =
      reader.candles({.market = bitcoin_name, .step = Duration::minutes(per_step), .limit = 100});
  REQUIRE(rows.has_value());
  const auto newest_first = [](const std::vector<PlainSum>& sums) {
    std::string joined;
    for (std::size_t i = sums.size(); i-- > 0;) joined += (joined.empty() ? "" : " ") + sums[i].text();
    return joined;
  };
  CHECK(column(*rows, "volume") == newest_first(volume));
  CHECK(column(*rows, "buy_volume") == newest_first(buy));
  CHECK(column(*rows, "turnover") == newest_first(turnover));
}

TEST_CASE("fees and the trades of a moment add up beyond a single amount") {
  SmallJournal journal;
  for (std::uint32_t number = 1; number <= 3; ++number) {
    Fill fill = journal.fill(StrategyId{0}, number).fill();
    Event trade = journal.trade(bitcoin, number);
    fill.fee = *Money::parse("90000000000.00000001");
    trade.trade().quantity = *Quantity::parse("90000000000.00000001");
    trade.trade().side = Side::buy;
    journal.commit(Event::of(bitcoin, fill), std::move(trade));
  }
  ViewReader reader(journal.path(), always);
  CHECK(reader.accounts(1'000)->at(0).fees.to_text() == "270000000000.00000003");
  const StreamBatch batch = *reader.events_behind(0, {}, 100);
  REQUIRE(batch.trades.size() == 1);
  CHECK(batch.trades[0].volume.to_text() == "270000000000.00000003");
  CHECK(batch.trades[0].buy_volume.to_text() == "270000000000.00000003");
}

TEST_CASE("equity in steps is that at their ends") {
  SmallJournal journal;
  fill_minutes(journal, 32);
  ViewReader reader(journal.path(), always);
  const SeriesFilter filter{.market = bitcoin_name, .step = Duration::minutes(10), .limit = 2};
  const Result<ViewRows> rows = reader.equity(filter, "wild");
  REQUIRE(rows.has_value());
  // Point i is stamped with the end of candle i: minute i + 1. Steps end at whole ten minutes of the clock.
  CHECK(column(*rows, "time") == to_iso8601(minute(32)) + " " + to_iso8601(minute(30)));
  SeriesFilter older = filter;
  older.cursor = rows->next;
  CHECK(column(*reader.equity(older, "wild"), "time") == to_iso8601(minute(20)) + " " + to_iso8601(minute(10)));
  CHECK(reader.equity(filter, "nobody")->count() == 0);
}

TEST_CASE("indicators are looked up in the list of each row") {
  SmallJournal journal;
  for (int i = 0; i < 12; ++i) {
    Event event = journal.candle(bitcoin, i, CandleState::traded, "100");
    event.report().features = {i == 3 ? std::nan("") : 0.5 * i};
    journal.commit(std::move(event), journal.trade(bitcoin, i + 1));
  }
  ViewReader reader(journal.path(), always);
  CHECK(reader.indicator_names(bitcoin_name) == std::vector<std::string>{"a"});
  CHECK(reader.indicator_names("kraken:ETH/USD")->empty());
  const Result<IndicatorSeries> every = reader.indicators(
      {.market = bitcoin_name, .step = Duration::minutes(1), .from = minute(2), .to = minute(5)}, {"a", "none"});
  REQUIRE(every.has_value());
  CHECK(every->open_times == std::vector<Timestamp>{minute(4), minute(3), minute(2)});
  REQUIRE(every->values.size() == 6);
  CHECK(every->values[0] == 2.0);
  CHECK(std::isnan(every->values[1]));
  CHECK(std::isnan(every->values[2]));
  CHECK(every->next.empty());
  const Result<IndicatorSeries> steps =
      reader.indicators({.market = bitcoin_name, .step = Duration::minutes(5), .limit = 2}, {"a"});
  CHECK(steps->open_times == std::vector<Timestamp>{minute(10), minute(5)});
  CHECK(steps->values == std::vector<double>{5.5, 4.5});
  CHECK_FALSE(steps->next.empty());
}

TEST_CASE("accounts add up in parts to the same as at once") {
  SmallJournal journal;
  journal.fill_up();
  fill_minutes(journal, 20);
  ViewReader at_once(journal.path(), always), in_parts(journal.path(), always);
  const std::vector<AccountSummary> expected = *at_once.accounts(1'000'000);
  std::vector<AccountSummary> got = *in_parts.accounts(3);
  CHECK_FALSE(got.at(0).complete);
  for (int i = 0; i < 200 && !std::ranges::all_of(got, &AccountSummary::complete); ++i) got = *in_parts.accounts(3);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(got[i].strategy == expected[i].strategy);
    CHECK(got[i].equity == expected[i].equity);
    CHECK(got[i].fills == expected[i].fills);
    CHECK(got[i].fees == expected[i].fees);
  }
  const AccountSummary& calm = expected[0];
  CHECK(calm.strategy == "calm");
  CHECK(calm.fills == 2);
  CHECK(calm.fees.to_text() == "0.08");
  CHECK(calm.first_time == minute(1));
}

TEST_CASE("scores count what came true") {
  SmallJournal journal;
  fill_minutes(journal, 7);  // always up, always 0.625
  ViewReader reader(journal.path(), always);
  const PredictionScore score = reader.scores(1'000)->at(0);
  CHECK(score.count == 6);
  CHECK(score.hits == 6);
  CHECK(score.brier == Approx(0.375 * 0.375));
  CHECK(reader.scores(2)->at(0).count == 2);
}

TEST_CASE("what is new is told once, in order, causes first") {
  SmallJournal journal;
  journal.fill_up();
  ViewReader reader(journal.path(), always);
  const std::int64_t version = *reader.data_version();
  const StreamBatch all = *reader.events_behind(0, {}, 100);
  CHECK(all.sequence == 6);
  CHECK_FALSE(all.cut);
  std::string told;
  for (const StreamEvent& event : all.events)
    told += fmt::format("{}.{}:{} ", event.sequence, event.number, static_cast<int>(event.type));
  // Types: candle 0, prediction 1, fill 2, equity 3, gap 4, model 5.
  CHECK(told ==
        "2.1:0 2.2:1 2.3:3 2.4:3 3.1:2 3.2:2 4.1:0 4.2:1 4.3:2 4.4:3 4.5:3 5.1:4 5.2:0 5.3:0 5.4:1 5.5:3 5.6:3 5.7:3 "
        "5.8:3 6.1:5 ");
  REQUIRE(all.trades.size() == 2);
  CHECK(all.trades[0].count == 3);
  CHECK(reader.events_behind(6, {}, 100)->events.empty());
  CHECK(reader.events_behind(4, {}, 100)->events.size() == 9);
  CHECK(reader.events_behind(0, {}, 2)->cut);

  journal.commit(journal.model_swap("{}"));
  CHECK(*reader.data_version() != version);
  CHECK(reader.events_behind(6, {}, 100)->events.size() == 1);
  SequenceGap sequence_gap{4, 8, minute(9), minute(0)};
  journal.commit(Event::sequence_gap_filled(bitcoin, sequence_gap));
  const StreamBatch filled = *reader.events_behind(7, Timestamp{1}, 100);
  REQUIRE(filled.events.size() == 1);
  CHECK(filled.events[0].type == StreamEvent::Type::gap);
  CHECK(column(filled.events[0].row, "filled") == to_iso8601(minute(9)));
  CHECK(filled.last_filled == minute(9));
  CHECK(reader.events_behind(7, minute(9), 100)->events.empty());
}
