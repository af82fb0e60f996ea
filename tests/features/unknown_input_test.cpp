// What a candle does not tell is not known to the features that need it, and to no other; and a window is clear of such candles
// before it says anything.

#include <catch2/catch.hpp>

#include <cmath>

#include "candled/features/feature_set.hpp"
#include "candled/features/warm_up_check.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;

bool is_of_the_tape(Need need) { return need != Need::candles; }

TEST_CASE("candles without a tape leave exactly the features unknown that need one") {
  for (const std::vector<std::string>& names : {default_features(), raw_indicators()}) {
    FeatureSet with(Duration::minutes(1), names), without(Duration::minutes(1), names);
    const std::vector<Candle> full = made_market(400, 61, {.quiet_share = 0}),
                              bare = made_market(400, 61, {.quiet_share = 0, .tape = false});
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < full.size(); ++i) {
      const std::span<const double> a = with.update(full[i]), b = without.update(bare[i]);
      for (std::size_t k = 0; k < a.size(); ++k) {
        const bool same = std::isnan(a[k]) ? std::isnan(b[k]) : a[k] == b[k];
        if (is_of_the_tape(with.list()[k].needs) ? !std::isnan(b[k]) : !same) ++wrong;
        if (i == full.size() - 1 && std::isnan(a[k])) ++wrong;
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("behind candles without a tape a window is unknown until it is clear of them") {
  const std::vector<std::pair<std::string, int>> table = {
      {"ofi_1", 0},
      {"ofi_5", 4},
      {"ofi_15", 14},
      {"signed_volume_ratio_5_60", 4},
      {"trade_size_ratio_20", 19},
      {"large_trade_share_15", 14},
      {"up_tick_share_15", 14},
      {"longest_pause_15", 14},
      {"kyle_lambda_ratio_30", 29},
      {"trade_gap_ratio_5_60", 59},
      {"rsi_14", -1},
      {"cmf_20", -1},
      {"amihud_ratio_30", -1},
  };
  std::vector<Candle> candles = made_market(400, 62, {.quiet_share = 0});
  const std::vector<Candle> bare = made_market(400, 62, {.quiet_share = 0, .tape = false});
  for (std::size_t i = 200; i < 203; ++i) candles[i] = bare[i];
  for (const auto& [name, unknown_behind] : table) {
    FeatureSet features(Duration::minutes(1), std::vector<std::string>{name});
    int unknown_rows = 0;
    for (std::size_t i = 0; i < candles.size(); ++i) {
      const double value = features.update(candles[i])[0];
      if (i >= 200 && std::isnan(value)) ++unknown_rows;
    }
    INFO(name);
    CHECK(unknown_rows == (unknown_behind < 0 ? 0 : 3 + unknown_behind));
  }
}

TEST_CASE("the recursive check measures how long a feature remembers where it began") {
  const std::vector<std::string> names = {"sma_ratio_20", "ema_ratio_9", "logret_5", "hour_sin", "buy_trade_share_15"};
  const std::vector<Candle> candles = made_market(3000, 63, {.quiet_share = 0});
  FeatureSet features(Duration::minutes(1), names);
  WarmUpCheck check(Duration::minutes(1), names, places_to_start(candles.size(), 5, 400), 400);
  for (const Candle& candle : candles) check.update(candle, features.update(candle));
  const std::vector<WarmUp> measured = check.result();
  CHECK(check.places_followed() == 5);
  CHECK(measured[0].measured_candles == 20);
  // (1 - 2/10)^n is 1e-9 at n = 93; the seed's error is some deviations.
  CHECK(measured[1].measured_candles.value() > 60);
  CHECK(measured[1].measured_candles.value() < 130);
  CHECK(measured[2].measured_candles == 6);
  CHECK(measured[3].measured_candles == 1);
  CHECK(measured[4].measured_candles == 15);

  // One that does not forget in time, and one that never says anything.
  WarmUpCheck slow(Duration::minutes(1), std::vector<std::string>{"ema_ratio_500", "ofi_5"}, {600}, 300);
  FeatureSet pair(Duration::minutes(1), std::vector<std::string>{"ema_ratio_500", "ofi_5"});
  for (const Candle& candle : made_market(1000, 64, {.tape = false})) slow.update(candle, pair.update(candle));
  CHECK_FALSE(slow.result()[0].measured_candles.has_value());
  CHECK_FALSE(slow.result()[1].ever_known);
}

TEST_CASE("the recursive check does not claim a warm-up that a record of gaps cannot show") {
  const std::vector<std::string> names = {"rsi_14", "logret_1", "hour_sin"};
  std::vector<Candle> candles = made_market(1000, 65, {.quiet_share = 0});
  for (std::size_t i = 0; i < candles.size(); ++i) {
    if (i % 100 >= 5) candles[i].state = CandleState::gap;
  }
  FeatureSet features(Duration::minutes(1), names);
  WarmUpCheck check(Duration::minutes(1), names, places_to_start(candles.size(), 5, 100), 100);
  for (const Candle& candle : candles) check.update(candle, features.update(candle));
  const std::vector<WarmUp> measured = check.result();
  CHECK_FALSE(measured[0].ever_known);
  CHECK(measured[1].ever_known);
  CHECK(measured[2].measured_candles == 1);
}

}  // namespace
}  // namespace candled::features
