#include "candled/trading/settings.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "candled/domain/section.hpp"

namespace candled::trading {
namespace {

constexpr double basis_points_max = 1000;

template <class Number>
constexpr Number whole(std::int64_t amount) {
  return Number::from_units(amount * Number::scale);
}

const std::vector<std::string_view>& kind_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const StrategyKind& kind : strategy_kinds()) all.push_back(kind.name);
    return all;
  }();
  return names;
}

std::optional<std::string> check_name(std::string_view text) {
  const auto is_right = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (!text.empty() && text.size() <= 32 && std::ranges::all_of(text, is_right)) return std::nullopt;
  return fmt::format("'{}' is not a name of 1 to 32 letters, digits, '_' or '-'", text);
}

bool is_common(std::string_view name) {
  return std::ranges::find(common_parameters(), name, &ParameterInfo::name) != common_parameters().end();
}

// "Buys above this probability, 0.5 to 1 (dynamic 0.55, balanced 0.6).": the meaning of the kind at hand, the default of each.
std::string help_of(const ParameterInfo& info) {
  std::string standards;
  if (is_common(info.name)) {
    standards = std::isnan(info.standard) ? "every kind; not given: off" : fmt::format("every kind {}", info.standard);
  } else {
    for (const StrategyKind& kind : strategy_kinds()) {
      const auto own = std::ranges::find(kind.parameters, info.name, &ParameterInfo::name);
      if (own == kind.parameters.end()) continue;
      standards += fmt::format("{}{} {}", standards.empty() ? "" : ", ", kind.name, own->standard);
    }
  }
  std::string meaning(info.meaning);
  meaning.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(meaning.front())));
  return fmt::format("{}. {} to {} ({}).", meaning, info.lowest, info.highest, standards);
}

}  // namespace

