// The indicators and the feature set against values computed by TA-Lib and, for what TA-Lib does not have, by
// definition.

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <set>

#include "candled/features/feature_set.hpp"
#include "candled/features/indicators/atr.hpp"
#include "candled/features/indicators/bollinger.hpp"
#include "candled/features/indicators/cci.hpp"
#include "candled/features/indicators/chaikin_money_flow.hpp"
#include "candled/features/indicators/directional_movement.hpp"
#include "candled/features/indicators/donchian.hpp"
#include "candled/features/indicators/ema.hpp"
#include "candled/features/indicators/garman_klass.hpp"
#include "candled/features/indicators/log_return.hpp"
#include "candled/features/indicators/macd.hpp"
#include "candled/features/indicators/money_flow_index.hpp"
#include "candled/features/indicators/on_balance_volume.hpp"
#include "candled/features/indicators/parkinson.hpp"
#include "candled/features/indicators/rate_of_change.hpp"
#include "candled/features/indicators/realized_volatility.hpp"
#include "candled/features/indicators/rolling_vwap.hpp"
#include "candled/features/indicators/rsi.hpp"
#include "candled/features/indicators/session_vwap.hpp"
#include "candled/features/indicators/sma.hpp"
#include "candled/features/indicators/standard_deviation.hpp"
#include "candled/features/indicators/stochastic.hpp"
#include "candled/features/indicators/true_range.hpp"
#include "candled/features/indicators/williams_r.hpp"
#include "candled/features/indicators/z_score.hpp"
#include "candled/features/rolling/rolling_sum.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;

// Every raw indicator under its name in the golden files.
struct RawIndicators {
  Sma sma_7{7}, sma_20{20}, sma_50{50};
  Ema ema_9{9}, ema_12{12}, ema_20{20}, ema_26{26}, ema_50{50};
  Rsi rsi_7{7}, rsi_14{14};
  Macd macd{12, 26, 9};
  Bollinger bollinger{20, 2};
  StandardDeviation deviation{20};
  Stochastic stochastic{14, 3, 3};
  WilliamsR williams{14};
  Cci cci{20};
  MoneyFlowIndex money_flow{14, 1.0};
  DirectionalMovement movement{14};
  Atr atr{14};
  TrueRange true_range;
  OnBalanceVolume obv;
  RateOfChange change{10};
  SessionVwap session;
  RollingVwap vwap{60};
  ChaikinMoneyFlow chaikin{20};
  Donchian donchian{20};
  RealizedVolatility realized{30};
  GarmanKlass garman_klass{30};
  Parkinson parkinson{30};
  ZScore z_score{20};
  RollingSum volume{20};
  LogReturn log_1{1}, log_5{5}, log_15{15}, log_60{60};
  Bar bar;

  void update(const Bar& next) {
    bar = next;
    const auto with_close = [&](auto&... indicator) { (indicator.update(bar.close), ...); };
    const auto with_bar = [&](auto&... indicator) { (indicator.update(bar), ...); };
    with_close(sma_7, sma_20, sma_50, ema_9, ema_12, ema_20, ema_26, ema_50, rsi_7, rsi_14, macd, bollinger, deviation,
               change, realized, z_score, log_1, log_5, log_15, log_60);
    with_bar(stochastic, williams, cci, money_flow, movement, atr, true_range, obv, session, vwap, chaikin, donchian,
             garman_klass, parkinson);
    volume.update(bar.volume);
  }

