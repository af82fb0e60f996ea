#include "candled/model/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "model/arithmetic.hpp"

namespace candled::model {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? not_a_number : static_cast<double>(part) / static_cast<double>(whole);
}

Confusion confusion_of(std::span<const double> probabilities, std::span<const Label> labels) {
  Confusion counts;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool said_up = probabilities[i] > 0.5;
    if (labels[i] == Label::up) {
      ++(said_up ? counts.true_up : counts.false_not_up);
    } else {
      ++(said_up ? counts.false_up : counts.true_not_up);
    }
  }
  return counts;
}

Baselines baselines_of(const Scored& scored) {
  const std::size_t rows = scored.labels.size();
  std::size_t up = 0, went_on = 0;
  double log_losses = 0, errors = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool is_up = scored.labels[i] == Label::up;
    if (is_up) ++up;
    if ((scored.last_directions[i] == Label::up) == is_up) ++went_on;
    log_losses += log_loss(scored.training_up_share, scored.labels[i]);
    errors += squared_error(scored.training_up_share, scored.labels[i]);
  }
  Baselines baselines;
  baselines.always_up = ratio(up, rows);
  baselines.majority = scored.training_up_share > 0.5 ? ratio(up, rows) : ratio(rows - up, rows);
  baselines.last_direction = ratio(went_on, rows);
  baselines.base_rate_log_loss = log_losses / static_cast<double>(rows);
  baselines.base_rate_brier = errors / static_cast<double>(rows);
  return baselines;
}

std::vector<std::size_t> by_probability(std::span<const double> probabilities) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return probabilities[i]; });
  return order;
}

constexpr std::size_t curve_bins = 10;

std::vector<CalibrationBin> curve_of(const Scored& scored) {
  const std::vector<std::size_t> order = by_probability(scored.probabilities);
  const std::size_t bins = std::min(curve_bins, order.size());
  std::vector<CalibrationBin> curve(bins);
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    CalibrationBin& bin = curve[rank * bins / order.size()];
    bin.mean_probability += scored.probabilities[order[rank]];
    bin.up_share += scored.labels[order[rank]] == Label::up ? 1.0 : 0.0;
    ++bin.rows;
  }
  for (CalibrationBin& bin : curve) {
    bin.mean_probability /= static_cast<double>(bin.rows);
    bin.up_share /= static_cast<double>(bin.rows);
  }
  return curve;
}

// Row by row, what the resamples weigh.
struct RowScores {
  std::vector<double> hits, log_losses, errors, skills;
};

RowScores row_scores(const Scored& scored) {
  RowScores scores;
  for (std::size_t i = 0; i < scored.labels.size(); ++i) {
    const double p = scored.probabilities[i];
    const Label label = scored.labels[i];
    scores.hits.push_back((p > 0.5) == (label == Label::up) ? 1.0 : 0.0);
    scores.log_losses.push_back(log_loss(p, label));
    scores.errors.push_back(squared_error(p, label));
    scores.skills.push_back(log_loss(scored.training_up_share, label) - scores.log_losses.back());
  }
  return scores;
}

// Area under the curve where row i stands there counts[i] times. The order ascends by probability.
double resampled_auc(const Scored& scored, std::span<const std::size_t> order, std::span<const std::uint32_t> counts) {
  double pairs = 0, ups = 0, not_ups = 0;  // pairs in order, ties one half
  for (std::size_t begin = 0; begin < order.size();) {
    const double p = scored.probabilities[order[begin]];
    double up_here = 0, not_up_here = 0;
    std::size_t end = begin;
    for (; end < order.size() && scored.probabilities[order[end]] == p; ++end) {
      (scored.labels[order[end]] == Label::up ? up_here : not_up_here) += counts[order[end]];
    }
    pairs += up_here * (not_ups + not_up_here / 2);
    ups += up_here;
    not_ups += not_up_here;
    begin = end;
  }
  return ups == 0 || not_ups == 0 ? not_a_number : pairs / (ups * not_ups);
}

struct Resampled {
  std::vector<double> accuracy, precision, recall, f1, auc, log_loss, brier, skill;
};

