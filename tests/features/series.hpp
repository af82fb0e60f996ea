// Candles for the tests of this room: the golden series, and made markets of any length.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"

namespace candled::features::testing {

using Row = std::vector<std::string>;

struct Table {
  Row header;
  std::vector<Row> rows;
};

inline Row split(const std::string& line) {
  Row cells;
  std::string cell;
  std::istringstream text(line);
  while (std::getline(text, cell, ',')) cells.push_back(cell);
  if (!line.empty() && line.back() == ',') cells.emplace_back();
  return cells;
}

inline std::optional<Table> read_table(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  Table table{split(line), {}};
  while (std::getline(file, line)) table.rows.push_back(split(line));
  return table;
}

// Rows of open_time_ms, open, high, low, close, volume, trades. Half of the volume is bought.
inline std::vector<Candle> candles_of(const Table& table) {
  std::vector<Candle> candles;
  for (const Row& row : table.rows) {
    Candle candle;
    candle.open_time = Timestamp{} + Duration::milliseconds(std::stoll(row.at(0)));
    candle.open = Price::parse(row.at(1)).value();
    candle.high = Price::parse(row.at(2)).value();
    candle.low = Price::parse(row.at(3)).value();
    candle.close = Price::parse(row.at(4)).value();
    candle.volume = Volume::parse(row.at(5)).value();
    candle.buy_volume = Volume::from_usual_units(candle.volume.usual_units().value() / 2);
    candle.trades = static_cast<std::uint32_t>(std::stoul(row.at(6)));
    candle.state = candle.trades == 0 ? CandleState::quiet : CandleState::traded;
    candles.push_back(candle);
  }
  return candles;
}

inline Candle gap_at(Timestamp open_time) {
  Candle candle;
  candle.open_time = open_time;
  candle.state = CandleState::gap;
  return candle;
}

// SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

 private:
  std::uint64_t state_;
};

struct MarketShape {
  double quiet_share = 0.05;
  double gap_share = 0;
  std::int64_t price_factor = 1;   // multiplies every price
  std::int64_t volume_factor = 1;  // multiplies every quantity
  bool tape = true;                // false: candles as a file of prices and volumes gives them
};

// A random walk in cents around 60,000, in minutes from 2024-03-10T23:00Z. The factors change nothing else.
inline std::vector<Candle> made_market(std::size_t count, std::uint64_t seed, MarketShape shape = {}) {
  Random random(seed);
  std::vector<Candle> candles;
  std::int64_t last = 6'000'000;
  const auto price = [&](std::int64_t cents) { return Price::from_units(cents * 100'000'000 * shape.price_factor); };
  for (std::size_t i = 0; i < count; ++i) {
    Candle candle;
    candle.open_time = Timestamp{} + Duration::seconds(1710111600) + Duration::minutes(static_cast<std::int64_t>(i));
    const double kind = random.uniform();
    const auto step = [&](double size) { return static_cast<std::int64_t>((random.uniform() - 0.5) * size); };
    const std::int64_t open = last + step(40), close = open + step(9000);
    const std::int64_t high = std::max(open, close) + std::abs(step(4000));
    const std::int64_t low = std::min(open, close) - std::abs(step(4000));
    const auto volume = static_cast<std::int64_t>(random.uniform() * 2e9) + 1;
    const auto bought = static_cast<std::int64_t>(random.uniform() * static_cast<double>(volume));
    const auto trades = static_cast<std::uint32_t>(1 + random.below(400));
    const auto bought_trades = static_cast<std::uint32_t>(random.below(trades + 1));
    const auto pause = Duration::milliseconds(static_cast<std::int64_t>(random.below(60'000)));
    if (kind < shape.gap_share) {
      candle.state = CandleState::gap;
      candles.push_back(candle);
      continue;
    }
    if (kind < shape.gap_share + shape.quiet_share) {
      candle.state = CandleState::quiet;
      candle.tape.known = true;
      candle.tape.longest_pause = Duration::minutes(1);
      candle.open = candle.high = candle.low = candle.close = price(last);
    } else {
      candle.open = price(open);
      candle.high = price(high);
      candle.low = price(low);
      candle.close = price(close);
      candle.volume = Volume::from_usual_units(volume * shape.volume_factor);
      candle.buy_volume = Volume::from_usual_units(bought * shape.volume_factor);
      candle.trades = trades;
      candle.tape = {.known = true,
                     .buy_trades = bought_trades,
                     .up_ticks = trades / 3,
                     .down_ticks = bought_trades / 2,
                     .largest = Quantity::from_units((volume / 2 + 1) * shape.volume_factor),
                     .turnover = {},
                     .longest_pause = pause};
      last = close;
    }
    if (!shape.tape) {
      candle.buy_volume_known = candle.trades_known = false;
      candle.buy_volume = Volume{};
      candle.trades = 0;
      candle.tape = Tape{};
    }
    candles.push_back(candle);
  }
  return candles;
}

}  // namespace candled::features::testing
