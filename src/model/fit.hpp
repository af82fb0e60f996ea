// Fitting: one algorithm on one sample. Knows nothing of candles or hold-outs.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/model/trainer.hpp"
#include "model/sample.hpp"
#include "model/xgboost.hpp"

namespace candled::model {

// Counts rounds over all fits of a training and turns a "no" of the listener, which it remembers, into an error.
class Reporter {
 public:
  Reporter(OnProgress on_progress, int total) : on_progress_(std::move(on_progress)), total_(total) {}
  Result<void> round();
  // An error once the listener has said no. After work that was given stop(), ask it before you use what came out.
  Result<void> goes_on();
  // For work between rounds; as long as the reporter.
  const Stop& stop() const { return stop_; }
  void total(int rounds) { total_ = rounds; }
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

 private:
  OnProgress on_progress_;
  int done_ = 0;
  int total_;
  bool stopped_ = false;
  Stop stop_ = [this] {
    stopped_ = stopped_ || (on_progress_ && !on_progress_(Progress{done_, total_}));
    return stopped_;
  };
};

struct FittedPart {
  std::string kind;
  double weight = 1;
  Booster booster;
  Parameters parameters;  // what the booster was made with, and "rounds"
};

// Learns the targets; every row has one, and both classes are there. Uses horizon, embargo, seed and threads of the
// settings; the algorithm is the one given.
Result<FittedPart> fit(const GbdtSettings& gbdt, const Sample& sample, const TrainingSettings& settings,
                       Reporter& reporter);
Result<FittedPart> fit(const ForestSettings& forest, const Sample& sample, const TrainingSettings& settings,
                       Reporter& reporter);

// The most rounds that a fit reports.
int rounds_of(const GbdtSettings& gbdt);
int rounds_of(const ForestSettings& forest);

bool has_both_classes(const Sample& sample);

}  // namespace candled::model
