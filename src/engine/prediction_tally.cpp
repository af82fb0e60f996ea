#include "engine/prediction_tally.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace candled::engine {
namespace {

constexpr std::size_t bins = 10;
constexpr std::uint64_t seed = 1;

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

trading::Interval95 interval_of(const std::vector<double>& values, std::size_t block) {
  const model::Interval interval = model::mean_interval(values, block, seed);
  return {interval.low, interval.high};
}

model::Label label_of(bool up) { return up ? model::Label::up : model::Label::not_up; }

std::vector<model::CalibrationBin> calibration_of(const std::vector<double>& probabilities,
                                                  const std::vector<model::Label>& labels) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return probabilities[i]; });
  std::vector<model::CalibrationBin> curve;
  for (std::size_t b = 0; b < bins; ++b) {
    const std::size_t begin = order.size() * b / bins, end = order.size() * (b + 1) / bins;
    if (begin == end) continue;
    model::CalibrationBin bin;
    bin.rows = end - begin;
    for (std::size_t i = begin; i < end; ++i) {
      bin.mean_probability += probabilities[order[i]];
      bin.up_share += labels[order[i]] == model::Label::up ? 1 : 0;
    }
    bin.mean_probability /= static_cast<double>(bin.rows);
    bin.up_share /= static_cast<double>(bin.rows);
    curve.push_back(bin);
  }
  return curve;
}

}  // namespace

void PredictionTally::see(const CandleReport& report) {
  const Candle& candle = report.candle;
  Seen seen{candle.open_time, candle.state == CandleState::gap ? Price{} : candle.close, 0.5, {}};
  if (report.prediction) {
    seen.probability_up = report.prediction->probability_up;
    seen.horizon = horizon_ = report.prediction->horizon;
    ++predictions_;
  }
  seen_.push_back(seen);
  while (!seen_.empty() && seen_.front().open_time < candle.open_time - horizon_ * 2) seen_.pop_front();
  if (!seen.close.is_positive() || horizon_.ns == 0) return;
  // The candle one horizon ago, whose outcome this one is.
  const auto then = std::ranges::lower_bound(seen_, candle.open_time - horizon_, {}, &Seen::open_time);
  if (then == seen_.end() || then->open_time != candle.open_time - horizon_ || then->horizon != horizon_ ||
      !then->close.is_positive())
    return;
  if (!std::isfinite(then->probability_up)) return;
  const std::optional<Price> before = close_at(then->open_time - horizon_);
  rows_.push_back(
      {static_cast<float>(then->probability_up), seen.close > then->close, before && then->close > *before});
}

std::optional<Price> PredictionTally::close_at(Timestamp open_time) const {
  const auto found = std::ranges::lower_bound(seen_, open_time, {}, &Seen::open_time);
  if (found == seen_.end() || found->open_time != open_time || !found->close.is_positive()) return std::nullopt;
  return found->close;
}

PredictionScore PredictionTally::score() const {
  PredictionScore score;
  score.predictions = predictions_;
  score.rows = static_cast<std::int64_t>(rows_.size());
  if (rows_.empty()) return score;
  double ups = 0, went_on = 0;
  for (const Row& row : rows_) {
    ups += row.up ? 1 : 0;
    went_on += row.up == row.went_up ? 1 : 0;
  }
  const auto count = static_cast<double>(rows_.size());
  score.up_share = ups / count;
  score.majority = std::max(score.up_share, 1 - score.up_share);
  score.last_direction = went_on / count;
  rank(score);

  const std::size_t block = model::bootstrap_block_rows(
      rows_.size(), static_cast<std::size_t>(std::max<std::int64_t>(1, horizon_ / interval_)));
  // One figure after the other: each needs a number a row.
  std::vector<double> values(rows_.size());
  const auto measure = [&](double& figure, trading::Interval95& interval, auto value_of) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      values[i] = value_of(static_cast<double>(row.probability_up), label_of(row.up));
    }
    figure = mean(values);
    interval = interval_of(values, block);
  };
  measure(score.accuracy, score.accuracy_interval,
          [](double p, model::Label label) { return (p > 0.5) == (label == model::Label::up) ? 1.0 : 0.0; });
  measure(score.log_loss, score.log_loss_interval,
          [](double p, model::Label label) { return model::log_loss(p, label); });
  measure(score.skill, score.skill_interval, [&](double p, model::Label label) {
    return model::log_loss(score.up_share, label) - model::log_loss(p, label);
  });
  measure(score.brier, score.brier_interval,
          [](double p, model::Label label) { return model::squared_error(p, label); });
  score.base_rate_log_loss = score.log_loss + score.skill;
  return score;
}

void PredictionTally::rank(PredictionScore& score) const {
  std::vector<double> probabilities;
  std::vector<model::Label> labels;
  probabilities.reserve(rows_.size());
  labels.reserve(rows_.size());
  for (const Row& row : rows_) {
    probabilities.push_back(static_cast<double>(row.probability_up));
    labels.push_back(label_of(row.up));
  }
  score.auc = model::area_under_roc(probabilities, labels);
  score.calibration = calibration_of(probabilities, labels);
}

}  // namespace candled::engine
