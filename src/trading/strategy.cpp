#include "candled/trading/strategy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "trading/strategies/strategies.hpp"

namespace candled::trading {
namespace {

constexpr std::array kinds{
    StrategyKind{"dynamic", strategies::dynamic},
    StrategyKind{"balanced", strategies::balanced},
    StrategyKind{"ultra_aggressive", strategies::ultra_aggressive},
};

}  // namespace

Wish Wish::buy(const StrategyView& view, double part_of_cash, std::string_view reason) {
  if (view.cash.units() <= 0) return nothing("no cash");
  const Money spend = Money::from_units(Fraction::from_double(part_of_cash).nearest_of(view.cash.units()));
  return {Kind::buy, spend, {}, reason};
}

Wish Wish::sale(const StrategyView& view, double part_of_position, std::string_view reason) {
  if (view.position.units() <= 0) return nothing("no position");
  return {Kind::sell, {}, Fraction::from_double(part_of_position), reason};
}

std::span<const StrategyKind> strategy_kinds() { return kinds; }

const StrategyKind* find_strategy_kind(std::string_view name) {
  const auto found = std::ranges::find(kinds, name, &StrategyKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

Result<void> check_strategies(std::span<const StrategySettings> strategies, Duration interval) {
  for (std::size_t i = 0; i < strategies.size(); ++i) {
    const StrategySettings& strategy = strategies[i];
    if (strategy.name.empty()) return refuse("a strategy has no name");
    const auto same_name = [&](const StrategySettings& other) { return other.name == strategy.name; };
    if (std::ranges::any_of(strategies.first(i), same_name)) {
      return refuse(fmt::format("two strategies are named '{}'", strategy.name));
    }
    if (find_strategy_kind(strategy.kind) == nullptr) {
      std::string valid;
      for (const StrategyKind& kind : kinds) valid += fmt::format("{}{}", valid.empty() ? "" : ", ", kind.name);
      return refuse(fmt::format("strategy '{}': unknown kind '{}' (valid: {})", strategy.name, strategy.kind, valid));
    }
    if (strategy.decide_every < Duration{} || strategy.decide_every.ns % interval.ns != 0) {
      return refuse(fmt::format("strategy '{}': decide_every is not a multiple of the candle interval {}",
                                strategy.name, to_text(interval)));
    }
  }
  return {};
}

}  // namespace candled::trading
