// Trade flow: what the tape of single trades tells.
#include "candled/features/indicators/amihud.hpp"
#include "candled/features/indicators/kyle_lambda.hpp"
#include "candled/features/indicators/vpin.hpp"
#include "candled/features/rolling/rolling_sum.hpp"
#include "features/family.hpp"

namespace candled::features {
namespace {

// The sum of one number of the candle over that of another, both over N candles.
template <double Bar::* Part, double Bar::* Whole>
Column share(Pool& pool, const P& p) {
  return [&part = pool.get<RollingSum, Part>(p), &whole = pool.get<RollingSum, Whole>(p)](const Bar&) {
    return ratio(part.value(), whole.value());
  };
}
Column imbalance(Pool& pool, const P& p) {
  return [&buy = pool.get<RollingSum, &Bar::buy_volume>(p), &sell = pool.get<RollingSum, &Bar::sell_volume>(p),
          &all = pool.get<RollingSum, &Bar::volume>(p)](const Bar&) {
    return ratio(buy.value() - sell.value(), all.value());
  };
}
Column signed_volume(Pool& pool, const P& p) {
  return [&buy = pool.get<RollingSum, &Bar::buy_volume>(p),
          &sell = pool.get<RollingSum, &Bar::sell_volume>(p)](const Bar&) { return buy.value() - sell.value(); };
}
Column signed_volume_ratio(Pool& pool, const P& p) {
  return [&buy = pool.get<RollingSum, &Bar::buy_volume>({p[0]}),
          &sell = pool.get<RollingSum, &Bar::sell_volume>({p[0]}), &usual = pool.get<RollingSum, &Bar::volume>({p[1]}),
          n = p[0].value](const Bar&) { return ratio(buy.value() - sell.value(), n * usual.mean()); };
}
Column trade_count(Pool& pool, const P& p) {
  return [&trades = pool.get<RollingSum, &Bar::trades>(p)](const Bar&) { return trades.value(); };
}
Column trade_size_ratio(Pool& pool, const P& p) {
  return [&volume = pool.get<RollingSum, &Bar::volume>(p), &trades = pool.get<RollingSum, &Bar::trades>(p)](
             const Bar& bar) { return ratio(ratio(bar.volume, bar.trades), ratio(volume.value(), trades.value())); };
}
Column trade_gap(Pool& pool, const P& p) {
  return [&trades = pool.get<RollingSum, &Bar::trades>(p), n = p[0].value](const Bar& bar) {
    return ratio(n * bar.interval_s, trades.value());
  };
}
Column trade_gap_ratio(Pool& pool, const P& p) {
  return [&few = pool.get<RollingSum, &Bar::trades>({p[0]}),
          &many = pool.get<RollingSum, &Bar::trades>({p[1]})](const Bar&) { return ratio(many.mean(), few.mean()); };
}
Column longest_pause(Pool& pool, const P& p) {
  return [&pauses = pool.get<RollingSum, &Bar::longest_pause_s>(p)](const Bar& bar) {
    return ratio(pauses.mean(), bar.interval_s);
  };
}
Column kyle_lambda_ratio(Pool& pool, const P& p) {
  return [&lambda = pool.get<KyleLambda>(p), &volume = pool.get<RollingSum, &Bar::volume>(p)](const Bar& bar) {
    return ratio(lambda.value() * volume.mean(), bar.close);
  };
}

}  // namespace

Families flow_families() {
  const char* one = "0 to 1";
  return {
      {"signed_volume_N",
       {{5}},
       "base currency",
       "bought - sold volume of N candles",
       "definition",
       Need::sides,
       full_window,
       signed_volume,
       "signed_volume_ratio_N_M"},
      {"signed_volume_ratio_N_M",
       {{5}, {60}},
       "mean volumes",
       "(bought - sold volume of N candles) / (N * mean volume of M)",
       "definition",
       Need::sides,
       longest_window,
       signed_volume_ratio},
      {"ofi_N",
       {{5}},
       "-1 to 1",
       "order-flow imbalance: (bought - sold) / volume of N candles",
       "trade imbalance of Chordia, Roll, Subrahmanyam 2002",
       Need::sides,
       full_window,
       imbalance},
      {"buy_share_N",
       {{5}},
       one,
       "volume bought by takers / volume, over N candles",
       "definition",
       Need::sides,
       full_window,
       share<&Bar::buy_volume, &Bar::volume>},
      {"buy_trade_share_N",
       {{15}},
       one,
       "trades bought by takers / trades, over N candles",
       "definition",
       Need::tape_sides,
       full_window,
       share<&Bar::buy_trades, &Bar::trades>},
      {"trade_count_N",
       {{5}},
       "trades",
       "number of trades in N candles",
       "definition",
       Need::trade_counts,
       full_window,
       trade_count,
       "trades_ma_ratio_N"},
      {"trade_size_N",
       {{20}},
       "base currency",
       "volume / number of trades, over N candles",
       "definition",
       Need::trade_counts,
       full_window,
       share<&Bar::volume, &Bar::trades>,
       "trade_size_ratio_N"},
      {"trade_size_ratio_N",
       {{20}},
       "mean sizes",
       "mean size of a trade / the same over N candles",
       "definition",
       Need::trade_counts,
       full_window,
       trade_size_ratio},
      {"large_trade_share_N",
       {{15}},
       one,
       "largest trade of each of N candles, summed / volume",
       "ours",
       Need::tape,
       full_window,
       share<&Bar::largest, &Bar::volume>},
      {"trade_gap_N",
       {{15}},
       "seconds",
       "mean time between trades over N candles",
       "definition",
       Need::trade_counts,
       full_window,
       trade_gap,
       "trade_gap_ratio_N_M"},
      {"trade_gap_ratio_N_M",
       {{5}, {60}},
       "usual gaps",
       "mean time between trades over N candles / the same over M",
       "definition",
       Need::trade_counts,
       longest_window,
       trade_gap_ratio,
       {},
       rising},
      {"longest_pause_N",
       {{15}},
       one,
       "longest time without a trade in each of N candles, mean / interval",
       "ours",
       Need::tape,
       full_window,
       longest_pause},
      {"up_tick_share_N",
       {{15}},
       one,
       "trades above the price of the one before / trades, over N candles",
       "definition",
       Need::tape,
       full_window,
       share<&Bar::up_ticks, &Bar::trades>},
      {"down_tick_share_N",
       {{15}},
       one,
       "trades below the price of the one before / trades, over N candles",
       "definition",
       Need::tape,
       full_window,
       share<&Bar::down_ticks, &Bar::trades>},
      {"vpin_N",
       {{50}},
       one,
       "mean of |bought - sold| / volume over N buckets of the mean volume of N candles",
       "Easley, Lopez de Prado, O'Hara 2012",
       Need::sides,
       full_window,
       value_of<Vpin>},
      {"kyle_lambda_N",
       {{30}},
       "quote currency per unit of base",
       "slope of the price change on signed volume over N candles",
       "Kyle 1985; Hasbrouck 2009",
       Need::sides,
       one_change_more,
       value_of<KyleLambda>,
       "kyle_lambda_ratio_N",
       at_least_two},
      {"kyle_lambda_ratio_N",
       {{30}},
       "fraction of price",
       "Kyle's lambda * mean volume of N candles / close",
       "Kyle 1985; Hasbrouck 2009",
       Need::sides,
       one_change_more,
       kyle_lambda_ratio,
       {},
       at_least_two},
      {"amihud_N",
       {{30}},
       "per unit of quote currency",
       "mean of |return| / turnover over those of N candles that traded",
       "Amihud 2002",
       Need::candles,
       one_change_more,
       value_of<Amihud>,
       "amihud_ratio_N"},
      {"amihud_ratio_N",
       {{30}},
       "fraction of price",
       "Amihud illiquidity * mean turnover of the same candles",
       "Amihud 2002",
       Need::candles,
       one_change_more,
       value_of<Amihud, &Amihud::per_usual_turnover>},
  };
}

}  // namespace candled::features
