// The two lists: what the model sees unless the config says otherwise, and what charts and `export indicators` get.
#include "candled/features/catalogue.hpp"

namespace candled::features {

const std::vector<std::string>& default_features() {
  static const std::vector<std::string> names = {
      // returns and momentum
      "logret_1", "logret_5", "logret_15", "logret_60", "roc_10", "mom_atr_10_14", "rsi_7", "rsi_14", "stochrsi_k_14_14_3",
      "stoch_k_14_3_3", "stoch_d_14_3_3", "willr_14", "cci_20", "cmo_14", "ultosc_7_14_28", "trix_15", "ppo_12_26_ema",
      "macd_ratio_12_26_9", "macd_hist_ratio_12_26_9",
      // where the close stands
      "ema_ratio_9", "ema_ratio_20", "ema_ratio_50", "sma_ratio_7", "sma_ratio_20", "sma_ratio_50", "wma_ratio_20",
      "dema_ratio_20", "tema_ratio_20", "kama_ratio_10", "vwap_session_ratio", "vwap_ratio_60", "sar_ratio_002_02",
      "linreg_slope_ratio_14", "zscore_60", "bb_percent_b_20_2", "bb_width_20_2", "kc_position_20_10_2",
      "donchian_position_20",
      // direction
      "adx_14", "plus_di_14", "minus_di_14", "aroon_osc_25",
      // volatility
      "atr_ratio_14", "range_atr_14", "realized_vol_30", "parkinson_30", "garman_klass_30",
      // the candle
      "body_ratio", "upper_wick_ratio", "lower_wick_ratio",
      // volume
      "mfi_free_14", "cmf_20", "obv_slope_20", "adosc_ratio_3_10_20", "volume_ma_ratio_20", "trades_ma_ratio_20",
      "trade_size_ratio_20", "quiet_share_15",
      // trade flow
      "ofi_1", "ofi_5", "ofi_15", "signed_volume_ratio_5_60", "signed_volume_ratio_15_60", "buy_trade_share_15",
      "large_trade_share_15", "vpin_50", "kyle_lambda_ratio_30", "amihud_ratio_30", "trade_gap_ratio_5_60",
      "longest_pause_15", "up_tick_share_15", "down_tick_share_15",
      // clock
      "hour_sin", "hour_cos", "weekday_sin", "weekday_cos", "us_open_sin", "us_open_cos", "asia_open_sin", "asia_open_cos",
      "europe_open_sin", "europe_open_cos",
  };
  return names;
}

const std::vector<std::string>& raw_indicators() {
  static const std::vector<std::string> names = {
      // TA-Lib's, under the names of its golden file
      "sma_7", "sma_20", "sma_50", "ema_9", "ema_12", "ema_20", "ema_26", "ema_50", "wma_20", "dema_20", "tema_20", "kama_10",
      "rsi_7", "rsi_14", "macd_12_26_9", "macd_signal_12_26_9", "macd_hist_12_26_9", "bb_upper_20_2", "bb_middle_20_2",
      "bb_lower_20_2", "stoch_k_14_3_3", "stoch_d_14_3_3", "stochrsi_k_14_14_3", "stochrsi_d_14_14_3", "willr_14", "cci_20",
      "mfi_14", "adx_14", "plus_di_14", "minus_di_14", "sar_002_02", "atr_14", "natr_14", "trange", "obv", "ad", "adosc_3_10",
      "roc_10", "mom_10", "trix_15", "aroon_down_25", "aroon_up_25", "aroon_osc_25", "ultosc_7_14_28", "ppo_12_26_ema",
      "cmo_14", "stddev_20_1", "linreg_slope_14",
      // what TA-Lib does not have
      "dx_14", "vwap_session", "vwap_60", "cmf_20", "kc_upper_20_10_2", "kc_middle_20", "kc_lower_20_10_2",
      "donchian_upper_20", "donchian_middle_20", "donchian_lower_20", "bb_percent_b_20_2", "bb_bandwidth_20_2",
      "realized_vol_30", "garman_klass_30", "parkinson_30", "zscore_20", "zscore_20_sample", "volume_ma_ratio_20", "logret_1",
      "logret_5", "logret_15", "logret_60",
      // trade flow
      "signed_volume_1", "signed_volume_5", "signed_volume_15", "buy_share_1", "buy_share_5", "buy_share_15", "ofi_1", "ofi_5",
      "ofi_15", "buy_trade_share_15", "trade_count_1", "trade_count_15", "trade_size_1", "trade_size_20",
      "large_trade_share_15", "vpin_50", "kyle_lambda_30", "amihud_30", "trade_gap_15", "longest_pause_15", "up_tick_share_15",
      "down_tick_share_15",
  };
  return names;
}

}  // namespace candled::features
