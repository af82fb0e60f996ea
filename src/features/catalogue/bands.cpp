// Bands about the close, and the volatility that makes them.
#include <algorithm>

#include "candled/features/indicators/atr.hpp"
#include "candled/features/indicators/bollinger.hpp"
#include "candled/features/indicators/donchian.hpp"
#include "candled/features/indicators/ema.hpp"
#include "candled/features/indicators/garman_klass.hpp"
#include "candled/features/indicators/log_range.hpp"
#include "candled/features/indicators/log_return.hpp"
#include "candled/features/indicators/parkinson.hpp"
#include "candled/features/indicators/realized_volatility.hpp"
#include "candled/features/rolling/rolling_moments.hpp"
#include "features/family.hpp"

namespace candled::features {
namespace {

using Moments = RollingMoments;

// Bollinger's bands are K deviations about the mean: they need no state of their own.
template <double (*Read)(const Moments&, double)>
Column bands(Pool& pool, const P& p) {
  return [&moments = pool.get<Moments>({p[0]}), width = p[1].value](const Bar&) { return Read(moments, width); };
}
// Keltner's are K average true ranges about an EMA.
template <double (*Read)(double middle, double reach, double close)>
Column keltner(Pool& pool, const P& p) {
  return [&middle = pool.get<Ema>({p[0]}), &atr = pool.get<Atr>({p[1]}), width = p[2].value](const Bar& bar) {
    return Read(middle.value(), width * atr.value(), bar.close);
  };
}
double keltner_upper(double middle, double reach, double) { return middle + reach; }
double keltner_lower(double middle, double reach, double) { return middle - reach; }
double keltner_width(double middle, double reach, double) { return ratio(2 * reach, middle); }
double keltner_position(double middle, double reach, double close) {
  return ratio(close - (middle - reach), 2 * reach);
}

template <int DegreesLost>
Column z_score(Pool& pool, const P& p) {
  return [&moments = pool.get<Moments>(p)](const Bar&) {
    return ratio(moments.newest_from_mean(), moments.deviation(DegreesLost));
  };
}
template <bool PerClose>
Column deviation(Pool& pool, const P& p) {
  return [&moments = pool.get<Moments>({p[0]}), width = p[1].value](const Bar& bar) {
    const double reach = width * moments.deviation(0);
    return PerClose ? ratio(reach, bar.close) : reach;
  };
}

Column realized_volatility(Pool& pool, const P& p) {
  const LogReturn& step = pool.get<LogReturn>({{1}});
  return [&indicator = pool.get_made_of<RealizedVolatility>(p, step, p[0])](const Bar&) { return indicator.value(); };
}
template <class Indicator>
Column of_the_range(Pool& pool, const P& p) {
  const LogRange& range = pool.get<LogRange>({});
  return [&indicator = pool.get_made_of<Indicator>(p, range, p[0])](const Bar&) { return indicator.value(); };
}

int keltner_warm(const P& p) { return std::max(p[0].whole(), p[1].whole() + 1); }

}  // namespace

Families band_families() {
  const char* price = "quote currency";
  const char* fraction = "fraction of price";
  const char* place = "0 at the lower band, 1 at the upper";
  const char* per_candle = "log ratio per candle";
  return {
      {"bb_upper_N_K",
       {{20}, {2}},
       price,
       "mean of N closes + K population deviations",
       "Bollinger; TA-Lib BBANDS",
       Need::candles,
       full_window,
       bands<bollinger::upper>,
       "bb_percent_b_N_K"},
      {"bb_middle_N_K",
       {{20}, {2}},
       price,
       "mean of N closes",
       "Bollinger; TA-Lib BBANDS",
       Need::candles,
       full_window,
       bands<bollinger::middle>,
       "bb_percent_b_N_K"},
      {"bb_lower_N_K",
       {{20}, {2}},
       price,
       "mean of N closes - K population deviations",
       "Bollinger; TA-Lib BBANDS",
       Need::candles,
       full_window,
       bands<bollinger::lower>,
       "bb_percent_b_N_K"},
      {"bb_percent_b_N_K",
       {{20}, {2}},
       place,
       "(close - lower) / (upper - lower) of the Bollinger bands",
       "Bollinger",
       Need::candles,
       full_window,
       bands<bollinger::percent_b>,
       {},
       at_least_two},
      {"bb_width_N_K",
       {{20}, {2}},
       fraction,
       "(upper - lower) / middle of the Bollinger bands",
       "Bollinger",
       Need::candles,
       full_window,
       bands<bollinger::bandwidth>,
       {},
       at_least_two},
      {"bb_bandwidth_N_K",
       {{20}, {2}},
       fraction,
       "bb_width_N_K under its other name",
       "Bollinger",
       Need::candles,
       full_window,
       bands<bollinger::bandwidth>,
       {},
       at_least_two},
      {"kc_upper_N_M_K",
       {{20}, {10}, {2}},
       price,
       "EMA(N) + K ATR(M)",
       "Keltner; Raschke",
       Need::candles,
       keltner_warm,
       keltner<keltner_upper>,
       "kc_position_N_M_K"},
      {"kc_middle_N",
       {{20}},
       price,
       "EMA(N)",
       "Keltner; Raschke",
       Need::candles,
       full_window,
       value_of<Ema>,
       "ema_ratio_N"},
      {"kc_lower_N_M_K",
       {{20}, {10}, {2}},
       price,
       "EMA(N) - K ATR(M)",
       "Keltner; Raschke",
       Need::candles,
       keltner_warm,
       keltner<keltner_lower>,
       "kc_position_N_M_K"},
      {"kc_position_N_M_K",
       {{20}, {10}, {2}},
       place,
       "(close - lower) / (upper - lower) of the Keltner channel",
       "Keltner; Raschke",
       Need::candles,
       keltner_warm,
       keltner<keltner_position>},
      {"kc_width_N_M_K",
       {{20}, {10}, {2}},
       fraction,
       "2 K ATR(M) / EMA(N)",
       "Keltner; Raschke",
       Need::candles,
       keltner_warm,
       keltner<keltner_width>},
      {"donchian_upper_N",
       {{20}},
       price,
       "highest high of N candles",
       "Donchian",
       Need::candles,
       full_window,
       value_of<Donchian, &Donchian::upper>,
       "donchian_position_N"},
      {"donchian_middle_N",
       {{20}},
       price,
       "(highest high + lowest low) / 2 of N candles",
       "Donchian",
       Need::candles,
       full_window,
       value_of<Donchian, &Donchian::middle>,
       "donchian_position_N"},
      {"donchian_lower_N",
       {{20}},
       price,
       "lowest low of N candles",
       "Donchian",
       Need::candles,
       full_window,
       value_of<Donchian, &Donchian::lower>,
       "donchian_position_N"},
      {"donchian_position_N",
       {{20}},
       "0 to 1",
       "(close - lowest low) / (highest high - lowest low) of N candles",
       "Donchian",
       Need::candles,
       full_window,
       value_of<Donchian, &Donchian::position>},
      {"donchian_width_N",
       {{20}},
       fraction,
       "(highest high - lowest low) of N candles / close",
       "Donchian",
       Need::candles,
       full_window,
       per_close<Donchian, &Donchian::width>},
      {"stddev_N_K",
       {{20}, {1}},
       price,
       "K population deviations of N closes",
       "TA-Lib STDDEV",
       Need::candles,
       full_window,
       deviation<false>,
       "stddev_ratio_N_K"},
      {"stddev_ratio_N_K",
       {{20}, {1}},
       fraction,
       "K population deviations of N closes / close",
       "TA-Lib STDDEV",
       Need::candles,
       full_window,
       deviation<true>,
       {},
       at_least_two},
      {"zscore_N",
       {{20}},
       "deviations",
       "(close - mean) / population deviation of N closes",
       "definition",
       Need::candles,
       full_window,
       z_score<0>,
       {},
       at_least_two},
      {"zscore_N_sample",
       {{20}},
       "deviations",
       "(close - mean) / sample deviation of N closes",
       "definition",
       Need::candles,
       full_window,
       z_score<1>,
       {},
       at_least_two},
      {"realized_vol_N",
       {{30}},
       per_candle,
       "sample deviation of N one-candle log returns",
       "definition",
       Need::candles,
       one_change_more,
       realized_volatility,
       {},
       at_least_two},
      {"garman_klass_N",
       {{30}},
       per_candle,
       "sqrt(mean over N of 0.5 ln(high / low)^2 - (2 ln 2 - 1) ln(close / open)^2)",
       "Garman, Klass 1980",
       Need::candles,
       full_window,
       of_the_range<GarmanKlass>},
      {"parkinson_N",
       {{30}},
       per_candle,
       "sqrt(sum of ln(high / low)^2 over N / (4 N ln 2))",
       "Parkinson 1980",
       Need::candles,
       full_window,
       of_the_range<Parkinson>},
  };
}

}  // namespace candled::features
