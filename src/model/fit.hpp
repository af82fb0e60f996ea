// Fitting: one algorithm on one sample, or a vote of several. Knows nothing of candles or hold-outs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/model/trainer.hpp"
#include "model/sample.hpp"
#include "model/xgboost.hpp"

namespace candled::model {

// Counts rounds over all fits of a training and turns a "no" of the listener into an error.
class Reporter {
 public:
  Reporter(const OnProgress& on_progress, int total) : on_progress_(on_progress), total_(total) {}
  Result<void> round();

 private:
  const OnProgress& on_progress_;
  int done_ = 0;
  int total_;
};

// The most rounds that one fit of it reports.
int rounds_max(const Algorithm& algorithm);
// The same with a quarter of the trees in forests: for folds and canaries, where a forest's last digit does not matter.
Algorithm cheaper(Algorithm algorithm);

struct FittedPart {
  std::string kind;
  double weight = 1;
  Booster booster;
  Parameters parameters;  // what the booster was made with, and "rounds"
};

struct Vote {
  std::vector<FittedPart> parts;
  PlattMap undo_weights;  // brings probabilities back where the classes were weighed
  bool weighed = false;
  std::size_t rows = 0;  // that it learned from
  double up_share = 0;   // of their labels
};

// Learns the targets of the rows that have one. Uses horizon, embargo, seed, threads and minority_share_min of the
// settings; the algorithm is the one given. Refuses a sample whose targets are of one class only.
Result<Vote> fit_vote(const Algorithm& algorithm, const Sample& sample, const TrainingSettings& settings,
                      Reporter& reporter);

// The vote on every row, with class weights brought back, not calibrated.
Result<std::vector<double>> vote_on(const Vote& vote, const Sample& sample, int threads);

}  // namespace candled::model