void describe(Section& section, PaperTerms& terms) {
  section.money({.name = "starting_balance",
                 .help = "Cash of each account at its start in quote currency, 1 to 1000000000; a number, or text if "
                         "it has more than "
                         "15 digits."},
                terms.starting_balance, whole<Money>(1), whole<Money>(1'000'000'000));
  section.number({.name = "fee_bps",
                  .help = "Taker fee in hundredths of a percent of the notional, 0 to 1000, of market orders. 40 is "
                          "Kraken's for a new "
                          "account; 0 flatters every result. An [exchange.<name>] can have its own."},
                 terms.fee_bps, 0, basis_points_max);
  section.number(
      {.name = "maker_fee_bps",
       .help =
           "Maker fee, 0 to 1000, of limit orders (`limit_offset` of a strategy). 25 is Kraken's for a new account."},
      terms.maker_fee_bps, 0, basis_points_max);
  section.number({.name = "slippage_bps",
                  .help = "Slippage in hundredths of a percent of the price, paid on each side, 0 to 1000. Used where "
                          "no order book is "
                          "recorded; with one, an order takes its levels."},
                 terms.slippage_bps, 0, basis_points_max);
  section.number({.name = "half_spread_bps",
                  .help = "Half the spread, 0 to 1000, on top of the slippage. 0: slippage_bps includes it."},
                 terms.half_spread_bps, 0, basis_points_max);
  section.whole({.name = "latency_ms",
                 .help = "Time from the decision to the order at the exchange in milliseconds, 0 to 60000: it fills at "
                         "the first price "
                         "from then on."},
                terms.latency_ms, 0, 60'000);
  section.money(
      {.name = "minimum_order",
       .help = "Minimum notional of an order in quote currency, 0 to 1000000. A smaller buy is left out; a sale that "
               "would leave less sells all."},
      terms.minimum_order, Money{}, whole<Money>(1'000'000));
  section.duration(
      {.name = "stale_after",
       .help =
           "No trade on a candle that was closed later than this after its end, because the daemon was off or the feed "
           "was down. More than the grace. It still gets its prediction."},
      terms.stale_after, Duration::milliseconds(1), Duration::days(3650));
}

void describe(Section& section, ExchangeFees& fees) {
  section.number({.name = "maker_fee_bps",
                  .help = "Fees of this exchange in hundredths of a percent, 0 to 1000, over those of [paper]. "
                          "(default: those of [paper])",
                  .example = "25.0"},
                 fees.maker_fee_bps, 0, basis_points_max);
  section.number({.name = "taker_fee_bps", .example = "40.0"}, fees.taker_fee_bps, 0, basis_points_max);
}

void describe(Section& section, MarketRules& rules) {
  section.quantity(
      {.name = "minimum_quantity",
       .help = "Order rules of this market; paper orders are cut to them. 0: no rule. Numbers, or text if they "
               "have more than 15 digits. Minimum quantity, base currency:"},
      rules.minimum_quantity, Quantity{}, whole<Quantity>(1'000'000'000));
  section.quantity({.name = "lot_step", .help = "Quantities are multiples of this, rounded down, 0 to 1000000."},
                   rules.lot_step, Quantity{}, whole<Quantity>(1'000'000));
  section.price({.name = "price_step", .help = "Prices are multiples of this, rounded against us, 0 to 1000000."},
                rules.price_step, Price{}, whole<Price>(1'000'000));
}

void describe(Section& section, StrategySettings& strategy) {
  section.text({.name = "name",
                .help = "Name in tables, page and logs: 1 to 32 letters, digits, '_', '-'; unique. Must be given.",
                .required = true},
               strategy.name, check_name);
  section.one_of(
      {.name = "kind",
       .help =
           "The rule. Several strategies may use the same one with other numbers. Must be given.\n"
           "  \"dynamic\"           buys above `enter` for `size` of the cash plus what the probability is above "
           "`enter`, "
           "at most `size_max`\n"
           "  \"balanced\"          buys above `enter` for `size` of the cash\n"
           "  \"ultra_aggressive\"  buys above `enter` for `size` of the cash; all three sell `sell` of the position "
           "when "
           "the signal is down\n"
           "  \"threshold\"         all in for `size` of the cash above `enter`, all out below `leave`, unchanged in "
           "between\n"
           "  \"vote_hold\"         BUY above `threshold`, SELL below 1 - `threshold`, HOLD between; trades `size` "
           "times "
           "its confidence\n"
           "  \"buy_and_hold\", \"flat\"  the benchmarks\n"
           "Below are the numbers of the kinds, fractions of 1 (0.05 is 5 %), each with its range and the default of "
           "every "
           "kind that has it; a key that the kind does not have is an error.",
       .required = true},
      strategy.kind, kind_names());
  std::optional<Duration> decide_every, cooldown;
  section.duration({.name = "decide_every",
                    .help = "Decide only on candles that end at a multiple of this time; a multiple of every market's "
                            "interval. (default: "
                            "every closed candle)",
                    .example = "\"5m\""},
                   decide_every, Duration::seconds(1), Duration::days(7));
  section.duration(
      {.name = "cooldown",
       .help = "No decision for this long after a fill, \"1s\" to \"365d\"; stops still act. (default: none)",
       .example = "\"15m\""},
      cooldown, Duration::seconds(1), Duration::days(365));
  strategy.decide_every = decide_every.value_or(strategy.decide_every);
  strategy.cooldown = cooldown.value_or(strategy.cooldown);
  section.part_of(strategy.kind, kind_names(), [&](Section& part, std::string_view kind) {
    for (const ParameterInfo& info : parameters_of(*find_strategy_kind(kind))) {
      std::optional<double> value;
      part.number({.name = info.name,
                   .help = help_of(info),
                   .example = fmt::format("{}", std::isnan(info.standard) ? info.lowest : info.standard)},
                  value, info.lowest, info.highest);
      if (value) strategy.parameters.emplace(info.name, *value);
    }
  });
}

Result<PaperSettings> paper_settings(const PaperTerms& terms, const ExchangeFees& fees, const MarketRules& rules) {
  const Result<Fraction> fee = Fraction::from_basis_points(fees.taker_fee_bps.value_or(terms.fee_bps));
  const Result<Fraction> half_spread = Fraction::from_basis_points(terms.half_spread_bps);
  const Result<Fraction> slippage = Fraction::from_basis_points(terms.slippage_bps);
  const Result<Fraction> maker_fee = Fraction::from_basis_points(fees.maker_fee_bps.value_or(terms.maker_fee_bps));
  for (const Result<Fraction>* fraction : {&fee, &half_spread, &slippage, &maker_fee}) {
    if (!*fraction) return std::unexpected(fraction->error());
  }
  PaperSettings settings;
  settings.starting_balance = terms.starting_balance;
  settings.costs = {.fee = *fee,
                    .half_spread = *half_spread,
                    .slippage = *slippage,
                    .minimum_order = terms.minimum_order,
                    .maker_fee = *maker_fee};
  settings.latency = Duration::milliseconds(terms.latency_ms);
  settings.stale_after = terms.stale_after;
  settings.rules = rules;
  return settings;
}

std::vector<StrategySettings> default_strategies() {
  std::vector<StrategySettings> strategies;
  for (const char* kind : {"dynamic", "balanced", "ultra_aggressive"})
    strategies.push_back({.name = kind, .kind = kind});
  return strategies;
}

}  // namespace candled::trading
