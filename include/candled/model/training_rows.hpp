// TrainingRows: the feature rows that inference saw and their candles; the whole input of a training.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/labels.hpp"

namespace candled::model {

// One market, oldest first; position i of each vector belongs to candle i. The caller owns and fills it. An unknown candle has
// no features: its row is NaN (or the candle is left out, which means the same).
struct TrainingRows {
  std::vector<std::string> feature_names;  // the columns, in order
  std::string feature_hash;                // of that list, as the live rows carry it
  Duration interval;

  std::vector<Timestamp> open_times;  // strictly ascending
  std::vector<Price> closes;
  std::vector<CandleState> states;
  std::vector<double> features;  // row-major, size() * feature_names.size(); NaN is "not warm or not known"
  // Only barrier labels need them; may be empty, then the closes are used.
  std::vector<Price> highs{}, lows{};

  std::size_t size() const { return open_times.size(); }
  std::span<const double> row(std::size_t i) const {
    return std::span(features).subspan(i * feature_names.size(), feature_names.size());
  }
  CandleHistory candles() const { return {open_times, closes, states, interval, highs, lows}; }
};

// The rows that these features (none: the default list) give for these candles (one market, ascending), as live inference
// would see them. The names are in the catalogue (features::check_features; aborts).
TrainingRows feature_rows(std::span<const Candle> candles, Duration interval, std::span<const std::string> names = {});

}  // namespace candled::model
