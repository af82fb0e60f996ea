#include "candled/model/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/canary.hpp"
#include "model/cross_validation.hpp"
#include "model/importance.hpp"
#include "model/sample.hpp"
#include "model/vote.hpp"

namespace candled::model {
namespace {

constexpr std::size_t predicted_stride = 64;  // rows of a large forest take tens of microseconds each

Result<void> check_settings(const TrainingSettings& s) {
  std::string wrong;
  if (const Result<void> ok = check_algorithm(s.algorithm); !ok) wrong = ok.error().message;
  if (s.embargo.ns < 0) wrong = "embargo must not be negative";
  if (!(s.holdout_share > 0 && s.holdout_share < 1)) wrong = "holdout_share must be between 0 and 1";
  if (s.training_rows_min < 2 || s.holdout_rows_min < 1)
    wrong = "at least 2 training rows and 1 hold-out row are needed";
  if (s.threads < 1) wrong = "threads must be at least 1";
  if (s.seed > INT64_MAX) wrong = "seed must be below 2^63";
  if (s.folds > 50) wrong = "folds must be 0 to 50";
  if (!(s.minority_share_min >= 0 && s.minority_share_min <= 0.5)) wrong = "minority_share_min must be 0 to 0.5";
  if (!wrong.empty()) return refuse("training: " + wrong);
  return {};
}

Result<void> check_shape(const TrainingRows& rows, const TrainingSettings& settings) {
  if (rows.closes.size() != rows.size() || rows.states.size() != rows.size() ||
      rows.features.size() != rows.size() * rows.feature_names.size()) {
    invariant_failed("training rows are ragged");
  }
  if (rows.feature_names.empty()) return refuse("training: there are no features");
  if (rows.size() == 0) return refuse("training: there are no candles");
  const Duration window = rows.open_times.back() - rows.open_times.front() + rows.interval;
  if (settings.horizon >= window) {
    return refuse(fmt::format("training: the horizon of {} is longer than the window of {}", to_text(settings.horizon),
                              to_text(window)));
  }
  return {};
}

Result<void> check_parts(const Sample& training, std::size_t holdout_rows, const TrainingSettings& settings) {
  if (holdout_rows == 0 || holdout_rows < settings.holdout_rows_min) {
    return refuse(fmt::format("training: too few rows: the hold-out has {}, at least {} are needed", holdout_rows,
                              settings.holdout_rows_min));
  }
  const std::size_t learned = training.learnable_rows();
  if (learned < settings.training_rows_min) {
    return refuse(fmt::format("training: too few rows: {} are left to learn from, at least {} are needed", learned,
                              settings.training_rows_min));
  }
  const double up = up_target_share(training);
  if (up == 0.0 || up == 1.0) {
    return refuse(
        fmt::format("training: one class only: all {} training rows are {}", learned, up == 1.0 ? "up" : "not up"));
  }
  return {};
}

// What the walk-forward's predictions say about how to read the model's.
Calibration calibration_of(const OutOfSample& tested, const Sample& training, const Vote& vote,
                           const TrainingSettings& settings, const Stop& stop) {
  const auto classes_only = [&]() -> Calibration {
    if (vote.weighed) return vote.undo_weights;
    return std::monostate{};
  };
  if (tested.positions.size() < settings.calibration_rows_min) return classes_only();
  std::vector<Label> labels;
  for (const std::size_t i : tested.positions) labels.push_back(training.labels[i]);
  // The vote itself is uncalibrated and, where the classes were weighed, still has that in it; so must its map.
  std::vector<double> raw = tested.probabilities;
  if (vote.weighed) {
    const PlattMap again{1, -vote.undo_weights.offset};
    for (double& probability : raw) probability = calibrated(again, probability);
  }
  Calibration fitted = fit_calibration(settings.calibration, raw, labels, stop);
  return kind_of(fitted) == CalibrationKind::none ? classes_only() : fitted;
}

// As many rows are held as moves were flat in the training part.
SignalThresholds thresholds_of(const OutOfSample& tested, const Calibration& calibration, double flat_share) {
  if (flat_share == 0 || tested.positions.empty()) return {};
  std::vector<double> distances;
  for (const double probability : tested.probabilities) {
    distances.push_back(std::abs(calibrated(calibration, probability) - 0.5));
  }
  std::ranges::sort(distances);
  const auto rank = static_cast<std::size_t>(flat_share * static_cast<double>(distances.size()));
  const double distance = distances[std::min(rank, distances.size() - 1)];
  return {0.5 + distance, 0.5 - distance};
}

Result<void> take_parts(const Vote& vote, TrainedModel& model) {
  for (const FittedPart& part : vote.parts) {
    Result<std::string> bytes = part.booster.save();
    if (!bytes) return std::unexpected(bytes.error());
    model.parts.push_back({part.kind, part.weight, *std::move(bytes), part.parameters});
  }
  return {};
}

// Everything that the data and the settings say of the model before anything is fitted.
TrainedModel described(const TrainingRows& rows, const TrainingSettings& settings, const Sample& training) {
  TrainedModel model;
  model.kind = kind_of(settings.algorithm);
  model.feature_names = rows.feature_names;
  model.feature_hash = rows.feature_hash;
  model.unknown_features = never_known(training, rows.feature_names);
  model.interval = rows.interval;
  model.horizon = settings.horizon;
  model.labels = settings.labels;
  const auto learned = [](Label target) { return target != Label::none; };
  const auto first = std::ranges::find_if(training.targets, learned) - training.targets.begin();
  const auto behind = std::find_if(training.targets.rbegin(), training.targets.rend(), learned).base();
  const auto last = behind - training.targets.begin() - 1;
  model.trained_from = training.open_times[static_cast<std::size_t>(first)];
  model.trained_to = training.open_times[static_cast<std::size_t>(last)] + settings.horizon + rows.interval;
  model.training_rows = training.learnable_rows();
  model.seed = settings.seed;
  model.library = library_version();
  model.parent = settings.parent;
  return model;
}

// The predictor that will serve gives the figures, not the library: what is measured is what runs.
Result<std::shared_ptr<const ModelPredictor>> predictor_of(const TrainedModel& model) {
  std::vector<ModelPart> parts;
  for (const TrainedPart& part : model.parts) parts.push_back({part.bytes, part.weight});
  return make_predictor({"", model.feature_hash, model.feature_names.size(), model.horizon}, parts, model.calibration,
                        model.thresholds);
}

void measure_holdout(const TrainingRows& rows, const LabelledSample& all, const Split& split, double training_up_share,
                     const TrainingSettings& settings, const ModelPredictor& predictor, const Stop& stop,
                     TrainedModel& model) {
  const std::size_t begin = split.holdout_begin;
  const std::span<const Timestamp> times = std::span(all.sample.open_times).subspan(begin);
  std::vector<double> probabilities;
  probabilities.reserve(times.size());
  const bool all_said = until_stopped(begin, all.positions.size(), predicted_stride, stop, [&](std::size_t n) {
    probabilities.push_back(predictor.predict(rows.row(all.positions[n])));
  });
  if (!all_said) return;
  const auto horizon_rows = static_cast<std::size_t>(settings.horizon / rows.interval);
  model.metrics = measure({times, probabilities, std::span(all.sample.labels).subspan(begin),
                           std::span(all.directions).subspan(begin), training_up_share},
                          bootstrap_block_rows(times.size(), horizon_rows), settings.seed, stop);
  if (asked_to(stop)) return;
  model.reference.predictions = drift_bins(probabilities);
  if (settings.evaluate_strategies) {
    model.strategies = settings.evaluate_strategies({times, probabilities, model.thresholds, settings.horizon, stop});
  }
}

void describe_columns(const TrainingRows& rows, const LabelledSample& all, const Split& split,
                      const ModelPredictor& predictor, const Stop& stop, TrainedModel& model) {
  model.importance = importance_of(model, rows, std::span(all.positions).subspan(split.holdout_begin), predictor, stop);
  std::vector<double> learned(split.training_end);
  for (std::size_t column = 0; column < rows.feature_names.size() && !asked_to(stop); ++column) {
    for (std::size_t n = 0; n < learned.size(); ++n) learned[n] = rows.row(all.positions[n])[column];
    model.reference.features.push_back(drift_bins(learned));
  }
}

Result<int> total_rounds(const TrainingSettings& settings) {
  const Result<int> validation = cross_validation_rounds_max(settings);
  if (!validation) return validation;
  return *validation + rounds_max(settings.algorithm, settings) + canary_rounds_max(settings);
}

}  // namespace

bool TrainedModel::is_leaking() const {
  return std::ranges::any_of(canaries, [](const CanaryResult& canary) { return !canary.passed(); });
}

Result<TrainedModel> train(const TrainingRows& rows, const TrainingSettings& settings, const OnProgress& on_progress) {
  if (Result<void> ok = check_settings(settings); !ok) return std::unexpected(ok.error());
  if (Result<void> ok = check_shape(rows, settings); !ok) return std::unexpected(ok.error());
  const Result<int> total = total_rounds(settings);
  if (!total) return std::unexpected(total.error());
  Reporter reporter(on_progress, *total);
  const Stop& stop = reporter.stop();
  const Result<LabelledSample> all = labelled_sample(rows, settings.horizon, settings.labels, stop);
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  if (!all) return std::unexpected(all.error());
  const Split split =
      chronological_split(all->sample.open_times, settings.holdout_share, settings.horizon, settings.embargo);
  const Sample training = all->sample.slice(0, split.training_end, stop);
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  if (Result<void> ok = check_parts(training, all->sample.size() - split.holdout_begin, settings); !ok) {
    return std::unexpected(ok.error());
  }
  TrainedModel model = described(rows, settings, training);
  model.purged_rows = split.holdout_begin - split.training_end;
  const auto horizon_rows = static_cast<std::size_t>(settings.horizon / rows.interval);
  const auto directions = std::span(all->directions).first(split.training_end);

  Result<OutOfSample> tested = walk_forward_predictions(training, cheaper(settings.algorithm), settings, reporter);
  if (!tested) return std::unexpected(tested.error());
  model.walk_forward = measured(*tested, training, directions, horizon_rows, settings.seed, stop);
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  Result<std::vector<Metrics>> paths = combinatorial_paths(training, directions, horizon_rows, settings, reporter);
  if (!paths) return std::unexpected(paths.error());
  model.paths = *std::move(paths);

  const Result<Vote> vote = fit_vote(settings.algorithm, training, settings, reporter);
  if (!vote) return std::unexpected(vote.error());
  model.calibration = calibration_of(*tested, training, *vote, settings, stop);
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  const auto flat = static_cast<double>(training.size() - model.training_rows);
  model.flat_rows = settings.labels.dead_zone_bps > 0 ? training.size() - model.training_rows : 0;
  model.thresholds = thresholds_of(*tested, model.calibration,
                                   settings.labels.dead_zone_bps > 0 ? flat / static_cast<double>(training.size()) : 0);
  model.folds = std::move(tested->folds);
  if (Result<void> taken = take_parts(*vote, model); !taken) return std::unexpected(taken.error());

  const Result<std::shared_ptr<const ModelPredictor>> predictor = predictor_of(model);
  if (!predictor) return std::unexpected(predictor.error());
  measure_holdout(rows, *all, split, up_share(training), settings, **predictor, stop, model);
  describe_columns(rows, *all, split, **predictor, stop, model);
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  Result<std::vector<CanaryResult>> canaries = run_canaries(rows, all->sample, settings, reporter);
  if (!canaries) return std::unexpected(canaries.error());
  model.canaries = *std::move(canaries);
  return model;
}

}  // namespace candled::model
