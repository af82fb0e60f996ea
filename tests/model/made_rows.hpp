// Rows with a known truth, for the tests of the model room.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "candled/model/predictor.hpp"
#include "candled/model/trainer.hpp"
#include "candled/model/training_rows.hpp"

namespace candled::model {

// A number in [0, 1) from one draw, the same with every library.
inline double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

inline Timestamp minute(std::int64_t n) { return Timestamp{} + Duration::days(20'000) + Duration::minutes(n); }

// One-minute candles. Feature "edge" is 0 to 1; the next candle closes one watermark up with probability `edge_share` if it
// is above one half and 1 - edge_share otherwise, so edge_share is the best accuracy there is one minute ahead (1 half:
// none). The other features are noise, one of them often missing.
inline TrainingRows made_rows(std::size_t count, double edge_share, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  TrainingRows rows;
  rows.feature_names = {"noise_a", "edge", "noise_b", "sometimes"};
  rows.feature_hash = "hash-of-four";
  rows.interval = Duration::minutes(1);
  std::int64_t close = 1'000'000;
  for (std::size_t i = 0; i < count; ++i) {
    const double edge = uniform(random);
    rows.open_times.push_back(minute(static_cast<std::int64_t>(i)));
    rows.closes.push_back(Price::from_units(close));
    rows.states.push_back(CandleState::traded);
    rows.features.insert(rows.features.end(),
                         {uniform(random), edge, uniform(random) * 1e9,
                          i % 3 == 0 ? std::numeric_limits<double>::quiet_NaN() : uniform(random)});
    close += uniform(random) < (edge > 0.5 ? edge_share : 1.0 - edge_share) ? 1 : -1;
  }
  return rows;
}

// A model of one part as a predictor, not calibrated.
inline Result<std::shared_ptr<const ModelPredictor>> predictor_of_bytes(PredictorIdentity identity,
                                                                        std::string_view bytes) {
  const ModelPart part[] = {{bytes}};
  return make_predictor(std::move(identity), part);
}
// A trained model as it would be loaded.
inline std::shared_ptr<const ModelPredictor> predictor_of_model(const TrainedModel& model) {
  std::vector<ModelPart> parts;
  for (const TrainedPart& part : model.parts) parts.push_back({part.bytes, part.weight});
  return *make_predictor({"20260101_000000", model.feature_hash, model.feature_names.size(), model.horizon}, parts,
                         model.calibration, model.thresholds);
}
inline const std::string& bytes_of(const TrainedModel& model) { return model.parts.front().bytes; }

}  // namespace candled::model
