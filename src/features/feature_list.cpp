// The feature list, and the only place that knows it. A new indicator is one file in indicators/ and one row here.
//
// Every feature is free of scale: a ratio to the price, to the ATR or to a rolling mean, so no model ever sees a price
// level. Where the indicator itself is free of scale (RSI, %R, ADX ...) the feature is the indicator, under TA-Lib's
// name and unit.

#include "features/feature_list.hpp"

#include <algorithm>

#include "candled/features/indicators/atr.hpp"
#include "candled/features/indicators/bollinger.hpp"
#include "candled/features/indicators/cci.hpp"
#include "candled/features/indicators/chaikin_money_flow.hpp"
#include "candled/features/indicators/clock_wave.hpp"
#include "candled/features/indicators/directional_movement.hpp"
#include "candled/features/indicators/donchian.hpp"
#include "candled/features/indicators/ema.hpp"
#include "candled/features/indicators/garman_klass.hpp"
#include "candled/features/indicators/log_return.hpp"
#include "candled/features/indicators/macd.hpp"
#include "candled/features/indicators/money_flow_index.hpp"
#include "candled/features/indicators/obv_slope.hpp"
#include "candled/features/indicators/parkinson.hpp"
#include "candled/features/indicators/rate_of_change.hpp"
#include "candled/features/indicators/realized_volatility.hpp"
#include "candled/features/indicators/rolling_vwap.hpp"
#include "candled/features/indicators/rsi.hpp"
#include "candled/features/indicators/session_vwap.hpp"
#include "candled/features/indicators/sma.hpp"
#include "candled/features/indicators/stochastic.hpp"
#include "candled/features/indicators/true_range.hpp"
#include "candled/features/indicators/williams_r.hpp"
#include "candled/features/indicators/z_score.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {
namespace {

using Pool = IndicatorPool;
using P = Parameters;

// Most features are one number of one indicator: value_of<Rsi>(), value_of<Macd>(&Macd::line).
template <class Indicator, class Read>
auto value_of(Read read) {
  return [read](Pool& pool, const P& p) -> Column {
    return [&indicator = pool.get<Indicator>(p), read](const Bar&) { return (indicator.*read)(); };
  };
}
template <class Indicator>
auto value_of() {
  return value_of<Indicator>(&Indicator::value);
}

// A number of an indicator as a fraction of the close.
template <class Indicator, class Read>
auto per_close(Read read) {
  return [read](Pool& pool, const P& p) -> Column {
    return [&indicator = pool.get<Indicator>(p), read](const Bar& bar) {
      return ratio((indicator.*read)(), bar.close);
    };
  };
}

// How far the close stands from an average price, as a fraction of it.
template <class Indicator>
auto close_from() {
  return [](Pool& pool, const P& p) -> Column {
    return [&average = pool.get<Indicator>(p)](const Bar& bar) { return ratio(bar.close, average.value()) - 1; };
  };
}

// A number of the candle relative to its mean over the last n candles.
template <double Bar::*Field>
auto per_mean() {
  return [](Pool& pool, const P& p) -> Column {
    return [&sum = pool.get<RollingSum, Field>(p)](const Bar& bar) { return ratio(bar.*Field, sum.mean()); };
  };
}

// A part of the candle as a fraction of its range.
template <class Part>
auto per_range(Part part) {
  return [part](Pool&, const P&) -> Column {
    return [part](const Bar& bar) { return ratio(part(bar), bar.high - bar.low); };
  };
}

Column buy_share(Pool& pool, const P& p) {
  return [&buy = pool.get<RollingSum, &Bar::buy_volume>(p), &all = pool.get<RollingSum, &Bar::volume>(p)](const Bar&) {
    return ratio(buy.value(), all.value());
  };
}

Column signed_volume_ratio(Pool& pool, const P& p) {
  return [&buy = pool.get<RollingSum, &Bar::buy_volume>({p[0]}),
          &sell = pool.get<RollingSum, &Bar::sell_volume>({p[0]}),
          &usual = pool.get<RollingSum, &Bar::volume>({p[1]}), n = p[0]](const Bar&) {
    return ratio(buy.value() - sell.value(), n * usual.mean());
  };
}

Column trade_size_ratio(Pool& pool, const P& p) {
  return [&volume = pool.get<RollingSum, &Bar::volume>(p),
          &trades = pool.get<RollingSum, &Bar::trades>(p)](const Bar& bar) {
    return ratio(ratio(bar.volume, bar.trades), ratio(volume.value(), trades.value()));
  };
}

Column momentum_per_atr(Pool& pool, const P& p) {
  return [&change = pool.get<RateOfChange>({p[0]}), &atr = pool.get<Atr>({p[1]})](const Bar&) {
    return ratio(change.momentum(), atr.value());
  };
}

Column range_per_atr(Pool& pool, const P& p) {
  return [&range = pool.get<TrueRange>({}), &atr = pool.get<Atr>(p)](const Bar&) {
    return ratio(range.value(), atr.value());
  };
}

Column quiet_share(Pool& pool, const P& p) {
  return [&quiet = pool.get<RollingSum, &Bar::quiet>(p)](const Bar&) { return quiet.mean(); };
}

// A wave whose period begins so many hours after a Thursday's midnight UTC (the epoch's).
auto clock(double (ClockWave::*read)(const ClockTurn&) const, int period_hours, int begins_hours) {
  return [=](Pool& pool, const P&) -> Column {
    return [&wave = pool.get<ClockWave>({period_hours}),
            begins = ClockTurn(period_hours, begins_hours), read](const Bar&) {
      return (wave.*read)(begins);
    };
  };
}
auto sine(int period_hours, int begins_hours) { return clock(&ClockWave::sine, period_hours, begins_hours); }
auto cosine(int period_hours, int begins_hours) { return clock(&ClockWave::cosine, period_hours, begins_hours); }

constexpr int day = 24, week = 7 * 24;
constexpr int midnight = 0, monday = 4 * 24, us_open = 13, asia_open = 1, europe_open = 7;

// Warm-ups.
int at_once(const P&) { return 1; }
int full_window(const P& p) { return p[0]; }
int one_change_more(const P& p) { return p[0] + 1; }
int longest_window(const P& p) { return *std::max_element(p.begin(), p.end()); }
int macd_warm(const P& p) { return p[1] + p[2] - 1; }
int stochastic_warm(const P& p) { return p[0] + p[1] + p[2] - 2; }

}  // namespace

