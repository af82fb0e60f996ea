// Averages of the close, and volatility about them.
#include "candled/features/indicators/chained_ema.hpp"
#include "candled/features/indicators/ema.hpp"
#include "candled/features/indicators/kama.hpp"
#include "candled/features/indicators/linear_regression.hpp"
#include "candled/features/indicators/log_return.hpp"
#include "candled/features/indicators/macd.hpp"
#include "candled/features/indicators/parabolic_sar.hpp"
#include "candled/features/indicators/sma.hpp"
#include "candled/features/indicators/wma.hpp"
#include "features/family.hpp"

namespace candled::features {
namespace {

int macd_warm(const P& p) { return p[1].whole() + p[2].whole() - 1; }
int dema_warm(const P& p) { return 2 * p[0].whole() - 1; }
int tema_warm(const P& p) { return 3 * p[0].whole() - 2; }
int sar_warm(const P&) { return 2; }
std::string fast_below_slow(const P& p) { return p[0].whole() < p[1].whole() ? "" : "FAST is not less than SLOW"; }
std::string step_within_limit(const P& p) { return p[0].value <= p[1].value ? "" : "STEP is more than LIMIT"; }

}  // namespace

Families average_families() {
  const char* price = "quote currency";
  const char* fraction = "fraction of price";
  return {
      {"sma_N", {{20}}, price, "mean of N closes", "TA-Lib SMA", Need::candles, full_window, value_of<Sma>, "sma_ratio_N"},
      {"sma_ratio_N", {{20}}, fraction, "close / SMA of N closes - 1", "TA-Lib SMA", Need::candles, full_window, close_from<Sma>},
      {"ema_N", {{20}}, price, "e + (close - e) * 2 / (N + 1), seeded with the mean of the first N closes", "TA-Lib EMA",
       Need::candles, full_window, value_of<Ema>, "ema_ratio_N"},
      {"ema_ratio_N", {{20}}, fraction, "close / EMA of N closes - 1", "TA-Lib EMA", Need::candles, full_window, close_from<Ema>},
      {"wma_N", {{20}}, price, "mean of N closes with weights 1 to N", "TA-Lib WMA", Need::candles, full_window,
       value_of<Wma>, "wma_ratio_N"},
      {"wma_ratio_N", {{20}}, fraction, "close / WMA of N closes - 1", "TA-Lib WMA", Need::candles, full_window, close_from<Wma>},
      {"dema_N", {{20}}, price, "2 E1 - E2, E2 the EMA of E1", "Mulloy 1994; TA-Lib DEMA", Need::candles, dema_warm,
       value_of<Dema>, "dema_ratio_N"},
      {"dema_ratio_N", {{20}}, fraction, "close / DEMA of N closes - 1", "Mulloy 1994; TA-Lib DEMA", Need::candles, dema_warm,
       close_from<Dema>},
      {"tema_N", {{20}}, price, "3 E1 - 3 E2 + E3, each the EMA of the one before", "Mulloy 1994; TA-Lib TEMA",
       Need::candles, tema_warm, value_of<Tema>, "tema_ratio_N"},
      {"tema_ratio_N", {{20}}, fraction, "close / TEMA of N closes - 1", "Mulloy 1994; TA-Lib TEMA", Need::candles, tema_warm,
       close_from<Tema>},
      {"kama_N", {{10}}, price, "Kaufman's adaptive average over N closes, fast 2, slow 30", "Kaufman; TA-Lib KAMA",
       Need::candles, one_change_more, value_of<Kama>, "kama_ratio_N"},
      {"kama_ratio_N", {{10}}, fraction, "close / KAMA of N closes - 1", "Kaufman; TA-Lib KAMA", Need::candles, one_change_more,
       close_from<Kama>},
      {"macd_FAST_SLOW_SIGNAL", {{12}, {26}, {9}}, price, "EMA(FAST) - EMA(SLOW)", "Appel; TA-Lib MACD", Need::candles,
       macd_warm, value_of<Macd, &Macd::line>, "macd_ratio_FAST_SLOW_SIGNAL", fast_below_slow},
      {"macd_signal_FAST_SLOW_SIGNAL", {{12}, {26}, {9}}, price, "EMA(SIGNAL) of the MACD line", "Appel; TA-Lib MACD",
       Need::candles, macd_warm, value_of<Macd, &Macd::signal>, "macd_signal_ratio_FAST_SLOW_SIGNAL", fast_below_slow},
      {"macd_hist_FAST_SLOW_SIGNAL", {{12}, {26}, {9}}, price, "MACD line - its signal", "Appel; TA-Lib MACD", Need::candles,
       macd_warm, value_of<Macd, &Macd::histogram>, "macd_hist_ratio_FAST_SLOW_SIGNAL", fast_below_slow},
      {"macd_ratio_FAST_SLOW_SIGNAL", {{12}, {26}, {9}}, fraction, "MACD line / close", "Appel; TA-Lib MACD", Need::candles,
       macd_warm, per_close<Macd, &Macd::line>, {}, fast_below_slow},
      {"macd_signal_ratio_FAST_SLOW_SIGNAL", {{12}, {26}, {9}}, fraction, "MACD signal / close", "Appel; TA-Lib MACD",
       Need::candles, macd_warm, per_close<Macd, &Macd::signal>, {}, fast_below_slow},
      {"macd_hist_ratio_FAST_SLOW_SIGNAL", {{12}, {26}, {9}}, fraction, "MACD histogram / close", "Appel; TA-Lib MACD",
       Need::candles, macd_warm, per_close<Macd, &Macd::histogram>, {}, fast_below_slow},
      {"sar_STEP_LIMIT", {{0.02}, {0.2}}, price, "parabolic stop and reverse, acceleration STEP to LIMIT",
       "Wilder 1978; TA-Lib SAR", Need::candles, sar_warm, value_of<ParabolicSar>, "sar_ratio_STEP_LIMIT", step_within_limit},
      {"sar_ratio_STEP_LIMIT", {{0.02}, {0.2}}, fraction, "close / parabolic SAR - 1", "Wilder 1978; TA-Lib SAR",
       Need::candles, sar_warm, close_from<ParabolicSar>, {}, step_within_limit},
      {"linreg_slope_N", {{14}}, "quote currency per candle", "least-squares slope of N closes", "TA-Lib LINEARREG_SLOPE",
       Need::candles, full_window, value_of<LinearRegression, &LinearRegression::slope>, "linreg_slope_ratio_N", at_least_two},
      {"linreg_slope_ratio_N", {{14}}, "fraction of price per candle", "least-squares slope of N closes / close",
       "TA-Lib LINEARREG_SLOPE", Need::candles, full_window, per_close<LinearRegression, &LinearRegression::slope>, {},
       at_least_two},
  };
}

}  // namespace candled::features
