// Cross-validation: the pipeline fitted on several pasts, each measured on rows it had not seen.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "candled/model/trainer.hpp"
#include "candled/model/validation.hpp"
#include "model/sample.hpp"
#include "model/vote.hpp"

namespace candled::model {

struct TestedFold {
  FoldResult result;
  std::vector<double> probabilities;  // of the tested rows
  double up_share = 0.5;              // of what was learned from
};
// Nothing where the fold's past is too short or of one class.
Result<std::optional<TestedFold>> test_fold(const Sample& sample, const Fold& fold, const Algorithm& algorithm,
                                            const TrainingSettings& settings, Reporter& reporter);

// Predictions of rows by models that had not seen them. A fold that test_fold passes over is left out.
struct OutOfSample {
  std::vector<FoldResult> folds;
  std::vector<std::size_t> positions;  // of the tested rows in the sample, ascending
  std::vector<double> probabilities;
  double first_up_share = 0.5;  // of what the first fold learned from
};

Result<OutOfSample> walk_forward_predictions(const Sample& sample, const Algorithm& algorithm,
                                             const TrainingSettings& settings, Reporter& reporter);

// Measures of the tested rows; nullopt without any.
std::optional<Metrics> measured(const OutOfSample& tested, const Sample& sample, std::span<const Label> directions,
                                std::size_t horizon_rows, std::uint64_t seed, const Stop& stop = {});

// One set of metrics per path; empty where the settings ask for none.
Result<std::vector<Metrics>> combinatorial_paths(const Sample& sample, std::span<const Label> directions,
                                                 std::size_t horizon_rows, const TrainingSettings& settings,
                                                 Reporter& reporter);

// The most rounds of both together.
Result<int> cross_validation_rounds_max(const TrainingSettings& settings);

}  // namespace candled::model
