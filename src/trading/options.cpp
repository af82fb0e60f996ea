#include "trading/options.hpp"

#include <algorithm>
#include <cmath>

namespace candled::trading {
namespace {

// price * (1 - fraction), rounded up: the highest price that is surely that far below.
bool is_below(Price price, Price peak, Fraction by) {
  // In steps of 1e-10 where both are whole ones, so that the bound is what it always was.
  const std::optional<std::int64_t> usual = price.usual_units(), usual_peak = peak.usual_units();
  if (usual && usual_peak) return *usual <= *usual_peak - by.ceiling_of(*usual_peak);
  return price.finest_units() <= peak.finest_units() - by.ceiling_of(peak.finest_units());
}

double number(const StrategySettings& settings, std::string_view name) {
  const auto set = settings.parameters.find(name);
  if (set != settings.parameters.end()) return set->second;
  const auto common = common_parameters();
  const auto info = std::ranges::find(common, name, &ParameterInfo::name);
  if (info == common.end()) invariant_failed("an option is not in the list of common parameters");
  return info->standard;
}

StrategyOptions options_of(const StrategySettings& settings) {
  const auto fraction = [&](std::string_view name) { return Fraction::from_double(number(settings, name)); };
  StrategyOptions options{.stop_loss = fraction("stop_loss"),
                          .take_profit = fraction("take_profit"),
                          .trailing_stop = fraction("trailing_stop"),
                          .maximum_position = fraction("maximum_position"),
                          .maximum_drawdown = fraction("maximum_drawdown"),
                          .minimum_edge = {},
                          .limit_offset = {}};
  if (const double edge = number(settings, "minimum_edge"); !std::isnan(edge)) options.minimum_edge = edge;
  if (!std::isnan(number(settings, "limit_offset"))) options.limit_offset = fraction("limit_offset");
  return options;
}

}  // namespace

StrategyRule resolve(const StrategySettings& settings, Duration interval) {
  StrategyRule rule;
  rule.kind = find_strategy_kind(settings.kind);
  if (rule.kind == nullptr) invariant_failed("unknown kind of strategy");
  for (const ParameterInfo& info : rule.kind->parameters) {
    const auto set = settings.parameters.find(info.name);
    rule.parameters.push_back(set == settings.parameters.end() ? info.standard : set->second);
  }
  rule.options = options_of(settings);
  rule.decide_every = settings.decide_every == Duration{} ? interval : settings.decide_every;
  rule.cooldown = settings.cooldown;
  return rule;
}

std::optional<FillReason> forced_exit(const StrategyOptions& options, const OptionsState& state,
                                      const AccountView& account, Price low) {
  const bool any = options.stop_loss > Fraction{} || options.trailing_stop > Fraction{} ||
                   options.take_profit > Fraction{} || state.stopped_at > Fraction{};
  if (!any || !account.holds) return std::nullopt;
  if (state.stopped_at > Fraction{}) return FillReason::drawdown;
  const Money cost = account.cost;
  if (options.stop_loss > Fraction{}) {
    const std::optional<Money> value = checked_notional(low, account.position);
    const Money bound = cost - options.stop_loss.ceiling_of(cost);
    if (value && *value <= bound) return FillReason::stop_loss;
  }
  if (options.trailing_stop > Fraction{} && is_below(low, state.price_peak, options.trailing_stop)) {
    return FillReason::trailing_stop;
  }
  if (options.take_profit > Fraction{}) {
    const std::optional<Money> value = checked_notional(account.price, account.position);
    const std::optional<Money> bound = checked_add(cost, options.take_profit.ceiling_of(cost));
    if (bound && (!value || *value >= *bound)) return FillReason::take_profit;
  }
  return std::nullopt;
}

OrderIntent within_options(const OrderIntent& intent, const StrategyOptions& options, const AccountView& account,
                           std::optional<double> expected_move, double round_trip) {
  if (intent.kind == OrderIntent::Kind::nothing) return intent;
  if (options.minimum_edge && !(expected_move && *expected_move - round_trip > *options.minimum_edge)) {
    return OrderIntent::nothing("the expected move does not pay for the trade");
  }
  if (intent.kind == OrderIntent::Kind::sell || options.maximum_position == Fraction{}) return intent;
  const std::optional<Money> equity = account.equity();
  if (!equity) return OrderIntent::nothing("the equity is beyond numbers");
  const Money most = Money::from_units(options.maximum_position.nearest_of(equity->units()));
  const Money room = most - (*equity - account.cash);
  if (room.units() <= 0) return OrderIntent::nothing("the position is as large as it may be");
  OrderIntent cut = intent;
  cut.spend = std::min(intent.spend, room);
  return cut;
}

}  // namespace candled::trading
