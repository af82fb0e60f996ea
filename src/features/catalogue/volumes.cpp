// Price and volume together.
#include <algorithm>

#include "candled/features/indicators/accumulation_distribution.hpp"
#include "candled/features/indicators/chaikin_money_flow.hpp"
#include "candled/features/indicators/money_flow_index.hpp"
#include "candled/features/indicators/obv_slope.hpp"
#include "candled/features/indicators/on_balance_volume.hpp"
#include "candled/features/indicators/rolling_vwap.hpp"
#include "candled/features/indicators/session_vwap.hpp"
#include "candled/features/rolling/rolling_sum.hpp"
#include "features/family.hpp"

namespace candled::features {
namespace {

const ChaikinOscillator& chaikin(Pool& pool, const P& p) {
  const AccumulationDistribution& line = pool.get<AccumulationDistribution>({});
  return pool.get_made_of<ChaikinOscillator>({p[0], p[1]}, line, p[0], p[1]);
}
Column chaikin_oscillator(Pool& pool, const P& p) {
  return [&oscillator = chaikin(pool, p)](const Bar&) { return oscillator.value(); };
}
Column chaikin_per_volume(Pool& pool, const P& p) {
  return [&oscillator = chaikin(pool, p), &volume = pool.get<RollingSum, &Bar::volume>({p[2]})](const Bar&) {
    return ratio(oscillator.value(), volume.mean());
  };
}
// A number of the candle relative to its mean over the last N candles.
template <double Bar::* Field>
Column per_mean(Pool& pool, const P& p) {
  return [&sum = pool.get<RollingSum, Field>(p)](const Bar& bar) { return ratio(bar.*Field, sum.mean()); };
}
Column quiet_share(Pool& pool, const P& p) {
  return [&quiet = pool.get<RollingSum, &Bar::quiet>(p)](const Bar&) { return quiet.mean(); };
}

int slow_window(const P& p) { return p[1].whole(); }
int slow_or_mean(const P& p) { return std::max(p[1].whole(), p[2].whole()); }
std::string fast_below_slow(const P& p) { return p[0].whole() < p[1].whole() ? "" : "FAST is not less than SLOW"; }

}  // namespace

Families volume_families() {
  const char* base = "base currency";
  const char* price = "quote currency";
  const char* fraction = "fraction of price";
  return {
      {"mfi_N",
       {{14}},
       "0 to 100",
       "100 P / (P + N), flows of N candles whose typical price rose, fell; 0 while both are 0",
       "Quong, Soudack; TA-Lib MFI",
       Need::candles,
       one_change_more,
       value_of<MoneyFlowIndex>,
       {},
       nullptr,
       2},
      {"mfi_free_N",
       {{14}},
       "0 to 100",
       "the same: its name from when mfi_N had TA-Lib's old least flow",
       "Quong, Soudack",
       Need::candles,
       one_change_more,
       value_of<MoneyFlowIndex>},
      {"obv",
       {},
       base,
       "+ volume on a higher close, - volume on a lower one, from the first candle",
       "Granville; TA-Lib OBV",
       Need::candles,
       at_once,
       value_of<OnBalanceVolume>,
       "obv_slope_N"},
      {"obv_slope_N",
       {{20}},
       "-1 to 1",
       "change of on-balance volume over N candles / their volume",
       "Granville; ours",
       Need::candles,
       one_change_more,
       value_of<ObvSlope>},
      {"ad",
       {},
       base,
       "sum of ((close - low) - (high - close)) / (high - low) * volume",
       "Chaikin; TA-Lib AD",
       Need::candles,
       at_once,
       value_of<AccumulationDistribution>,
       "cmf_N"},
      {"adosc_FAST_SLOW",
       {{3}, {10}},
       base,
       "EMA(FAST) - EMA(SLOW) of A/D, both from its first value",
       "Chaikin; TA-Lib ADOSC",
       Need::candles,
       slow_window,
       chaikin_oscillator,
       "adosc_ratio_FAST_SLOW_N",
       fast_below_slow},
      {"adosc_ratio_FAST_SLOW_N",
       {{3}, {10}, {20}},
       "mean volumes",
       "Chaikin oscillator / mean volume of N candles",
       "Chaikin; TA-Lib ADOSC",
       Need::candles,
       slow_or_mean,
       chaikin_per_volume,
       {},
       fast_below_slow},
      {"cmf_N",
       {{20}},
       "-1 to 1",
       "sum of A/D's steps over N / their volume, 0 while that is 0",
       "Chaikin",
       Need::candles,
       full_window,
       value_of<ChaikinMoneyFlow>},
      {"vwap_session",
       {},
       price,
       "volume-weighted typical price of the UTC day",
       "definition",
       Need::candles,
       at_once,
       value_of<SessionVwap>,
       "vwap_session_ratio"},
      {"vwap_session_ratio",
       {},
       fraction,
       "close / volume-weighted price of the UTC day - 1",
       "definition",
       Need::candles,
       at_once,
       close_from<SessionVwap>},
      {"vwap_N",
       {{60}},
       price,
       "volume-weighted typical price of N candles",
       "definition",
       Need::candles,
       full_window,
       value_of<RollingVwap>,
       "vwap_ratio_N"},
      {"vwap_ratio_N",
       {{60}},
       fraction,
       "close / volume-weighted price of N candles - 1",
       "definition",
       Need::candles,
       full_window,
       close_from<RollingVwap>},
      {"volume_ma_ratio_N",
       {{20}},
       "mean volumes",
       "volume / mean volume of N candles",
       "definition",
       Need::candles,
       full_window,
       per_mean<&Bar::volume>},
      {"trades_ma_ratio_N",
       {{20}},
       "mean counts",
       "number of trades / mean number of N candles",
       "definition",
       Need::trade_counts,
       full_window,
       per_mean<&Bar::trades>},
      {"quiet_share_N",
       {{15}},
       "0 to 1",
       "share of N candles in which nothing traded",
       "definition",
       Need::candles,
       full_window,
       quiet_share},
  };
}

}  // namespace candled::features
