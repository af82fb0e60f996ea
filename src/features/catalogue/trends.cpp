// Direction and range.
#include "candled/features/indicators/aroon.hpp"
#include "candled/features/indicators/atr.hpp"
#include "candled/features/indicators/directional_movement.hpp"
#include "candled/features/indicators/true_range.hpp"
#include "features/family.hpp"

namespace candled::features {
namespace {

using Movement = DirectionalMovement;

int twice(const P& p) { return 2 * p[0].whole(); }
int two(const P&) { return 2; }

Column range_per_atr(Pool& pool, const P& p) {
  return [&range = pool.get<TrueRange>({}), &atr = pool.get<Atr>(p)](const Bar&) {
    return ratio(range.value(), atr.value());
  };
}
Column atr_percent(Pool& pool, const P& p) {
  return [&atr = pool.get<Atr>(p)](const Bar& bar) { return ratio(atr.value(), bar.close) * 100; };
}

}  // namespace

Families trend_families() {
  const char* hundred = "0 to 100";
  const char* price = "quote currency";
  return {
      {"adx_N",
       {{14}},
       hundred,
       "average directional index: Wilder's mean of N DX",
       "Wilder 1978; TA-Lib ADX",
       Need::candles,
       twice,
       value_of<Movement, &Movement::adx>,
       {},
       at_least_two},
      {"dx_N",
       {{14}},
       hundred,
       "100 |+DI - -DI| / (+DI + -DI)",
       "Wilder 1978; TA-Lib DX",
       Need::candles,
       one_change_more,
       value_of<Movement, &Movement::dx>,
       {},
       at_least_two},
      {"plus_di_N",
       {{14}},
       hundred,
       "100 +DM / TR, Wilder's sums over N",
       "Wilder 1978; TA-Lib PLUS_DI",
       Need::candles,
       one_change_more,
       value_of<Movement, &Movement::plus_di>,
       {},
       at_least_two},
      {"minus_di_N",
       {{14}},
       hundred,
       "100 -DM / TR, Wilder's sums over N",
       "Wilder 1978; TA-Lib MINUS_DI",
       Need::candles,
       one_change_more,
       value_of<Movement, &Movement::minus_di>,
       {},
       at_least_two},
      {"aroon_up_N",
       {{25}},
       hundred,
       "100 (N - candles since the highest high) / N",
       "Chande 1995; TA-Lib AROON",
       Need::candles,
       one_change_more,
       value_of<Aroon, &Aroon::up>},
      {"aroon_down_N",
       {{25}},
       hundred,
       "100 (N - candles since the lowest low) / N",
       "Chande 1995; TA-Lib AROON",
       Need::candles,
       one_change_more,
       value_of<Aroon, &Aroon::down>},
      {"aroon_osc_N",
       {{25}},
       "-100 to 100",
       "Aroon up - Aroon down",
       "Chande 1995; TA-Lib AROONOSC",
       Need::candles,
       one_change_more,
       value_of<Aroon, &Aroon::oscillator>},
      {"trange",
       {},
       price,
       "max(high - low, |high - previous close|, |low - previous close|)",
       "Wilder 1978; TA-Lib TRANGE",
       Need::candles,
       two,
       value_of<TrueRange>,
       "range_atr_N"},
      {"range_atr_N",
       {{14}},
       "average true ranges",
       "true range / ATR(N)",
       "Wilder 1978; TA-Lib TRANGE, ATR",
       Need::candles,
       one_change_more,
       range_per_atr},
      {"atr_N",
       {{14}},
       price,
       "Wilder's mean of N true ranges",
       "Wilder 1978; TA-Lib ATR",
       Need::candles,
       one_change_more,
       value_of<Atr>,
       "atr_ratio_N"},
      {"atr_ratio_N",
       {{14}},
       "fraction of price",
       "ATR(N) / close",
       "Wilder 1978; TA-Lib ATR",
       Need::candles,
       one_change_more,
       per_close<Atr>},
      {"natr_N", {{14}}, "percent", "ATR(N) / close * 100", "TA-Lib NATR", Need::candles, one_change_more, atr_percent},
  };
}

}  // namespace candled::features
