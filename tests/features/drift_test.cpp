// A million candles: what the set says then is what a set that has seen only the last few thousand says.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "candled/features/feature_set.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;

constexpr std::size_t stretch = 20'000, stretches = 50, remembered = 6'000;

TEST_CASE("nothing drifts over a million candles") {
  std::vector<std::string> names = raw_indicators();
  for (const std::string& name : default_features()) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  // They count from the first candle on, so where they started never stops to matter.
  std::erase_if(names, [](const std::string& name) { return name == "obv" || name == "ad"; });
  FeatureSet features(Duration::minutes(1), names);
  std::vector<double> sizes(names.size(), 0);
  std::set<std::string> drifted;
  std::size_t compared = 0;
  for (std::size_t part = 0; part < stretches; ++part) {
    std::vector<Candle> candles = made_market(stretch, 100 + part, {.quiet_share = part % 7 == 3 ? 0.9 : 0.02});
    std::span<const double> row;
    for (Candle& candle : candles) {
      candle.open_time = candle.open_time + Duration::minutes(static_cast<std::int64_t>(part * stretch));
      row = features.update(candle);
      for (std::size_t k = 0; k < row.size(); ++k)
        sizes[k] = std::max(sizes[k], std::isnan(row[k]) ? 0 : std::abs(row[k]));
    }
    FeatureSet fresh(Duration::minutes(1), names);
    std::span<const double> other;
    for (std::size_t i = candles.size() - remembered; i < candles.size(); ++i) other = fresh.update(candles[i]);
    for (std::size_t k = 0; k < row.size(); ++k) {
      ++compared;
      const bool same = std::isnan(row[k])
                            ? std::isnan(other[k])
                            : std::abs(row[k] - other[k]) <= 1e-9 * std::max(std::abs(row[k]), 1e-3 * sizes[k]);
      if (!same) drifted.insert(names[k]);
    }
  }
  CHECK(drifted == std::set<std::string>{});
  CHECK(compared == stretches * names.size());
}

}  // namespace
}  // namespace candled::features
