// The list: names, warm-ups, hash.

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "candled/features/feature_set.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;

TEST_CASE("every feature has a name of its own, a unit and a formula") {
  FeatureSet features(Duration::minutes(1));
  CHECK(features.size() >= 80);
  std::set<std::string> names;
  for (const FeatureInfo& info : features.list()) {
    INFO(info.name);
    CHECK(names.insert(info.name).second);
    CHECK(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
    CHECK_FALSE(info.unit.empty());
    CHECK_FALSE(info.formula.empty());
    CHECK(info.warm_up_candles >= 1);
  }
}

TEST_CASE("the warm-up of the list is the first row with a value") {
  const std::vector<Candle> candles = made_market(200, 31, {.quiet_share = 0});
  FeatureSet features(Duration::minutes(1));
  std::vector<int> first(features.size(), 0);
  for (std::size_t i = 0; i < candles.size(); ++i) {
    const std::span<const double> row = features.update(candles[i]);
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (first[k] == 0 && !std::isnan(row[k])) first[k] = static_cast<int>(i) + 1;
    }
  }
  for (std::size_t k = 0; k < first.size(); ++k) {
    INFO(features.list()[k].name);
    // How many candles fill VPIN's buckets is up to their volume.
    const bool varies = features.list()[k].name.starts_with("vpin_");
    CHECK((varies ? first[k] >= features.list()[k].warm_up_candles : first[k] == features.list()[k].warm_up_candles));
    CHECK(first[k] > 0);
  }
}

TEST_CASE("the hash belongs to the list and the interval") {
  CHECK(FeatureSet(Duration::minutes(1)).hash() == FeatureSet(Duration::minutes(1)).hash());
  CHECK(FeatureSet(Duration::minutes(1)).hash() != FeatureSet(Duration::minutes(5)).hash());
  CHECK(FeatureSet(Duration::minutes(1)).hash().size() == 16);
}

TEST_CASE("hand-made candles give the numbers one expects") {
  FeatureSet features(Duration::minutes(1));
  const auto value = [&](std::span<const double> row, const std::string& name) {
    for (std::size_t k = 0; k < features.size(); ++k) {
      if (features.list()[k].name == name) return row[k];
    }
    FAIL("no feature " << name);
    return 0.0;
  };
  Candle candle;
  candle.open_time = Timestamp{} + Duration::days(4) + Duration::hours(6) - Duration::minutes(1);  // ends Monday 06:00
  candle.open = Price::parse("100").value();
  candle.high = Price::parse("110").value();
  candle.low = Price::parse("90").value();
  candle.close = Price::parse("105").value();
  candle.volume = Volume::parse("4").value();
  candle.buy_volume = Volume::parse("3").value();
  candle.trades = 8;
  std::span<const double> row;
  for (int i = 0; i < 70; ++i) {
    row = features.update(candle);
    if (i == 0) {
      CHECK(value(row, "hour_sin") == Approx(1));
      CHECK(value(row, "hour_cos") == Approx(0).margin(1e-12));
      CHECK(value(row, "weekday_sin") == Approx(std::sin(2 * 3.14159265358979323846 * 0.25 / 7)));
      CHECK(value(row, "europe_open_cos") == Approx(std::cos(2 * 3.14159265358979323846 / 24)));
      CHECK(value(row, "europe_open_sin") == Approx(-std::sin(2 * 3.14159265358979323846 / 24)));
    }
    candle.open_time = candle.open_time + Duration::minutes(1);
    // The last one: twice as much, all bought.
    if (i == 68) candle.volume = candle.buy_volume = Volume::parse("8").value();
  }
  CHECK(value(row, "body_ratio") == Approx(0.25));
  CHECK(value(row, "upper_wick_ratio") == Approx(0.25));
  CHECK(value(row, "lower_wick_ratio") == Approx(0.5));
  CHECK(value(row, "ofi_1") == 1);
  CHECK(value(row, "ofi_5") == Approx(16.0 / 24));
  CHECK(value(row, "signed_volume_ratio_5_60") == Approx(16.0 / (5 * 244.0 / 60)));
  CHECK(value(row, "volume_ma_ratio_20") == Approx(8 / (84.0 / 20)));
  CHECK(value(row, "trades_ma_ratio_20") == 1);
  CHECK(value(row, "trade_size_ratio_20") == Approx(1.0 / (84.0 / 160)));
  CHECK(value(row, "quiet_share_15") == 0);
  CHECK(value(row, "range_atr_14") == Approx(1));
  CHECK(value(row, "atr_ratio_14") == Approx(20.0 / 105));
}

}  // namespace
}  // namespace candled::features
