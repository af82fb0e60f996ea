#include "candled/features/feature_set.hpp"
#include "candled/model/training_rows.hpp"

#include <limits>

namespace candled::model {

TrainingRows feature_rows(std::span<const Candle> candles, Duration interval, std::span<const std::string> names) {
  features::FeatureSet set(interval, names);
  TrainingRows rows;
  rows.feature_hash = set.hash();
  rows.interval = interval;
  for (const features::FeatureInfo& feature : set.list()) rows.feature_names.push_back(feature.name);
  for (const Candle& candle : candles) {
    const std::span<const double> row = set.update(candle);
    rows.open_times.push_back(candle.open_time);
    rows.closes.push_back(candle.close);
    rows.highs.push_back(candle.high);
    rows.lows.push_back(candle.low);
    rows.states.push_back(candle.state);
    if (row.empty()) {
      rows.features.insert(rows.features.end(), set.size(), std::numeric_limits<double>::quiet_NaN());
    } else {
      rows.features.insert(rows.features.end(), row.begin(), row.end());
    }
  }
  return rows;
}

}  // namespace candled::model
