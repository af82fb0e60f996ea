// What must hold for any market: no look ahead, no scale, no infinity.

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <set>

#include "candled/features/feature_set.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;
using Rows = std::vector<std::vector<double>>;

Rows rows_of(const std::vector<Candle>& candles) {
  FeatureSet features(Duration::minutes(1));
  Rows rows;
  for (const Candle& candle : candles) {
    const std::span<const double> row = features.update(candle);
    rows.emplace_back(row.begin(), row.end());
  }
  return rows;
}

// Features that differ between two runs by more than the tolerance, or in being known.
std::vector<std::string> differences(const Rows& a, const Rows& b, double tolerance) {
  FeatureSet features(Duration::minutes(1));
  std::set<std::string> names;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < a[i].size(); ++k) {
      const double x = a[i][k], y = b[i][k];
      const bool same = std::isnan(x) ? std::isnan(y) : std::abs(x - y) <= tolerance * (1 + std::abs(x));
      if (!same) names.insert(features.list()[k].name);
    }
  }
  return {names.begin(), names.end()};
}

TEST_CASE("a row depends on nothing behind its candle") {
  const std::vector<Candle> candles = made_market(1500, 5, {.gap_share = 0.004});
  const Rows rows = rows_of(candles);
  Random random(6);
  for (int attempt = 0; attempt < 60; ++attempt) {
    const std::size_t cut = random.below(candles.size());
    FeatureSet features(Duration::minutes(1));
    std::span<const double> row;
    for (std::size_t i = 0; i <= cut; ++i) row = features.update(candles[i]);
    REQUIRE(row.size() == rows[cut].size());
    CHECK((row.empty() || std::memcmp(row.data(), rows[cut].data(), row.size_bytes()) == 0));
  }
}

TEST_CASE("prices and volumes times a constant give the same row") {
  const Rows rows = rows_of(made_market(1000, 7));
  for (std::int64_t factor : {3, 7, 1000}) {
    const Rows dearer = rows_of(made_market(1000, 7, {.price_factor = factor}));
    const Rows busier = rows_of(made_market(1000, 7, {.volume_factor = factor}));
    CHECK(differences(rows, dearer, 1e-9) == std::vector<std::string>{});
    CHECK(differences(rows, busier, 1e-9) == std::vector<std::string>{});
  }
  // The comparison can tell markets apart.
  CHECK_FALSE(differences(rows, rows_of(made_market(1000, 8)), 1e-9).empty());
}

TEST_CASE("no market makes an infinity") {
  const auto infinite = [](const Rows& rows) {
    std::size_t count = 0;
    for (const std::vector<double>& row : rows) {
      for (double value : row)
        if (std::isinf(value)) ++count;
    }
    return count;
  };
  CHECK(infinite(rows_of(made_market(3000, 9, {.quiet_share = 0.6, .gap_share = 0.02}))) == 0);
  std::vector<Candle> nothing = made_market(200, 10);
  for (Candle& candle : nothing) {
    candle.open = candle.high = candle.low = candle.close = Price{};
    candle.volume = candle.buy_volume = Volume{};
    candle.trades = 0;
  }
  CHECK(infinite(rows_of(nothing)) == 0);
  std::vector<Candle> huge = made_market(200, 11);
  for (Candle& candle : huge) {
    candle.open = candle.low = Price::from_units(1);
    candle.high = candle.close = Price::from_units(INT64_MAX);
    candle.volume = candle.buy_volume = Volume::from_usual_units(INT64_MAX);
  }
  CHECK(infinite(rows_of(huge)) == 0);
}

TEST_CASE("a market that never moves has the values of the golden rules") {
  std::vector<Candle> candles = made_market(300, 12, {.quiet_share = 1});
  const Rows rows = rows_of(candles);
  FeatureSet features(Duration::minutes(1));
  const auto value = [&](const std::string& name) {
    for (std::size_t k = 0; k < features.size(); ++k) {
      if (features.list()[k].name == name) return rows.back()[k];
    }
    FAIL("no feature " << name);
    return 0.0;
  };
  for (const char* name :
       {"rsi_7",           "rsi_14",         "stoch_k_14_3_3",     "stoch_d_14_3_3",        "willr_14",
        "cci_20",          "adx_14",         "plus_di_14",         "minus_di_14",           "mfi_free_14",
        "cmo_14",          "ultosc_7_14_28", "stochrsi_k_14_14_3", "linreg_slope_ratio_14", "cmf_20",
        "roc_10",          "logret_1",       "logret_60",          "realized_vol_30",       "parkinson_30",
        "garman_klass_30", "bb_width_20_2",  "atr_ratio_14",       "sma_ratio_20"}) {
    INFO(name);
    CHECK(value(name) == 0);
  }
  CHECK(std::abs(value("ema_ratio_9")) < 1e-15);
  CHECK(value("quiet_share_15") == 1);
  for (const char* name :
       {"bb_percent_b_20_2", "zscore_60", "donchian_position_20", "vwap_ratio_60", "vwap_session_ratio",
        "volume_ma_ratio_20", "trades_ma_ratio_20", "trade_size_ratio_20", "ofi_1", "ofi_15", "vpin_50",
        "kyle_lambda_ratio_30", "amihud_ratio_30", "trade_gap_ratio_5_60", "adosc_ratio_3_10_20", "obv_slope_20",
        "body_ratio", "range_atr_14", "mom_atr_10_14"}) {
    INFO(name);
    CHECK(std::isnan(value(name)));
  }
}

}  // namespace
}  // namespace candled::features
