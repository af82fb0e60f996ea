// Metrics: how good probabilities are, with sample size, intervals and baselines that need no model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/stop.hpp"
#include "candled/domain/time.hpp"
#include "candled/model/labels.hpp"

namespace candled::model {

struct Interval {
  double low = 0;
  double high = 0;
};

struct Confusion {
  std::size_t true_up = 0, false_up = 0, true_not_up = 0, false_not_up = 0;
};

// Results on the same rows without a model. The first three are accuracies.
struct Baselines {
  double majority = 0;        // always the more frequent class of the training part
  double last_direction = 0;  // always the direction of the last horizon; not known counts as not up
  double always_up = 0;
  double base_rate_log_loss = 0;  // always the up share of the training part, as a probability
  double base_rate_brier = 0;
};

// Rows with about the same probability: what was predicted and what happened.
struct CalibrationBin {
  double mean_probability = 0, up_share = 0;
  std::size_t rows = 0;
};

// NaN where a number is not defined (precision without a positive prediction, AUC with one class only).
struct Metrics {
  std::size_t rows = 0;
  Timestamp from, to;   // open times of the first and last row
  Confusion confusion;  // predicted up means probability > 0.5, as the signal does
  double accuracy = 0, precision = 0, recall = 0, f1 = 0;
  double auc = 0;       // area under the ROC curve, ties count one half (Mann-Whitney)
  double log_loss = 0;  // mean of -ln p(what happened), p kept within [1e-15, 1 - 1e-15]
  double brier = 0;     // mean squared error of the probability
  double skill = 0;     // base_rate_log_loss - log_loss: the information beyond the base rate, in nats per row
  // 95 % block bootstrap of all of them; resamples in which a number is not defined are left out of its interval.
  Interval accuracy_interval, precision_interval, recall_interval, f1_interval, auc_interval;
  Interval log_loss_interval, brier_interval, skill_interval;
  std::size_t block_rows = 0;  // length of the bootstrap's blocks
  Baselines baselines;
  std::vector<CalibrationBin> calibration_curve;  // ten bins of equal size, by rising probability

  // More than chance: the skill is above zero by more than the 99 % interval, which is the 95 % one widened (2.576 / 1.960). At 95 %,
  // 6 of 100 forests claimed an edge on random walks.
  bool has_edge() const { return skill > 1.315 * (skill - skill_interval.low); }
};

// Position i of each span belongs to row i; labels are up or not_up, never none. All spans have the same length, at least 1.
struct Scored {
  std::span<const Timestamp> open_times;
  std::span<const double> probabilities;  // of up
  std::span<const Label> labels;
  std::span<const Label> last_directions;
  double training_up_share = 0.5;
};

// block_rows: see bootstrap_block_rows. The same seed gives the same intervals.
Metrics measure(const Scored& scored, std::size_t block_rows, std::uint64_t seed, const Stop& stop = {});

// The loss of one row: -ln p(what happened), and the squared error.
double log_loss(double probability_up, Label label);
double squared_error(double probability_up, Label label);

// The single figures, also of use for early stopping and live scoring.
double log_loss(std::span<const double> probabilities, std::span<const Label> labels);
double area_under_roc(std::span<const double> probabilities, std::span<const Label> labels);

// Neighbouring rows share most of their label, so their errors come in runs: blocks of four horizons, or the cube root
// of the sample where that is longer (P. Hall, J. Horowitz, B. Jing 1995), but at least four blocks in the sample.
std::size_t bootstrap_block_rows(std::size_t rows, std::size_t horizon_rows);

// For each of 1,000 resamples of a circular block bootstrap, how often each row was drawn. visit may not keep the span.
void for_each_resample(std::size_t rows, std::size_t block_rows, std::uint64_t seed,
                       const std::function<void(std::span<const std::uint32_t>)>& visit, const Stop& stop = {});

// 95 % percentile interval of values from as many resamples; NaN are left out. Sorts them.
Interval percentile_interval(std::vector<double> values);

// 95 % percentile interval of the mean of `values` by circular block bootstrap (D. Politis, J. Romano 1992), 1,000
// resamples.
Interval mean_interval(std::span<const double> values, std::size_t block_rows, std::uint64_t seed,
                       const Stop& stop = {});

// One line of JSON; a number that is NaN is null.
std::string to_json(const Metrics& metrics);

}  // namespace candled::model
