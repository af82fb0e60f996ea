#include "candled/model/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "candled/model/validation.hpp"
#include "model/fit.hpp"

namespace candled::model {
namespace {

using Algorithm = std::variant<GbdtSettings, ForestSettings>;

std::string check(const GbdtSettings& s) {
  if (s.rounds < 1 || s.rounds > 10'000) return "rounds must be 1 to 10000";
  if (s.rounds_min < 1) return "rounds_min must be at least 1";
  if (s.patience < 1) return "patience must be at least 1";
  if (!(s.stopping_share > 0 && s.stopping_share < 1)) return "stopping_share must be between 0 and 1";
  if (s.depth < 1 || s.depth > 16) return "depth must be 1 to 16";
  if (!(s.eta > 0 && s.eta <= 1)) return "eta must be above 0, at most 1";
  if (!(s.row_share > 0 && s.row_share <= 1)) return "row_share must be above 0, at most 1";
  if (!(s.column_share > 0 && s.column_share <= 1)) return "column_share must be above 0, at most 1";
  if (!(s.child_weight_min >= 0 && s.child_weight_min < 1e9)) return "child_weight_min must not be negative";
  return {};
}

std::string check(const ForestSettings& s) {
  if (s.trees < 1 || s.trees > 10'000) return "trees must be 1 to 10000";
  if (s.depth < 1 || s.depth > 16) return "depth must be 1 to 16";
  if (!(s.row_share > 0 && s.row_share <= 1)) return "row_share must be above 0, at most 1";
  if (!(s.column_share > 0 && s.column_share <= 1)) return "column_share must be above 0, at most 1";
  if (!(s.child_weight_min >= 0 && s.child_weight_min < 1e9)) return "child_weight_min must not be negative";
  return {};
}

Result<void> check_settings(const TrainingSettings& s) {
  std::string wrong = std::visit([](const auto& algorithm) { return check(algorithm); }, s.algorithm);
  if (s.embargo.ns < 0) wrong = "embargo must not be negative";
  if (!(s.holdout_share > 0 && s.holdout_share < 1)) wrong = "holdout_share must be between 0 and 1";
  if (s.training_rows_min < 2 || s.holdout_rows_min < 1)
    wrong = "at least 2 training rows and 1 hold-out row are needed";
  if (s.threads < 1) wrong = "threads must be at least 1";
  if (s.seed > INT64_MAX) wrong = "seed must be below 2^63";
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

bool has_known_value(std::span<const double> row) {
  return std::ranges::any_of(row, [](double value) { return !std::isnan(to_library_value(value)); });
}

// Rows to learn from or to be measured on: labelled, with something known. Positions in TrainingRows.
Result<std::vector<std::size_t>> usable_rows(const TrainingRows& rows, std::span<const Label> labels) {
  std::vector<std::size_t> usable;
  std::size_t labelled = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (labels[i] == Label::none) continue;
    ++labelled;
    if (has_known_value(rows.row(i))) usable.push_back(i);
  }
  if (labelled == 0) {
    return refuse(fmt::format("training: none of {} candles has a label (the price one horizon later is not known)",
                              rows.size()));
  }
  if (usable.empty())
    return refuse(fmt::format("training: all features of all {} labelled rows are unknown", labelled));
  return usable;
}

Sample sample_of(const TrainingRows& rows, std::span<const Label> labels, std::span<const std::size_t> positions) {
  Sample sample;
  sample.columns = rows.feature_names.size();
  sample.values.reserve(positions.size() * sample.columns);
  for (const std::size_t i : positions) {
    for (const double value : rows.row(i)) sample.values.push_back(to_library_value(value));
    sample.labels.push_back(labels[i]);
    sample.open_times.push_back(rows.open_times[i]);
  }
  return sample;
}

std::vector<std::string> never_known(const Sample& sample, const std::vector<std::string>& names) {
  std::vector<std::string> unknown;
  for (std::size_t column = 0; column < names.size(); ++column) {
    bool known = false;
    for (std::size_t row = 0; row < sample.size() && !known; ++row) {
      known = !std::isnan(sample.values[row * sample.columns + column]);
    }
    if (!known) unknown.push_back(names[column]);
  }
  return unknown;
}

Result<void> check_parts(const Sample& training, const Sample& holdout, const TrainingSettings& settings) {
  if (holdout.size() == 0 || holdout.size() < settings.holdout_rows_min) {
    return refuse(fmt::format("training: too few rows: the hold-out has {}, at least {} are needed", holdout.size(),
                              settings.holdout_rows_min));
  }
  if (training.size() < settings.training_rows_min) {
    return refuse(fmt::format("training: too few rows: {} are left to learn from, at least {} are needed",
                              training.size(), settings.training_rows_min));
  }
  const double up = up_share(training);
  if (up == 0.0 || up == 1.0) {
    return refuse(fmt::format("training: one class only: all {} training rows are {}", training.size(),
                              up == 1.0 ? "up" : "not up"));
  }
  return {};
}

Result<Metrics> measure_on(const Fit& fitted, const Sample& holdout, std::span<const Label> directions,
                           double training_up_share, const TrainingRows& rows, const TrainingSettings& settings) {
  const Result<Matrix> matrix = to_matrix(holdout, settings.threads);
  if (!matrix) return std::unexpected(matrix.error());
  const Result<std::vector<double>> probabilities = fitted.booster.predict(*matrix);
  if (!probabilities) return std::unexpected(probabilities.error());
  const auto horizon_rows = static_cast<std::size_t>(settings.horizon / rows.interval);
  return measure({holdout.open_times, *probabilities, holdout.labels, directions, training_up_share},
                 bootstrap_block_rows(holdout.size(), horizon_rows), settings.seed);
}

}  // namespace

Result<Algorithm> algorithm_named(std::string_view kind) {
  if (kind == "gbdt") return GbdtSettings{};
  if (kind == "forest") return ForestSettings{};
  return refuse(fmt::format("unknown model kind '{}' (gbdt or forest)", kind.substr(0, 64)));
}

std::string_view kind_of(const Algorithm& algorithm) {
  return std::holds_alternative<GbdtSettings>(algorithm) ? "gbdt" : "forest";
}

Result<TrainedModel> train(const TrainingRows& rows, const TrainingSettings& settings, const OnProgress& on_progress) {
  if (Result<void> ok = check_settings(settings); !ok) return std::unexpected(ok.error());
  if (Result<void> ok = check_shape(rows, settings); !ok) return std::unexpected(ok.error());
  const Result<std::vector<Label>> labels = up_labels(rows.candles(), settings.horizon);
  if (!labels) return refuse("training: " + labels.error().message);
  const Result<std::vector<std::size_t>> usable = usable_rows(rows, *labels);
  if (!usable) return std::unexpected(usable.error());

  const Sample all = sample_of(rows, *labels, *usable);
  const Split split = chronological_split(all.open_times, settings.holdout_share, settings.horizon, settings.embargo);
  const Sample training = all.slice(0, split.training_end);
  const Sample holdout = all.slice(split.holdout_begin, all.size());
  if (Result<void> ok = check_parts(training, holdout, settings); !ok) return std::unexpected(ok.error());

  const Result<Fit> fitted = std::visit(
      [&](const auto& algorithm) { return fit(algorithm, training, settings, on_progress); }, settings.algorithm);
  if (!fitted) return std::unexpected(fitted.error());

  const std::vector<Label> all_directions = last_directions(rows.candles(), *labels, settings.horizon);
  std::vector<Label> directions;
  for (const std::size_t i : std::span(*usable).subspan(split.holdout_begin)) directions.push_back(all_directions[i]);
  Result<Metrics> metrics = measure_on(*fitted, holdout, directions, up_share(training), rows, settings);
  if (!metrics) return std::unexpected(metrics.error());
  Result<std::string> bytes = fitted->booster.save();
  if (!bytes) return std::unexpected(bytes.error());

  TrainedModel model;
  model.kind = kind_of(settings.algorithm);
  model.bytes = *std::move(bytes);
  model.feature_names = rows.feature_names;
  model.feature_hash = rows.feature_hash;
  model.unknown_features = never_known(training, rows.feature_names);
  model.interval = rows.interval;
  model.horizon = settings.horizon;
  model.trained_from = training.open_times.front();
  model.trained_to = training.open_times.back() + settings.horizon + rows.interval;
  model.training_rows = training.size();
  model.purged_rows = split.holdout_begin - split.training_end;
  model.parameters = fitted->parameters;
  model.seed = settings.seed;
  model.library = library_version();
  model.metrics = *std::move(metrics);
  return model;
}

}  // namespace candled::model
