// Where a simulated market's trades come from: recorded files, or a seeded synthetic market.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled::simulator {

// One market's trades in id order. Time never goes back, ids rise (by exactly one unless a recording has a sequence gap).
class Tape {
 public:
  virtual ~Tape() = default;
  // The trade that next() would give; null at the end. Valid until next() is called.
  virtual const Trade* peek() = 0;
  // Removes that trade. Only where peek() is not null.
  virtual void next() = 0;
};

// CSV with a header that names at least price, volume, timestamp (unix seconds) or time, and trade_id; type (buy, sell,
// b, s) and order_type (limit, market, l, m) where present. Rows may overlap, repeat and stand in any order.
// A recording may have stretches with silence, and ids never seen, between them. At a pace the clock waits the silence out
// (months, perhaps): choose one stretch with from and to. At speed 0 it jumps.
struct TradeFiles {
  std::vector<std::string> paths = {};  // files, or folders whose *.csv are all read
  std::optional<Timestamp> from = {};   // only trades at or after it
  std::optional<Timestamp> to = {};     // only trades before it
};

// A synthetic market. Same seed, symbol and start: the same trades, to the last digit.
//
// What is in it, on purpose: volatility that clusters (log volatility is an AR(1) process) and carries the trade count
// with it; a slow drift that a trend follower can feel (AR(1), half-life about 25 minutes); a short overreaction that
// comes back within a few minutes; taker sides that lean with the drift; minutes, alone and in small groups, in which
// nothing trades; taker orders that show as up to 17 fills at one timestamp, walking through the book. At
// predictability 1 a good model finds an accuracy of a few points above one half five minutes ahead. At predictability
// 0 drift, overreaction and leaning are off: the price is a random walk, and any edge found in it is a leak.
struct SyntheticMarket {
  std::uint64_t seed = 1;
  double trades_per_minute = 60;
  double volatility_bps = 6;  // typical standard deviation of one minute's return
  double predictability = 1;
  double quiet_minutes = 0.03;                  // share of minutes without any trade, about
  double first_price = 0;                       // 0: a usual price of the symbol
  std::int64_t first_id = 0;                    // 0: 1 + seed % 1000 million; ids of up to 18 digits are legal
  std::optional<std::int64_t> trades_max = {};  // the tape ends after so many trades (history included)
  std::optional<Duration> length = {};          // the tape ends so much market time after it begins (history included)
};

struct MarketSettings {
  std::string symbol = "BTC/USD";
  std::variant<SyntheticMarket, TradeFiles> tape = {};
};

// All trades of the files, sorted by id, each id once. Refuses unreadable files, malformed rows (naming file and line),
// and trades whose time goes back when sorted by id.
Result<std::vector<Trade>> load_trades(const TradeFiles& files);

}  // namespace candled::simulator