  std::map<std::string, double> values() const {
    return {{"sma_7", sma_7.value()}, {"sma_20", sma_20.value()}, {"sma_50", sma_50.value()},
            {"ema_9", ema_9.value()}, {"ema_12", ema_12.value()}, {"ema_20", ema_20.value()},
            {"ema_26", ema_26.value()}, {"ema_50", ema_50.value()},
            {"rsi_7", rsi_7.value()}, {"rsi_14", rsi_14.value()},
            {"macd_12_26_9", macd.line()}, {"macd_signal_12_26_9", macd.signal()},
            {"macd_hist_12_26_9", macd.histogram()},
            {"bb_upper_20_2", bollinger.upper()}, {"bb_middle_20_2", bollinger.middle()},
            {"bb_lower_20_2", bollinger.lower()},
            {"bb_percent_b_20_2", bollinger.percent_b()}, {"bb_bandwidth_20_2", bollinger.bandwidth()},
            {"stddev_20_1", deviation.value()},
            {"stoch_k_14_3_3", stochastic.k()}, {"stoch_d_14_3_3", stochastic.d()},
            {"willr_14", williams.value()}, {"cci_20", cci.value()}, {"mfi_14", money_flow.value()},
            {"adx_14", movement.adx()}, {"plus_di_14", movement.plus_di()}, {"minus_di_14", movement.minus_di()},
            {"atr_14", atr.value()}, {"natr_14", atr.value() / bar.close * 100}, {"trange", true_range.value()},
            {"obv", obv.value()}, {"roc_10", change.value()}, {"mom_10", change.momentum()},
            {"vwap_session", session.value()}, {"vwap_60", vwap.value()}, {"cmf_20", chaikin.value()},
            {"donchian_upper_20", donchian.upper()}, {"donchian_middle_20", donchian.middle()},
            {"donchian_lower_20", donchian.lower()},
            {"realized_vol_30", realized.value()}, {"garman_klass_30", garman_klass.value()},
            {"parkinson_30", parkinson.value()},
            {"zscore_20", z_score.value()}, {"zscore_20_sample", z_score.sample_value()},
            {"volume_ma_ratio_20", ratio(bar.volume, volume.mean())},
            {"logret_1", log_1.value()}, {"logret_5", log_5.value()},
            {"logret_15", log_15.value()}, {"logret_60", log_60.value()}};
  }
};

// The absolute part of the tolerance, as golden/columns.csv recommends it; 1e-9 relative comes on top.
double absolute_tolerance(const std::string& column) {
  static const std::map<std::string, double> by_prefix = {
      {"macd", 1e-8}, {"atr", 1e-8},  {"trange", 1e-8}, {"mom", 1e-8},      {"stddev", 1e-8},  {"cci", 1e-6},
      {"natr", 1e-11}, {"roc", 1e-11}, {"rsi", 1e-9},    {"stoch", 1e-9},    {"willr", 1e-9},   {"mfi", 1e-9},
      {"adx", 1e-9},  {"plus", 1e-9}, {"minus", 1e-9},  {"obv", 1e-9},      {"sma", 0},        {"ema", 0},
      {"bb_upper", 0}, {"bb_middle", 0}, {"bb_lower", 0}, {"vwap", 0},      {"donchian", 0}};
  for (const auto& [prefix, tolerance] : by_prefix) {
    if (column.starts_with(prefix)) return tolerance;
  }
  return 1e-12;  // ratios and returns of extra.csv
}

// Compares every column of the table that `values` has, row by row; says how many cells agreed.
class GoldenCheck {
 public:
  void row(const Table& table, std::size_t row_index, std::size_t candle_index,
           const std::map<std::string, double>& values) {
    for (std::size_t column = 0; column < table.header.size(); ++column) {
      const auto found = values.find(table.header[column]);
      if (found == values.end()) continue;
      seen_.insert(found->first);
      const std::string& expected = table.rows[row_index].at(column);
      if (!agrees(found->first, expected, found->second) && ++wrong_ <= 10) {
        UNSCOPED_INFO(found->first << " at row " << candle_index << ": expected "
                                   << (expected.empty() ? "nothing" : expected)
                                   << ", got " << found->second);
      }
      ++cells_;
    }
  }
  std::size_t wrong() const { return wrong_; }
  std::size_t cells() const { return cells_; }
  std::size_t columns() const { return seen_.size(); }

