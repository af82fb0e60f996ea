// Live scoring: the outcomes of predictions, by model, and how far the champion's inputs have drifted from its training data.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/model/promotion.hpp"
#include "candled/store/model_reader.hpp"

namespace candled::engine {

struct FeatureDrift {
  std::string feature;
  double stability_index = 0;  // see model/drift.hpp
};
struct DriftReport {
  std::size_t rows = 0;  // below a hundred or so the figures say little
  double predictions = 0;
  std::vector<FeatureDrift> features;  // the most moved first
};
struct ModelLive {
  std::string model;
  std::string market;
  model::LiveScore score;
};
struct LiveReport {
  std::vector<ModelLive> models;  // by name, oldest first
  std::string champion;           // whose drift it is; empty: none
  DriftReport drift;
};

// Scores the newest `predictions_max` predictions of the market whose outcome is known.
std::vector<ModelLive> score_models(const store::ModelReader& reader, const Market& market,
                                    std::size_t predictions_max);

// Drift of the newest `rows_max` rows that the model predicted on. An error names the file of the registry that cannot be read.
Result<DriftReport> measure_drift(const store::ModelReader& reader, const Market& market,
                                  const std::filesystem::path& registry, const std::string& model,
                                  const std::vector<std::string>& feature_names, std::size_t rows_max);

// One line of JSON each; numbers that are not known are null. The drift stands within the score where one is given.
std::string to_json(const ModelLive& live, const DriftReport* drift = nullptr);
std::string to_json(const DriftReport& drift);

}  // namespace candled::engine
