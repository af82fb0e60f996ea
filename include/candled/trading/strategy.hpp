// Strategy: what a view of market and account makes it wish. A strategy is a pure function; a table maps kinds to them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/trading/fraction.hpp"

namespace candled::trading {

// All that a strategy may look at.
struct StrategyView {
  double probability_up = 0.5;  // 0 to 1, that the price is higher one horizon ahead
  bool signal_up = false;       // probability_up > 0.5; down otherwise
  Money cash;                   // free balance
  Quantity position;            // base currency, 0 or more
  Price price;                  // the last close
};

struct Wish {
  enum class Kind : std::uint8_t { nothing, buy, sell } kind = Kind::nothing;
  Money spend;              // of a buy: fee included, at most the cash
  Fraction sell;            // of a sale: the part of the position
  std::string_view reason;  // a few words with static storage, for logs

  static Wish nothing(std::string_view reason) { return {Kind::nothing, {}, {}, reason}; }
  // Spends this part of the cash, rounded to the nearest unit; nothing if there is no cash.
  static Wish buy(const StrategyView& view, double part_of_cash, std::string_view reason);
  // Sells this part of the position; nothing if there is none.
  static Wish sale(const StrategyView& view, double part_of_position, std::string_view reason);
};

struct StrategyKind {
  std::string_view name;  // as the config's `kind` spells it
  Wish (*decide)(const StrategyView& view);
};

// Every kind there is, in the order of the documentation.
std::span<const StrategyKind> strategy_kinds();
// Null if there is no such kind.
const StrategyKind* find_strategy_kind(std::string_view name);

// One `[[strategy]]` of the config.
struct StrategySettings {
  std::string name;
  std::string kind;
  Duration decide_every;  // decides on candles whose end is a multiple of this; 0 is every candle
};

// Refuses an unknown kind (naming the valid ones), an empty or repeated name, and a decide_every that no whole number
// of candles fills.
Result<void> check_strategies(std::span<const StrategySettings> strategies, Duration interval);

}  // namespace candled::trading
