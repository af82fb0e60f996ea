// Recorded Kraken trades: candles of the sorted, deduplicated files against a plain recomputation, and against what
// another system stored of the same minutes.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "candles/tape.hpp"

namespace candled::candles::testing {
namespace {

std::filesystem::path data_folder() {
  if (const char* set = std::getenv("CANDLED_DATA")) return set;
  return std::filesystem::path(CANDLED_SOURCE_DIR).parent_path() / "shared/data";
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) all.push_back(cell);
  return all;
}

// All rows of all files, in the order of the files: with the repeated and shuffled rows that the REST pages had.
std::vector<Trade> recorded_trades(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Trade> trades;
  for (const std::filesystem::path& file : files) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    REQUIRE(line == "price,volume,time,timestamp,type,order_type,trade_id");
    while (std::getline(in, line)) {
      const std::vector<std::string> row = cells(line);
      Trade trade;
      trade.price = Price::parse(row.at(0)).value();
      trade.quantity = Quantity::parse(row.at(1)).value();
      trade.time = trade.received = parse_unix_seconds(row.at(3)).value();
      trade.side = row.at(4) == "buy" ? Side::buy : Side::sell;
      trade.id = std::stoll(row.at(6));
      trades.push_back(trade);
    }
  }
  return trades;
}

// Stretches of contiguous ids, each in id order without repeats.
std::vector<std::vector<Trade>> stretches(std::vector<Trade> trades) {
  std::ranges::sort(trades, {}, &Trade::id);
  const auto repeats = std::ranges::unique(trades, {}, &Trade::id);
  trades.erase(repeats.begin(), repeats.end());
  std::vector<std::vector<Trade>> all;
  for (const Trade& trade : trades) {
    if (all.empty() || all.back().back().id + 1 != trade.id) all.emplace_back();
    all.back().push_back(trade);
  }
  return all;
}

std::vector<Candle> build(const std::vector<Trade>& trades) {
  std::vector<TapeEvent> tape;
  for (const Trade& trade : trades) tape.push_back({TapeEvent::Kind::trade, trade, trade.time});
  const Outcome outcome = run(CandleBuilder({}), tape);
  CHECK(outcome.late.empty());
  return outcome.candles;
}

