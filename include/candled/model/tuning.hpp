// Tuning: which parameters do best on walk-forward folds, and how much of that is luck.
//
// The newest `holdout_share` of the rows is never used, so the chosen parameters can be measured on it by train().
// Nothing here keeps state: it takes the trials so far and returns the next one, so a search continues from wherever the caller
// stored it, and the same trials and seed give the same next one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/model/trainer.hpp"

namespace candled::model {

struct Dimension {
  std::string name;  // a parameter that with_parameters() knows
  double low = 0, high = 1;
  bool is_logarithmic = false;
  bool is_whole = false;
};

// Model, label and feature parameters of a kind of model: rounds, depth, learning_rate, row_share, column_share,
// child_weight_min, lambda, dead_zone_bps, columns_max. `column_count`: how many features there are.
std::vector<Dimension> search_space(const Algorithm& algorithm, std::size_t column_count);

struct Parameter {
  std::string name;
  double value = 0;
};
// Sets each by name, in every member of an ensemble that has it. Refuses an unknown name.
Result<TrainingSettings> with_parameters(TrainingSettings settings, std::span<const Parameter> parameters);

enum class TrialState : std::uint8_t {
  complete,
  stopped,  // worse than others after some folds
  failed,   // could not be trained; `why` says why
};

struct Trial {
  int number = 0;  // from 1
  TrialState state = TrialState::failed;
  std::vector<Parameter> parameters;
  std::vector<double> fold_losses;  // to be minimised: log loss, or minus the net return; one per tested fold
  double loss = 0;                  // their mean; of a stopped trial that of the folds it saw
  // To be maximised, in equal stretches of the tested time: log loss below the base rate's, or the net returns.
  // Complete trials of one search have equally many.
  std::vector<double> scores;
  std::string why;
};

struct TuningSettings {
  TrainingSettings training;  // folds, horizon, seed and all that is not searched
  std::vector<Dimension> space;
  std::uint64_t seed = 1;
  std::size_t periods = 160;  // of scores
  // May be empty: then log loss is the aim. Otherwise the net return of each period of a fold, after costs; always as
  // many for the same fold.
  std::function<std::vector<double>(const HoldoutPredictions&)> net_returns;
};

// The next parameters to try: the first ten are spread evenly, the others by a tree-structured Parzen estimator
// (J. Bergstra, R. Bardenet, Y. Bengio, B. Kegl 2011) over what is known.
std::vector<Parameter> propose(const TuningSettings& settings, std::span<const Trial> trials);

// Runs it fold by fold; stopped where its mean loss is above the median of at least five earlier trials at the same fold.
// A trial that cannot be trained comes back as `failed`. Refuses only what no trial can change (rows, folds); a cancelled
// one is Remedy::retry.
Result<Trial> run_trial(const TrainingRows& rows, const TuningSettings& settings, std::span<const Trial> trials,
                        std::vector<Parameter> parameters, const OnProgress& on_progress = {});

// All of it is computed from all trials; `trials` belongs beside every number.
struct TuningReport {
  std::size_t trials = 0, complete = 0, stopped = 0, failed = 0;
  std::optional<Trial> best;         // lowest loss among the complete ones
  double best_sharpe = 0;            // of its scores, per period
  double expected_best_sharpe = 0;   // of the best of as many trials without skill
  double deflated_sharpe_ratio = 0;  // see overfitting.hpp; NaN where it is not defined
  double overfitting_probability = 0;
};
TuningReport report_on(std::span<const Trial> trials);

// One line of JSON, and back; takes any bytes.
std::string to_json(const Trial& trial);
Result<Trial> parse_trial(std::string_view text);
std::string to_json(const TuningReport& report);

}  // namespace candled::model
