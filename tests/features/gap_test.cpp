// Behind a gap no window reaches over it, and what is recursive carries on.

#include <catch2/catch.hpp>

#include <cmath>
#include <tuple>

#include "candled/features/feature_set.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;

std::size_t index_of(const FeatureSet& features, const std::string& name) {
  for (std::size_t k = 0; k < features.size(); ++k) {
    if (features.list()[k].name == name) return k;
  }
  FAIL("no feature " << name);
  return 0;
}

// Candles behind a break until the feature is known again, 0 if it is known at once; the break is at candle 200.
enum class Break { gap_candle, jump_in_time };
int candles_unknown(const std::string& name, Break kind) {
  std::vector<Candle> candles = made_market(400, 21, {.quiet_share = 0});
  FeatureSet features(Duration::minutes(1));
  const std::size_t column = index_of(features, name);
  for (std::size_t i = 0; i < candles.size(); ++i) {
    if (i == 200) {
      if (kind == Break::jump_in_time) continue;
      candles[i] = gap_at(candles[i].open_time);
      CHECK(features.update(candles[i]).empty());
      continue;
    }
    const std::span<const double> row = features.update(candles[i]);
    if (i == 199) CHECK_FALSE(std::isnan(row[column]));
    if (i > 200 && !std::isnan(row[column])) return static_cast<int>(i) - 201;
  }
  return -1;  // never
}

TEST_CASE("windows are unknown until they are clear of a gap") {
  struct Expectation {
    const char* name;
    int candles_unknown;
  };
  const Expectation table[] = {
      {"rsi_14", 0},
      {"macd_hist_ratio_12_26_9", 0},
      {"ema_ratio_50", 0},
      {"atr_ratio_14", 0},
      {"adx_14", 0},
      {"plus_di_14", 0},
      {"hour_sin", 0},
      {"body_ratio", 0},
      {"ofi_1", 0},
      {"ofi_5", 4},
      {"logret_1", 1},
      {"logret_5", 5},
      {"logret_15", 15},
      {"logret_60", 60},
      {"roc_10", 10},
      {"mom_atr_10_14", 10},
      {"range_atr_14", 1},
      {"sma_ratio_20", 19},
      {"zscore_60", 59},
      {"realized_vol_30", 30},
      {"parkinson_30", 29},
      {"garman_klass_30", 29},
      {"mfi_free_14", 14},
      {"cmf_20", 19},
      {"obv_slope_20", 20},
      {"stoch_k_14_3_3", 17},
      {"willr_14", 13},
      {"cci_20", 19},
      {"vwap_ratio_60", 59},
      {"bb_width_20_2", 19},
      {"donchian_position_20", 19},
      {"quiet_share_15", 14},
      {"signed_volume_ratio_5_60", 59},
      {"trade_size_ratio_20", 19},
      {"wma_ratio_20", 19},
      {"linreg_slope_ratio_14", 13},
      {"ultosc_7_14_28", 28},
      {"aroon_osc_25", 25},
      {"stochrsi_k_14_14_3", 15},
      {"kama_ratio_10", 0},
      {"sar_ratio_002_02", 0},
      {"trix_15", 0},
      {"dema_ratio_20", 0},
      {"tema_ratio_20", 0},
      {"ppo_12_26_ema", 0},
      {"cmo_14", 0},
      {"kc_position_20_10_2", 0},
      {"adosc_ratio_3_10_20", 19},
      {"kyle_lambda_ratio_30", 30},
      {"amihud_ratio_30", 30},
      {"large_trade_share_15", 14},
      {"longest_pause_15", 14},
      {"up_tick_share_15", 14},
      {"trade_gap_ratio_5_60", 59},
      {"buy_trade_share_15", 14},
      {"vwap_session_ratio", -1},  // the day does not end in these candles
  };
  for (const Expectation& row : table) {
    INFO(row.name);
    CHECK(candles_unknown(row.name, Break::gap_candle) == row.candles_unknown);
    CHECK(candles_unknown(row.name, Break::jump_in_time) == row.candles_unknown);
  }
}

TEST_CASE("the session's price comes back with the first whole day") {
  // The series begins at 23:00: candle 60 is the first of a day.
  const std::tuple<int, int, int> table[] = {
      {30, 30, 60}, {30, 59, 60}, {55, 60, 1500}, {60, 60, 1500}, {61, 61, 1500}};
  for (const auto& [gap_from, gap_to, known_again] : table) {
    std::vector<Candle> candles = made_market(1600, 22, {.quiet_share = 0});
    for (int i = gap_from; i <= gap_to; ++i) candles[static_cast<std::size_t>(i)].state = CandleState::gap;
    FeatureSet features(Duration::minutes(1));
    const std::size_t column = index_of(features, "vwap_session_ratio");
    int first = -1;
    for (int i = 0; i < 1600; ++i) {
      const std::span<const double> row = features.update(candles[static_cast<std::size_t>(i)]);
      if (i > gap_to && first < 0 && !std::isnan(row[column])) first = i;
    }
    INFO("gap " << gap_from << " to " << gap_to);
    CHECK(first == known_again);
  }
}

TEST_CASE("a gap candle's numbers do not matter") {
  std::vector<Candle> candles = made_market(300, 23);
  FeatureSet a(Duration::minutes(1)), b(Duration::minutes(1));
  for (std::size_t i = 0; i < candles.size(); ++i) {
    Candle other = candles[i];
    if (i % 90 == 80) {
      candles[i].state = CandleState::gap;
      other = gap_at(candles[i].open_time);
    }
    const std::span<const double> x = a.update(candles[i]), y = b.update(other);
    REQUIRE(x.size() == y.size());
    for (std::size_t k = 0; k < x.size(); ++k) CHECK((x[k] == y[k] || (std::isnan(x[k]) && std::isnan(y[k]))));
  }
}

}  // namespace
}  // namespace candled::features
