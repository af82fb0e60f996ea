#include "candled/model/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "model/json_text.hpp"

namespace candled::model {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? not_a_number : static_cast<double>(part) / static_cast<double>(whole);
}

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double surprise(double probability_up, Label label) {
  const double p = std::clamp(probability_up, 1e-15, 1.0 - 1e-15);
  return label == Label::up ? -std::log(p) : -std::log1p(-p);
}

double squared_error(double probability_up, Label label) {
  const double error = probability_up - (label == Label::up ? 1.0 : 0.0);
  return error * error;
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
  double surprises = 0, errors = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool is_up = scored.labels[i] == Label::up;
    if (is_up) ++up;
    if ((scored.last_directions[i] == Label::up) == is_up) ++went_on;
    surprises += surprise(scored.training_up_share, scored.labels[i]);
    errors += squared_error(scored.training_up_share, scored.labels[i]);
  }
  Baselines baselines;
  baselines.always_up = ratio(up, rows);
  baselines.majority = scored.training_up_share > 0.5 ? ratio(up, rows) : ratio(rows - up, rows);
  baselines.last_direction = ratio(went_on, rows);
  baselines.base_rate_log_loss = surprises / static_cast<double>(rows);
  baselines.base_rate_brier = errors / static_cast<double>(rows);
  return baselines;
}

std::string json_of(const Interval& interval) {
  return json_array({json_number(interval.low), json_number(interval.high)});
}

}  // namespace

double log_loss(std::span<const double> probabilities, std::span<const Label> labels) {
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) sum += surprise(probabilities[i], labels[i]);
  return sum / static_cast<double>(labels.size());
}

double area_under_roc(std::span<const double> probabilities, std::span<const Label> labels) {
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return probabilities[i]; });
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

Metrics measure(const Scored& scored, std::size_t block_rows, std::uint64_t seed) {
  const std::size_t rows = scored.labels.size();
  if (rows == 0 || scored.probabilities.size() != rows || scored.open_times.size() != rows ||
      scored.last_directions.size() != rows) {
    invariant_failed("scored rows are ragged or none");
  }
  std::vector<double> hits(rows), surprises(rows), errors(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    hits[i] = (scored.probabilities[i] > 0.5) == (scored.labels[i] == Label::up) ? 1.0 : 0.0;
    surprises[i] = surprise(scored.probabilities[i], scored.labels[i]);
    errors[i] = squared_error(scored.probabilities[i], scored.labels[i]);
  }
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
  m.auc = area_under_roc(scored.probabilities, scored.labels);
  m.log_loss = mean(surprises);
  m.brier = mean(errors);
  m.accuracy_interval = mean_interval(hits, block_rows, seed);
  m.log_loss_interval = mean_interval(surprises, block_rows, seed);
  m.brier_interval = mean_interval(errors, block_rows, seed);
  m.block_rows = block_rows;
  m.baselines = baselines_of(scored);
  return m;
}

std::string to_json(const Metrics& m) {
  return JsonObject()
      .integer("rows", static_cast<std::int64_t>(m.rows))
      .text("from", to_iso8601(m.from))
      .text("to", to_iso8601(m.to))
      .number("accuracy", m.accuracy)
      .raw("accuracy_interval", json_of(m.accuracy_interval))
      .number("precision", m.precision)
      .number("recall", m.recall)
      .number("f1", m.f1)
      .number("auc", m.auc)
      .number("log_loss", m.log_loss)
      .raw("log_loss_interval", json_of(m.log_loss_interval))
      .number("brier", m.brier)
      .raw("brier_interval", json_of(m.brier_interval))
      .integer("bootstrap_block_rows", static_cast<std::int64_t>(m.block_rows))
      .raw("baselines", JsonObject()
                            .number("majority", m.baselines.majority)
                            .number("last_direction", m.baselines.last_direction)
                            .number("always_up", m.baselines.always_up)
                            .number("base_rate_log_loss", m.baselines.base_rate_log_loss)
                            .number("base_rate_brier", m.baselines.base_rate_brier)
                            .one_line())
      .raw("confusion", JsonObject()
                            .integer("true_up", static_cast<std::int64_t>(m.confusion.true_up))
                            .integer("false_up", static_cast<std::int64_t>(m.confusion.false_up))
                            .integer("true_not_up", static_cast<std::int64_t>(m.confusion.true_not_up))
                            .integer("false_not_up", static_cast<std::int64_t>(m.confusion.false_not_up))
                            .one_line())
      .one_line();
}

}  // namespace candled::model
