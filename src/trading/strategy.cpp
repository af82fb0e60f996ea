#include "candled/trading/strategy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "trading/strategies/strategies.hpp"

namespace candled::trading {
namespace {

constexpr std::array common{
    ParameterInfo{"stop_loss", 0, 0, 0.99,
                  "sells all when the low is this fraction below what the position cost; 0: never"},
    ParameterInfo{"take_profit", 0, 0, 1,
                  "sells all when the close is this fraction above what the position cost; 0: never"},
    ParameterInfo{"trailing_stop", 0, 0, 0.99,
                  "sells all when the low is this fraction below the highest close since the purchase; 0: never"},
    ParameterInfo{"maximum_position", 0, 0, 1,
                  "largest fraction of the equity that purchases put into the position; 0: all"},
    ParameterInfo{"maximum_drawdown", 0, 0, 0.99,
                  "sells all and ends when the equity is this fraction below its highest; 0: never"},
    ParameterInfo{"minimum_edge", ParameterInfo::off, 0, 1,
                  "trades only when the expected move exceeds the cost of a round trip by more than this fraction"},
    ParameterInfo{"limit_offset", ParameterInfo::off, 0, 0.1,
                  "limit orders this fraction of the close away, instead of market orders"},
};

std::string names_of(std::span<const StrategyKind> kinds) {
  std::string names;
  for (const StrategyKind& kind : kinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", kind.name);
  return names;
}

double value_of(const StrategySettings& settings, const ParameterInfo& info) {
  const auto set = settings.parameters.find(info.name);
  return set == settings.parameters.end() ? info.standard : set->second;
}

Result<void> check_parameters(const StrategySettings& settings, const StrategyKind& kind) {
  const std::vector<ParameterInfo> valid = parameters_of(kind);
  for (const auto& [name, value] : settings.parameters) {
    const auto info = std::ranges::find(valid, name, &ParameterInfo::name);
    if (info == valid.end()) {
      std::string names;
      for (const ParameterInfo& each : valid) names += fmt::format("{}{}", names.empty() ? "" : ", ", each.name);
      return refuse(fmt::format("strategy '{}': unknown parameter '{}' (valid: {})", settings.name, name, names));
    }
    if (!(value >= info->lowest && value <= info->highest)) {
      return refuse(fmt::format("strategy '{}': {} is {}, outside {} to {}", settings.name, name, value, info->lowest,
                                info->highest));
    }
  }
  // Two bounds of one rule: the lower may not be above the higher.
  for (const auto& [low, high] : {std::pair{"leave", "enter"}, std::pair{"size", "size_max"}}) {
    const auto low_info = std::ranges::find(valid, low, &ParameterInfo::name);
    const auto high_info = std::ranges::find(valid, high, &ParameterInfo::name);
    if (low_info == valid.end() || high_info == valid.end()) continue;
    if (value_of(settings, *low_info) > value_of(settings, *high_info)) {
      return refuse(fmt::format("strategy '{}': {} {} is above {} {}", settings.name, low,
                                value_of(settings, *low_info), high, value_of(settings, *high_info)));
    }
  }
  return {};
}

}  // namespace

OrderIntent OrderIntent::buy(const StrategyView& view, double part_of_cash, std::string_view reason) {
  if (view.cash.units() <= 0) return nothing("no cash");
  const Money spend = Money::from_units(Fraction::from_double(part_of_cash).nearest_of(view.cash.units()));
  if (spend.units() <= 0) return nothing("too little to spend");
  return {Kind::buy, spend, {}, reason};
}

OrderIntent OrderIntent::sale(const StrategyView& view, double part_of_position, std::string_view reason) {
  if (view.position.units() <= 0) return nothing("no position");
  const Fraction part = Fraction::from_double(part_of_position);
  if (part == Fraction{}) return nothing("too little to sell");
  return {Kind::sell, {}, part, reason};
}

std::span<const StrategyKind> strategy_kinds() {
  static const std::array kinds{strategies::dynamic,   strategies::balanced,  strategies::ultra_aggressive,
                                strategies::threshold, strategies::vote_hold, strategies::buy_and_hold,
                                strategies::flat};
  return kinds;
}

const StrategyKind* find_strategy_kind(std::string_view name) {
  const std::span<const StrategyKind> kinds = strategy_kinds();
  const auto found = std::ranges::find(kinds, name, &StrategyKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

std::span<const ParameterInfo> common_parameters() { return common; }

std::vector<ParameterInfo> parameters_of(const StrategyKind& kind) {
  std::vector<ParameterInfo> all(kind.parameters.begin(), kind.parameters.end());
  all.insert(all.end(), common.begin(), common.end());
  return all;
}

Result<void> check_strategies(std::span<const StrategySettings> strategies, Duration interval) {
  for (std::size_t i = 0; i < strategies.size(); ++i) {
    const StrategySettings& strategy = strategies[i];
    if (strategy.name.empty()) return refuse("a strategy has no name");
    const auto same_name = [&](const StrategySettings& other) { return other.name == strategy.name; };
    if (std::ranges::any_of(strategies.first(i), same_name)) {
      return refuse(fmt::format("two strategies are named '{}'", strategy.name));
    }
    const StrategyKind* kind = find_strategy_kind(strategy.kind);
    if (kind == nullptr) {
      return refuse(fmt::format("strategy '{}': unknown kind '{}' (valid: {})", strategy.name, strategy.kind,
                                names_of(strategy_kinds())));
    }
    if (Result<void> checked = check_parameters(strategy, *kind); !checked) return checked;
    if (strategy.cooldown < Duration{})
      return refuse(fmt::format("strategy '{}': cooldown is negative", strategy.name));
    if (strategy.decide_every < Duration{} || strategy.decide_every.ns % interval.ns != 0) {
      return refuse(fmt::format("strategy '{}': decide_every is not a multiple of the candle interval {}",
                                strategy.name, to_text(interval)));
    }
  }
  return {};
}

Result<std::vector<StrategySettings>> with_benchmarks(std::vector<StrategySettings> strategies) {
  for (const std::string_view name : {buy_and_hold_name, flat_name}) {
    const auto found = std::ranges::find(strategies, name, &StrategySettings::name);
    if (found == strategies.end()) {
      strategies.push_back({.name = std::string(name), .kind = std::string(name)});
    } else if (found->kind != name || !found->parameters.empty() || found->decide_every != Duration{} ||
               found->cooldown != Duration{}) {
      return refuse(fmt::format(
          "strategy '{}': the name belongs to the benchmark that always runs, of that kind and without options", name));
    }
  }
  return strategies;
}

}  // namespace candled::trading
