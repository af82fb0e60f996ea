// Oscillators of the close within its own past. Most are free of scale as they are.
#include "candled/features/indicators/atr.hpp"
#include "candled/features/indicators/cci.hpp"
#include "candled/features/indicators/chained_ema.hpp"
#include "candled/features/indicators/donchian.hpp"
#include "candled/features/indicators/ema.hpp"
#include "candled/features/indicators/log_return.hpp"
#include "candled/features/indicators/rate_of_change.hpp"
#include "candled/features/indicators/rsi.hpp"
#include "candled/features/indicators/stochastic.hpp"
#include "candled/features/indicators/stochastic_rsi.hpp"
#include "candled/features/indicators/ultimate_oscillator.hpp"
#include "features/family.hpp"

namespace candled::features {
namespace {

int stochastic_warm(const P& p) { return p[0].whole() + p[1].whole() + p[2].whole() - 2; }
int stochastic_rsi_warm(const P& p) { return p[0].whole() + p[1].whole() + p[2].whole() - 1; }
int trix_warm(const P& p) { return 3 * p[0].whole() - 1; }
int one_more_than_longest(const P& p) { return longest_window(p) + 1; }
int slow_window(const P& p) { return p[1].whole(); }

const Stochastic& stochastic(Pool& pool, const P& p) {
  const Donchian& channel = pool.get<Donchian>({p[0]});
  return pool.get_made_of<Stochastic>(p, channel, p[1], p[2]);
}
Column stochastic_k(Pool& pool, const P& p) {
  return [&indicator = stochastic(pool, p)](const Bar&) { return indicator.k(); };
}
Column stochastic_d(Pool& pool, const P& p) {
  return [&indicator = stochastic(pool, p)](const Bar&) { return indicator.d(); };
}
const StochasticRsi& stochastic_rsi(Pool& pool, const P& p) {
  const Rsi& rsi = pool.get<Rsi>({p[0]});
  return pool.get_made_of<StochasticRsi>(p, rsi, p[1], p[2]);
}
Column stochastic_rsi_k(Pool& pool, const P& p) {
  return [&indicator = stochastic_rsi(pool, p)](const Bar&) { return indicator.k(); };
}
Column stochastic_rsi_d(Pool& pool, const P& p) {
  return [&indicator = stochastic_rsi(pool, p)](const Bar&) { return indicator.d(); };
}
Column price_oscillator(Pool& pool, const P& p) {
  return [&fast = pool.get<Ema>({p[0]}), &slow = pool.get<Ema>({p[1]})](const Bar&) {
    return ratio(fast.value() - slow.value(), slow.value()) * 100;
  };
}
Column momentum_per_atr(Pool& pool, const P& p) {
  return [&change = pool.get<RateOfChange>({p[0]}), &atr = pool.get<Atr>({p[1]})](const Bar&) {
    return ratio(change.momentum(), atr.value());
  };
}

}  // namespace

Families oscillator_families() {
  const char* hundred = "0 to 100";
  const char* percent = "percent";
  return {
      {"rsi_N",
       {{14}},
       hundred,
       "100 G / (G + L), Wilder's means of N gains and losses; 0 while both are 0",
       "Wilder 1978; TA-Lib RSI",
       Need::candles,
       one_change_more,
       value_of<Rsi>},
      {"stochrsi_k_R_N_D",
       {{14}, {14}, {3}},
       hundred,
       "place of RSI(R) in its range over N, 0 while the range is 0",
       "Chande, Kroll 1994; TA-Lib STOCHRSI",
       Need::candles,
       stochastic_rsi_warm,
       stochastic_rsi_k},
      {"stochrsi_d_R_N_D",
       {{14}, {14}, {3}},
       hundred,
       "mean over D of stochastic RSI K",
       "Chande, Kroll 1994; TA-Lib STOCHRSI",
       Need::candles,
       stochastic_rsi_warm,
       stochastic_rsi_d},
      {"stoch_k_N_S_D",
       {{14}, {3}, {3}},
       hundred,
       "slow %K: mean over S of the close's place in the range of N candles",
       "Lane; TA-Lib STOCH",
       Need::candles,
       stochastic_warm,
       stochastic_k},
      {"stoch_d_N_S_D",
       {{14}, {3}, {3}},
       hundred,
       "slow %D: mean over D of slow %K",
       "Lane; TA-Lib STOCH",
       Need::candles,
       stochastic_warm,
       stochastic_d},
      {"willr_N",
       {{14}},
       "-100 to 0",
       "-100 (highest high - close) / (highest high - lowest low) of N candles",
       "Williams; TA-Lib WILLR",
       Need::candles,
       full_window,
       value_of<Donchian, &Donchian::williams_r>},
      {"cci_N",
       {{20}},
       "index",
       "(typical - mean) / (0.015 mean absolute deviation) over N candles",
       "Lambert; TA-Lib CCI",
       Need::candles,
       full_window,
       value_of<Cci>},
      {"cmo_N",
       {{14}},
       "-100 to 100",
       "100 (G - L) / (G + L), Wilder's means of N gains and losses",
       "Chande; TA-Lib CMO",
       Need::candles,
       one_change_more,
       value_of<Rsi, &Rsi::momentum>},
      {"roc_N",
       {{10}},
       percent,
       "(close / close N candles ago - 1) * 100",
       "TA-Lib ROC",
       Need::candles,
       one_change_more,
       value_of<RateOfChange>},
      {"mom_N",
       {{10}},
       "quote currency",
       "close - close N candles ago",
       "TA-Lib MOM",
       Need::candles,
       one_change_more,
       value_of<RateOfChange, &RateOfChange::momentum>,
       "mom_atr_N_M"},
      {"mom_atr_N_M",
       {{10}, {14}},
       "average true ranges",
       "(close - close N candles ago) / ATR(M)",
       "TA-Lib MOM, ATR",
       Need::candles,
       one_more_than_longest,
       momentum_per_atr},
      {"trix_N",
       {{15}},
       percent,
       "one-candle change of the triple EMA of N closes",
       "Hutson; TA-Lib TRIX",
       Need::candles,
       trix_warm,
       value_of<Trix>},
      {"ppo_FAST_SLOW_ema",
       {{12}, {26}},
       percent,
       "(EMA(FAST) - EMA(SLOW)) / EMA(SLOW) * 100",
       "TA-Lib PPO",
       Need::candles,
       slow_window,
       price_oscillator,
       {},
       rising},
      {"ultosc_A_B_C",
       {{7}, {14}, {28}},
       hundred,
       "100 (4 b/t over A + 2 b/t over B + b/t over C) / 7, buying pressure over true range",
       "Williams 1976; TA-Lib ULTOSC",
       Need::candles,
       one_more_than_longest,
       value_of<UltimateOscillator>,
       {},
       rising},
      {"logret_N",
       {{1}},
       "log ratio",
       "ln(close / close N candles ago)",
       "definition",
       Need::candles,
       one_change_more,
       value_of<LogReturn>},
  };
}

}  // namespace candled::features
