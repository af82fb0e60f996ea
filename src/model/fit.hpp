// Fitting: one algorithm on one sample. Knows nothing of candles, labels by the clock or hold-outs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/model/labels.hpp"
#include "candled/model/trainer.hpp"
#include "model/xgboost.hpp"

namespace candled::model {

// Labelled rows, oldest first.
struct Sample {
  std::size_t columns = 0;
  std::vector<float> values;  // row-major
  std::vector<Label> labels;  // up or not_up
  std::vector<Timestamp> open_times;
  std::size_t size() const { return labels.size(); }
  Sample slice(std::size_t begin, std::size_t end) const;
};

double up_share(const Sample& sample);

struct Fit {
  Booster booster;
  Parameters parameters;  // what the booster was made with, and "rounds"
};

// Uses horizon, embargo, seed and threads of the settings; the algorithm is the one given.
Result<Fit> fit(const GbdtSettings& gbdt, const Sample& sample, const TrainingSettings& settings,
                const OnProgress& on_progress);
Result<Fit> fit(const ForestSettings& forest, const Sample& sample, const TrainingSettings& settings,
                const OnProgress& on_progress);

Result<Matrix> to_matrix(const Sample& sample, int threads);

}  // namespace candled::model
