#include "candled/config/config_trading.hpp"

#include <fmt/format.h>

#include "config/config_texts.hpp"

namespace candled::config {
namespace {

constexpr double basis_points_max = 1000;

template <class Number>
constexpr Number whole(std::int64_t amount) {
  return Number::from_units(amount * Number::scale);
}

// The config has checked the range.
trading::Fraction basis_points(double count) {
  const Result<trading::Fraction> fraction = trading::Fraction::from_basis_points(count);
  if (!fraction) throw ConfigError(fraction.error().message);
  return *fraction;
}

trading::StrategySettings settings_of(const StrategyConfig& strategy) {
  return {.name = strategy.name, .kind = strategy.kind, .decide_every = strategy.decide_every.value_or(Duration{}),
          .cooldown = strategy.cooldown.value_or(Duration{}), .parameters = strategy.parameters};
}

std::vector<trading::StrategySettings> settings_of(const std::vector<StrategyConfig>& strategies) {
  std::vector<trading::StrategySettings> all;
  for (const StrategyConfig& strategy : strategies) all.push_back(settings_of(strategy));
  return all;
}

}  // namespace

const std::vector<std::string>& strategy_kind_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const trading::StrategyKind& kind : trading::strategy_kinds()) all.emplace_back(kind.name);
    return all;
  }();
  return names;
}

std::vector<StrategyConfig> default_strategies() {
  std::vector<StrategyConfig> strategies;
  for (const char* kind : {"dynamic", "balanced", "ultra_aggressive"}) {
    strategies.push_back({.name = kind, .kind = kind, .decide_every = {}, .cooldown = {}, .parameters = {}});
  }
  return strategies;
}

void read_strategy(ConfigSection& section, StrategyConfig& strategy) {
  section.require("name");
  section.text("name", strategy.name, check_name);
  section.require("kind");
  section.one_of("kind", strategy.kind, strategy_kind_names());
  section.duration("decide_every", strategy.decide_every, Duration::seconds(1), Duration::days(7));
  section.duration("cooldown", strategy.cooldown, Duration::seconds(1), Duration::days(365));
  for (const trading::ParameterInfo& info : trading::parameters_of(*trading::find_strategy_kind(strategy.kind))) {
    std::optional<double> value;
    section.number(info.name, value, info.lowest, info.highest);
    if (value) strategy.parameters.emplace(info.name, *value);
  }
}

void read_paper(ConfigSection& section, PaperConfig& paper) {
  section.money("starting_balance", paper.starting_balance, whole<Money>(1), whole<Money>(1'000'000'000));
  section.number("fee_bps", paper.fee_bps, 0, basis_points_max);
  section.number("maker_fee_bps", paper.maker_fee_bps, 0, basis_points_max);
  section.number("slippage_bps", paper.slippage_bps, 0, basis_points_max);
  section.number("half_spread_bps", paper.half_spread_bps, 0, basis_points_max);
  section.whole("latency_ms", paper.latency_ms, 0, 60'000);
  section.money("minimum_order", paper.minimum_order, Money{}, whole<Money>(1'000'000));
  section.duration("stale_after", paper.stale_after, Duration::milliseconds(1), Duration::days(3650));
}

void read_fees(ConfigSection& section, ExchangeFees& fees) {
  section.number("maker_fee_bps", fees.maker_fee_bps, 0, basis_points_max);
  section.number("taker_fee_bps", fees.taker_fee_bps, 0, basis_points_max);
}

void read_order_rules(ConfigSection& section, MarketConfig& market) {
  section.quantity("minimum_quantity", market.minimum_quantity, Quantity{}, whole<Quantity>(1'000'000'000));
  section.quantity("lot_step", market.lot_step, Quantity{}, whole<Quantity>(1'000'000));
  section.price("price_step", market.price_step, Price{}, whole<Price>(1'000'000));
}

void check_strategy_rules(const Config& config, const ConfigOrigin& origin, const std::vector<std::string>& strategy_paths) {
  for (std::size_t i = 0; i < config.strategies.size(); ++i) {
    const std::vector one{settings_of(config.strategies[i])};
    const std::string& path = strategy_paths[i];
    // What does not belong to a market: decide_every is checked against each market's interval elsewhere.
    std::vector checked = one;
    checked[0].decide_every = {};
    if (const Result<void> rules = trading::check_strategies(checked, Duration::minutes(1)); !rules) {
      origin.fail({path + ".leave", path + ".enter", path + ".size", path + ".size_max", path + ".name"},
                  rules.error().message);
    }
    if (const auto benchmarks = trading::with_benchmarks(one); !benchmarks) {
      origin.fail({path + ".name"}, benchmarks.error().message);
    }
  }
}

std::vector<trading::StrategySettings> strategy_settings(const Config& config) {
  Result<std::vector<trading::StrategySettings>> all = trading::with_benchmarks(settings_of(config.strategies));
  if (!all) throw ConfigError(all.error().message);
  return std::move(*all);
}

trading::PaperSettings paper_settings(const Config& config, std::size_t market) {
  const MarketConfig& rules = config.markets.at(market);
  const auto found = config.fees.find(rules.exchange);
  const ExchangeFees fees = found == config.fees.end() ? ExchangeFees{} : found->second;
  const PaperConfig& paper = config.paper;
  trading::PaperSettings settings;
  settings.starting_balance = paper.starting_balance;
  settings.costs = {.fee = basis_points(fees.taker_fee_bps.value_or(paper.fee_bps)),
                    .half_spread = basis_points(paper.half_spread_bps),
                    .slippage = basis_points(paper.slippage_bps),
                    .minimum_order = paper.minimum_order,
                    .maker_fee = basis_points(fees.maker_fee_bps.value_or(paper.maker_fee_bps))};
  settings.latency = Duration::milliseconds(paper.latency_ms);
  settings.stale_after = paper.stale_after;
  settings.rules = {.minimum_quantity = rules.minimum_quantity, .lot_step = rules.lot_step, .price_step = rules.price_step};
  return settings;
}

}  // namespace candled::config