// Minute by minute with numbers of this test's own: units of 1e-10 and 1e-8.
std::string plain_candles(const std::vector<Trade>& trades) {
  std::map<std::int64_t, std::vector<Trade>> minutes;
  for (const Trade& trade : trades) minutes[trade.time.ns / 60'000'000'000].push_back(trade);
  const std::int64_t last_closed = (trades.back().time.ns - 1'000'000'000) / 60'000'000'000 - 1;
  std::string text;
  std::string close;
  for (std::int64_t minute = minutes.begin()->first; minute <= last_closed; ++minute) {
    const std::string start = fmt::format("{} ", minute * 60);
    if (!minutes.contains(minute)) {
      text += fmt::format("{}quiet {} {} {} {} 0 0 0\n", start, close, close, close, close);
      continue;
    }
    const std::vector<Trade>& of_minute = minutes[minute];
    std::int64_t high = 0, low = INT64_MAX, volume = 0, bought = 0;
    for (const Trade& trade : of_minute) {
      high = std::max(high, trade.price.usual_units().value());
      low = std::min(low, trade.price.usual_units().value());
      volume += trade.quantity.usual_units().value();
      if (trade.side == Side::buy) bought += trade.quantity.usual_units().value();
    }
    close = of_minute.back().price.to_text();
    text += fmt::format("{}{} {} {} {} {} {} {} {}\n", start, minute == minutes.begin()->first ? "gap" : "traded",
                        of_minute.front().price.to_text(), decimal_text(high, 10), decimal_text(low, 10), close,
                        decimal_text(volume, 8), decimal_text(bought, 8), of_minute.size());
  }
  return text;
}

TEST_CASE("recorded Kraken trades: candles equal a plain recomputation") {
  const std::filesystem::path folder = data_folder() / "trades/kraken-btcusd";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no recorded trades at " << folder);
    return;
  }
  const std::vector<Trade> rows = recorded_trades(folder);
  const std::vector<std::vector<Trade>> all = stretches(rows);
  REQUIRE(all.size() == 4);
  std::size_t trades = 0, candles = 0;
  for (const std::vector<Trade>& stretch : all) {
    const std::vector<Candle> built = build(stretch);
    CHECK(candles_text(built) == plain_candles(stretch));
    trades += stretch.size();
    candles += built.size();
  }
  CHECK(trades == 24'720);
  CHECK(rows.size() > trades);  // there were repeats to remove
  CHECK(candles > 1'100);
}

TEST_CASE("recorded Kraken trades across stretches: a sequence gap makes gaps between them and nowhere else") {
  const std::filesystem::path folder = data_folder() / "trades/kraken-btcusd";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no recorded trades at " << folder);
    return;
  }
  const std::vector<std::vector<Trade>> all = stretches(recorded_trades(folder));
  std::vector<TapeEvent> tape;
  for (const std::vector<Trade>& stretch : all) {
    if (!tape.empty()) tape.push_back({TapeEvent::Kind::sequence_gap, {}, {}});
    for (const Trade& trade : stretch) tape.push_back({TapeEvent::Kind::trade, trade, trade.time});
  }
  const Outcome outcome = run(CandleBuilder({}), tape);
  std::int64_t wrong = 0;
  for (const Candle& candle : outcome.candles) {
    const Timestamp end = candle.open_time + Duration::minutes(1);
    const bool inside = std::ranges::any_of(all, [&](const std::vector<Trade>& stretch) {
      return stretch.front().time <= candle.open_time && end <= stretch.back().time;
    });
    if (inside == (candle.state == CandleState::gap)) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(outcome.late.empty());
}

TEST_CASE("the 35 full minutes that another system stored") {
  const std::filesystem::path file = data_folder() / "seed-run/charan_candles_dedup.csv";
  const std::filesystem::path trades = data_folder() / "trades/kraken-btcusd";
  if (!std::filesystem::exists(file) || !std::filesystem::exists(trades)) {
    WARN("skipped: no recorded candles and trades at " << file << " and " << trades);
    return;
  }
  const std::vector<std::vector<Trade>> all = stretches(recorded_trades(trades));
  std::map<std::int64_t, Candle> ours;
  for (const Candle& candle : build(all.back())) {
    if (candle.state == CandleState::traded) ours[candle.open_time.ns] = candle;
  }
  REQUIRE(ours.size() == 35);

  int prices_agree = 0, sums_agree = 0, sums_doubled = 0;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  REQUIRE(line == "symbol,interval_start,interval_end,open,high,low,close,volume,trade_count");
  while (std::getline(in, line)) {
    const std::vector<std::string> row = cells(line);
    std::string start = row.at(1).substr(0, 19) + "Z";
    start[10] = 'T';
    const auto found = ours.find(parse_rfc3339(start).value().ns);
    if (found == ours.end()) continue;
    const Candle& candle = found->second;
    const auto price = [&](std::size_t column) { return Price::parse(row.at(column)).value(); };
    if (candle.open == price(3) && candle.high == price(4) && candle.low == price(5) && candle.close == price(6)) {
      ++prices_agree;
    }
    // The other system summed in doubles: compare at their precision.
    const double volume = std::stod(row.at(7));
    const auto near = [&](double times) { return std::abs(volume - times * candle.volume.to_double()) < 1e-9; };
    const unsigned long count = std::stoul(row.at(8));
    if (near(1) && count == candle.trades) ++sums_agree;
    if (near(2) && count == 2UL * candle.trades) ++sums_doubled;
  }
  CHECK(prices_agree == 35);
  CHECK(sums_agree == 18);
  CHECK(sums_doubled == 17);
}

}  // namespace
}  // namespace candled::candles::testing