std::vector<FeatureFamily> feature_families() {
  return {
      // name, default parameters, unit, formula, warm-up, how it is read
      {"rsi", {{7}, {14}}, "0 to 100", "relative strength index over n closes",
       one_change_more, value_of<Rsi>()},
      {"macd_ratio", {{12, 26, 9}}, "fraction of price", "MACD line / close",
       macd_warm, per_close<Macd>(&Macd::line)},
      {"macd_hist_ratio", {{12, 26, 9}}, "fraction of price", "MACD histogram / close",
       macd_warm, per_close<Macd>(&Macd::histogram)},
      {"bb_percent_b", {{20, 2}}, "0 at the lower band, 1 at the upper",
       "(close - lower) / (upper - lower), Bollinger bands of n closes, m deviations",
       full_window, value_of<Bollinger>(&Bollinger::percent_b)},
      {"bb_bandwidth", {{20, 2}}, "fraction of price",
       "(upper - lower) / middle, Bollinger bands of n closes, m deviations",
       full_window, value_of<Bollinger>(&Bollinger::bandwidth)},
      {"atr_ratio", {{14}}, "fraction of price", "average true range over n / close",
       one_change_more, per_close<Atr>(&Atr::value)},
      {"range_atr", {{14}}, "average true ranges", "true range / average true range over n",
       one_change_more, range_per_atr},
      {"ema_ratio", {{9}, {20}, {50}}, "fraction of price", "close / EMA of n closes - 1",
       full_window, close_from<Ema>()},
      {"sma_ratio", {{7}, {20}, {50}}, "fraction of price", "close / SMA of n closes - 1",
       full_window, close_from<Sma>()},
      {"vwap_session_ratio", {{}}, "fraction of price", "close / volume-weighted price of the UTC day - 1",
       at_once, close_from<SessionVwap>()},
      {"vwap_ratio", {{60}}, "fraction of price", "close / volume-weighted price of n candles - 1",
       full_window, close_from<RollingVwap>()},
      {"logret", {{1}, {5}, {15}, {60}}, "log ratio", "ln(close / close n candles ago)",
       one_change_more, value_of<LogReturn>()},
      {"roc", {{10}}, "percent", "(close / close n candles ago - 1) * 100",
       one_change_more, value_of<RateOfChange>()},
      {"mom_atr", {{10, 14}}, "average true ranges", "(close - close n candles ago) / average true range over m",
       [](const P& p) { return longest_window(p) + 1; }, momentum_per_atr},
      {"realized_vol", {{30}}, "log ratio per candle", "sample deviation of n one-candle log returns",
       one_change_more, value_of<RealizedVolatility>()},
      {"parkinson", {{30}}, "log ratio per candle", "sqrt(sum of ln(high / low)^2 over n / (4 n ln 2))",
       full_window, value_of<Parkinson>()},
      {"garman_klass", {{30}}, "log ratio per candle",
       "sqrt(mean over n of 0.5 ln(high / low)^2 - (2 ln 2 - 1) ln(close / open)^2)",
       full_window, value_of<GarmanKlass>()},
      {"zscore", {{60}}, "deviations", "(close - mean) / population deviation of n closes",
       full_window, value_of<ZScore>()},
      {"donchian_position", {{20}}, "0 to 1", "(close - lowest low) / (highest high - lowest low) of n candles",
       full_window, value_of<Donchian>(&Donchian::position)},
      {"stoch_k", {{14, 3, 3}}, "0 to 100", "slow %K: mean over m of the close's place in the range of n candles",
       stochastic_warm, value_of<Stochastic>(&Stochastic::k)},
      {"stoch_d", {{14, 3, 3}}, "0 to 100", "slow %D: mean over the last parameter of slow %K",
       stochastic_warm, value_of<Stochastic>(&Stochastic::d)},
      {"willr", {{14}}, "-100 to 0", "Williams %R over n candles",
       full_window, value_of<WilliamsR>()},
      {"cci", {{20}}, "index", "(typical - mean) / (0.015 mean absolute deviation) over n candles",
       full_window, value_of<Cci>()},
      {"adx", {{14}}, "0 to 100", "average directional index over n",
       [](const P& p) { return 2 * p[0]; }, value_of<DirectionalMovement>(&DirectionalMovement::adx)},
      {"plus_di", {{14}}, "0 to 100", "plus directional indicator over n",
       one_change_more, value_of<DirectionalMovement>(&DirectionalMovement::plus_di)},
      {"minus_di", {{14}}, "0 to 100", "minus directional indicator over n",
       one_change_more, value_of<DirectionalMovement>(&DirectionalMovement::minus_di)},
      {"mfi", {{14}}, "0 to 100", "money flow index over n, without TA-Lib's least flow of 1.0",
       one_change_more, value_of<MoneyFlowIndex>()},
      {"cmf", {{20}}, "-1 to 1", "Chaikin money flow over n candles",
       full_window, value_of<ChaikinMoneyFlow>()},
      {"obv_slope", {{20}}, "-1 to 1", "change of on-balance volume over n candles / their volume",
       one_change_more, value_of<ObvSlope>()},
      {"body_ratio", {{}}, "-1 to 1", "(close - open) / (high - low)",
       at_once, per_range([](const Bar& b) { return b.close - b.open; })},
      {"upper_wick_ratio", {{}}, "0 to 1", "(high - max(open, close)) / (high - low)",
       at_once, per_range([](const Bar& b) { return b.high - std::max(b.open, b.close); })},
      {"lower_wick_ratio", {{}}, "0 to 1", "(min(open, close) - low) / (high - low)",
       at_once, per_range([](const Bar& b) { return std::min(b.open, b.close) - b.low; })},
      {"buy_share", {{1}, {5}, {15}}, "0 to 1", "volume bought by takers / volume, over n candles",
       full_window, buy_share},
      {"signed_volume_ratio", {{5, 60}, {15, 60}}, "mean volumes",
       "(bought - sold volume of n candles) / (n * mean volume of m candles)",
       longest_window, signed_volume_ratio},
      {"volume_ma_ratio", {{20}}, "mean volumes", "volume / mean volume of n candles",
       full_window, per_mean<&Bar::volume>()},
      {"trades_ma_ratio", {{20}}, "mean counts", "number of trades / mean number of n candles",
       full_window, per_mean<&Bar::trades>()},
      {"trade_size_ratio", {{20}}, "mean sizes", "mean size of a trade / the same over n candles",
       full_window, trade_size_ratio},
      {"quiet_share", {{15}}, "0 to 1", "share of the last n candles in which nothing traded",
       full_window, quiet_share},
      {"hour_sin", {{}}, "-1 to 1", "sine of the time of day (UTC, end of the candle)",
       at_once, sine(day, midnight)},
      {"hour_cos", {{}}, "-1 to 1", "cosine of the time of day",
       at_once, cosine(day, midnight)},
      {"weekday_sin", {{}}, "-1 to 1", "sine of the time of the week, from Monday",
       at_once, sine(week, monday)},
      {"weekday_cos", {{}}, "-1 to 1", "cosine of the time of the week",
       at_once, cosine(week, monday)},
      {"us_open_sin", {{}}, "-1 to 1", "sine of the time since 13:00 UTC, a day being a circle",
       at_once, sine(day, us_open)},
      {"us_open_cos", {{}}, "-1 to 1", "cosine of the time since 13:00 UTC",
       at_once, cosine(day, us_open)},
      {"asia_open_sin", {{}}, "-1 to 1", "sine of the time since 01:00 UTC",
       at_once, sine(day, asia_open)},
      {"asia_open_cos", {{}}, "-1 to 1", "cosine of the time since 01:00 UTC",
       at_once, cosine(day, asia_open)},
      {"europe_open_sin", {{}}, "-1 to 1", "sine of the time since 07:00 UTC",
       at_once, sine(day, europe_open)},
      {"europe_open_cos", {{}}, "-1 to 1", "cosine of the time since 07:00 UTC",
       at_once, cosine(day, europe_open)},
  };
}

}  // namespace candled::features
