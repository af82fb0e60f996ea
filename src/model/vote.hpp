// Vote: what a training fits, whatever the algorithm: one part, or several that vote. Chooses columns and weighs
// classes on the rows that are learned from and on no others, so it may be used inside any fold.
#pragma once

#include <cstddef>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/model/trainer.hpp"
#include "model/fit.hpp"
#include "model/sample.hpp"

namespace candled::model {

// The most rounds that one fit_vote reports.
int rounds_max(const Algorithm& algorithm, const TrainingSettings& settings);
// The same with a quarter of the trees in forests: for folds and canaries, where a forest's last digit does not matter.
Algorithm cheaper(Algorithm algorithm);

struct Vote {
  std::vector<FittedPart> parts;
  PlattMap undo_weights;  // brings probabilities back where the classes were weighed
  bool weighed = false;
  std::size_t rows = 0;  // that it learned from
  double up_share = 0;   // of their labels
};

// Learns the targets of the rows that have one. The algorithm is the one given, not that of the settings. Refuses a
// sample whose targets are of one class only.
Result<Vote> fit_vote(const Algorithm& algorithm, const Sample& sample, const TrainingSettings& settings,
                      Reporter& reporter);

// The vote on every row, with class weights brought back, not calibrated.
Result<std::vector<double>> vote_on(const Vote& vote, const Sample& sample, Reporter& reporter);

}  // namespace candled::model