Resampled resample(const Scored& scored, const RowScores& scores, std::size_t block_rows, std::uint64_t seed,
                   const Stop& stop) {
  const std::vector<std::size_t> order = by_probability(scored.probabilities);
  const std::size_t rows = scored.labels.size();
  Resampled out;
  const auto weigh = [&](std::span<const std::uint32_t> counts) {
    double hits = 0, log_losses = 0, errors = 0, skills = 0;
    std::size_t true_up = 0, false_up = 0, false_not_up = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const double count = counts[i];
      hits += count * scores.hits[i];
      log_losses += count * scores.log_losses[i];
      errors += count * scores.errors[i];
      skills += count * scores.skills[i];
      const bool said_up = scored.probabilities[i] > 0.5;
      if (scored.labels[i] == Label::up) {
        (said_up ? true_up : false_not_up) += counts[i];
      } else if (said_up) {
        false_up += counts[i];
      }
    }
    const double all = static_cast<double>(rows);
    out.accuracy.push_back(hits / all);
    out.log_loss.push_back(log_losses / all);
    out.brier.push_back(errors / all);
    out.skill.push_back(skills / all);
    out.precision.push_back(ratio(true_up, true_up + false_up));
    out.recall.push_back(ratio(true_up, true_up + false_not_up));
    out.f1.push_back(ratio(2 * true_up, 2 * true_up + false_up + false_not_up));
    out.auc.push_back(resampled_auc(scored, order, counts));
  };
  for_each_resample(rows, block_rows, seed, weigh, stop);
  return out;
}

}  // namespace

double log_loss(double probability_up, Label label) {
  const double p = std::clamp(probability_up, 1e-15, 1.0 - 1e-15);
  return label == Label::up ? -std::log(p) : -std::log1p(-p);
}

double squared_error(double probability_up, Label label) {
  const double error = probability_up - (label == Label::up ? 1.0 : 0.0);
  return error * error;
}

double log_loss(std::span<const double> probabilities, std::span<const Label> labels) {
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) sum += log_loss(probabilities[i], labels[i]);
  return sum / static_cast<double>(labels.size());
}

double area_under_roc(std::span<const double> probabilities, std::span<const Label> labels) {
  const std::vector<std::size_t> order = by_probability(probabilities);
  // Sum of the ranks of the up rows; rows of equal probability share their mean rank.
  double up_rank_sum = 0, up = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    double up_here = 0;
    for (; end < order.size() && probabilities[order[end]] == probabilities[order[begin]]; ++end) {
      up_here += labels[order[end]] == Label::up ? 1.0 : 0.0;
    }
    up_rank_sum += up_here * (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2.0;
    up += up_here;
    begin = end;
  }
  const double not_up = static_cast<double>(order.size()) - up;
  if (up == 0 || not_up == 0) return not_a_number;
  return (up_rank_sum - up * (up + 1) / 2.0) / (up * not_up);
}

Metrics measure(const Scored& scored, std::size_t block_rows, std::uint64_t seed, const Stop& stop) {
  const std::size_t rows = scored.labels.size();
  if (rows == 0 || scored.probabilities.size() != rows || scored.open_times.size() != rows ||
      scored.last_directions.size() != rows) {
    invariant_failed("scored rows are ragged or none");
  }
  const RowScores scores = row_scores(scored);
  Metrics m;
  m.rows = rows;
  m.from = scored.open_times.front();
  m.to = scored.open_times.back();
  m.confusion = confusion_of(scored.probabilities, scored.labels);
  const Confusion& c = m.confusion;
  m.accuracy = ratio(c.true_up + c.true_not_up, rows);
  m.precision = ratio(c.true_up, c.true_up + c.false_up);
  m.recall = ratio(c.true_up, c.true_up + c.false_not_up);
  m.f1 = ratio(2 * c.true_up, 2 * c.true_up + c.false_up + c.false_not_up);
  if (asked_to(stop)) return m;
  m.auc = area_under_roc(scored.probabilities, scored.labels);
  if (asked_to(stop)) return m;
  m.log_loss = mean(scores.log_losses);
  m.brier = mean(scores.errors);
  m.skill = mean(scores.skills);
  Resampled resampled = resample(scored, scores, block_rows, seed, stop);
  if (asked_to(stop)) return m;
  m.accuracy_interval = percentile_interval(std::move(resampled.accuracy));
  m.precision_interval = percentile_interval(std::move(resampled.precision));
  m.recall_interval = percentile_interval(std::move(resampled.recall));
  m.f1_interval = percentile_interval(std::move(resampled.f1));
  m.auc_interval = percentile_interval(std::move(resampled.auc));
  m.log_loss_interval = percentile_interval(std::move(resampled.log_loss));
  m.brier_interval = percentile_interval(std::move(resampled.brier));
  m.skill_interval = percentile_interval(std::move(resampled.skill));
  m.block_rows = block_rows;
  m.baselines = baselines_of(scored);
  m.calibration_curve = curve_of(scored);
  return m;
}

}  // namespace candled::model