 private:
  static bool agrees(const std::string& column, const std::string& expected, double value) {
    if (expected.empty()) return std::isnan(value);
    const double reference = std::stod(expected);
    return std::abs(value - reference) <= 1e-9 * std::abs(reference) + absolute_tolerance(column);
  }

  std::size_t wrong_ = 0, cells_ = 0;
  std::set<std::string> seen_;
};

// Features that carry the name of a golden column are that column.
std::map<std::string, double> named_row(const FeatureSet& features, std::span<const double> row) {
  std::map<std::string, double> values;
  for (std::size_t i = 0; i < row.size(); ++i) values[features.list()[i].name] = row[i];
  return values;
}

std::string shared_golden(const std::string& file) {
  return std::string(CANDLED_SOURCE_DIR) + "/../shared/golden/" + file;
}
std::string own_golden(const std::string& file) {
  return std::string(CANDLED_SOURCE_DIR) + "/tests/features/golden/" + file;
}

TEST_CASE("indicators and features equal the committed golden slice") {
  const std::optional<Table> candles = read_table(own_golden("ohlcv.csv"));
  const std::optional<Table> expected = read_table(own_golden("expected.csv"));
  REQUIRE(candles);
  REQUIRE(expected);
  RawIndicators raw;
  FeatureSet features(Duration::minutes(1));
  GoldenCheck raw_check, feature_check;
  std::size_t next = 0, index = 0;
  for (const Candle& candle : candles_of(*candles)) {
    raw.update(to_bar(candle, Duration::minutes(1)));
    const std::span<const double> row = features.update(candle);
    if (next < expected->rows.size() && std::stoul(expected->rows[next].at(0)) == index) {
      raw_check.row(*expected, next, index, raw.values());
      feature_check.row(*expected, next, index, named_row(features, row));
      ++next;
    }
    ++index;
  }
  CHECK(next == expected->rows.size());
  CHECK(raw_check.wrong() == 0);
  CHECK(raw_check.columns() == expected->header.size() - 1);
  CHECK(feature_check.wrong() == 0);
  CHECK(feature_check.columns() >= 20);
}

TEST_CASE("indicators and features equal all 3000 golden rows") {
  const std::optional<Table> candles = read_table(shared_golden("ohlcv.csv"));
  const std::optional<Table> talib = read_table(shared_golden("talib_exact.csv"));
  const std::optional<Table> extra = read_table(shared_golden("extra.csv"));
  if (!candles || !talib || !extra) {
    WARN("skipped: ../shared/golden is not here");
    return;
  }
  RawIndicators raw;
  FeatureSet features(Duration::minutes(1));
  GoldenCheck raw_check, feature_check;
  std::size_t index = 0;
  for (const Candle& candle : candles_of(*candles)) {
    raw.update(to_bar(candle, Duration::minutes(1)));
    const std::map<std::string, double> row = named_row(features, features.update(candle));
    for (const Table* table : {&*talib, &*extra}) {
      raw_check.row(*table, index, index, raw.values());
      feature_check.row(*table, index, index, row);
    }
    ++index;
  }
  CHECK(raw_check.wrong() == 0);
  CHECK(raw_check.columns() == raw.values().size());
  CHECK(raw_check.cells() == 3000 * raw_check.columns());
  CHECK(feature_check.wrong() == 0);
  CHECK(feature_check.columns() >= 20);
}

TEST_CASE("equal moves up and down are no directional movement") {
  const auto bar = [](double high, double low) {
    Bar made;
    made.high = high;
    made.low = low;
    made.close = (high + low) / 2;
    return made;
  };
  DirectionalMovement movement(2);
  movement.update(bar(102, 98));
  movement.update(bar(105, 95));  // 3 up, 3 down: a tie
  movement.update(bar(108, 95));  // 3 up: true range 13
  CHECK(movement.minus_di() == 0);
  CHECK(movement.plus_di() == Approx(100 * 3.0 / (10 - 10.0 / 2 + 13)));
}

}  // namespace
}  // namespace candled::features
