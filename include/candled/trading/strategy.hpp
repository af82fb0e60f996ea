// Strategy: from a view of market and account to an order intent. A strategy is a pure function of the view and its parameters; a
// table maps kinds to functions. What is common to all (stops, limits, cost) are options around the function: options.hpp.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/trading/fraction.hpp"

namespace candled::trading {

// Everything a strategy may use.
struct StrategyView {
  double probability_up = 0.5;  // 0 to 1, that the price is higher one horizon ahead
  bool signal_up = false;       // probability_up > 0.5; down otherwise
  Money cash;                   // free balance
  Amount position;              // base currency, 0 or more
  Price price;                  // the last close
  bool holds = false;           // the position is large enough to be sold
};

struct OrderIntent {
  enum class Kind : std::uint8_t { nothing, buy, sell } kind = Kind::nothing;
  Money spend;              // of a buy: fee included, at most the cash
  Fraction sell;            // of a sale: the part of the position
  std::string_view reason;  // a few words with static storage, for logs

  static OrderIntent nothing(std::string_view reason) { return {Kind::nothing, {}, {}, reason}; }
  // Spends this part of the cash, rounded to the nearest unit; nothing if there is no cash.
  static OrderIntent buy(const StrategyView& view, double part_of_cash, std::string_view reason);
  // Sells this part of the position; nothing if there is none.
  static OrderIntent sale(const StrategyView& view, double part_of_position, std::string_view reason);
};

// A number that `[[strategy]]` may set and a sweep may vary.
struct ParameterInfo {
  static constexpr double off = std::numeric_limits<double>::quiet_NaN();

  std::string_view name;
  double standard;         // if the config does not set it; `off`: the option is not used
  double lowest, highest;  // both allowed
  std::string_view meaning;
};

struct StrategyKind {
  std::string_view name;                      // as the config's `kind` spells it
  std::span<const ParameterInfo> parameters;  // its own
  // Parameters in the order of the list above.
  OrderIntent (*decide)(const StrategyView& view, std::span<const double> parameters);
  bool needs_prediction =
      true;  // false: it decides on every candle with a price, and its view has probability one half
};

// Every kind, in the order of the documentation.
std::span<const StrategyKind> strategy_kinds();
// Null if there is no such kind.
const StrategyKind* find_strategy_kind(std::string_view name);
// The numbers that every kind has besides its own: stop_loss, take_profit, ...
std::span<const ParameterInfo> common_parameters();
// All numbers of a kind, its own first.
std::vector<ParameterInfo> parameters_of(const StrategyKind& kind);

// One `[[strategy]]` of the config.
struct StrategySettings {
  std::string name;
  std::string kind;
  Duration decide_every = {};  // decides on candles whose end is a multiple of this; 0 is every candle
  Duration cooldown = {};      // no decision of the strategy for this long after a fill; stops still act
  std::map<std::string, double, std::less<>> parameters = {};  // those that differ from the default
};

// Refuses an unknown kind or parameter (naming the valid ones), a parameter out of range or at odds with another, an empty or
// repeated name, a negative cooldown, and a decide_every that is not a multiple of the candle interval.
Result<void> check_strategies(std::span<const StrategySettings> strategies, Duration interval);

// The kinds that always run beside the configured strategies, each under its own name and without options.
inline constexpr std::string_view buy_and_hold_name = "buy_and_hold";
inline constexpr std::string_view flat_name = "flat";
// The list with both benchmarks at its end, where it does not hold them. Refuses their names for anything else.
Result<std::vector<StrategySettings>> with_benchmarks(std::vector<StrategySettings> strategies);

}  // namespace candled::trading
