#include <fmt/format.h>

#include <cmath>

#include "candled/model/labels.hpp"

namespace candled::model {
namespace {

constexpr double basis_points = 1e4;

bool is_band(double bps) { return bps >= 0 && bps < basis_points; }

std::span<const Price> or_closes(std::span<const Price> prices, const CandleHistory& candles) {
  if (prices.empty()) return candles.closes;
  if (prices.size() != candles.closes.size()) invariant_failed("candle history is ragged");
  return prices;
}

double move_bps(Price from, Price to) { return (to.to_double() - from.to_double()) / from.to_double() * basis_points; }

// Up or not by the whole move, flat within the dead zone. Without a zone the integers decide, as in up_labels.
void settle(LearningLabel& label, Price from, Price to, double dead_zone_bps) {
  label.flat = dead_zone_bps > 0 && std::abs(move_bps(from, to)) <= dead_zone_bps;
  label.label = label.flat ? Label::none : to > from ? Label::up : Label::not_up;
}

// Follows the candles from `begin` on until a barrier or the horizon ends the label.
LearningLabel barrier_label(const CandleHistory& candles, std::span<const Price> highs, std::span<const Price> lows,
                            std::size_t begin, Duration horizon, const LabelSettings& settings) {
  LearningLabel label;
  const Price entry = candles.closes[begin];
  const Timestamp end = candles.open_times[begin] + horizon;
  if (candles.states[begin] == CandleState::gap) return label;
  Timestamp expected = candles.open_times[begin] + candles.interval;
  for (std::size_t i = begin + 1; i < candles.open_times.size() && expected <= end; ++i) {
    if (candles.open_times[i] != expected || candles.states[i] == CandleState::gap) return label;
    label.settled = i;
    const bool lost = move_bps(entry, lows[i]) <= -settings.barriers->loss_bps;
    const bool won = move_bps(entry, highs[i]) >= settings.barriers->profit_bps;
    if (lost || won) {
      // Which came first inside one candle is not known: assume the worse.
      label.label = lost ? Label::not_up : Label::up;
      return label;
    }
    if (expected == end) settle(label, entry, candles.closes[i], settings.dead_zone_bps);
    expected = expected + candles.interval;
  }
  return label;
}

}  // namespace

Result<std::vector<LearningLabel>> learning_labels(const CandleHistory& candles, Duration horizon,
                                                   const LabelSettings& settings, const Stop& stop) {
  const Result<std::vector<Label>> up = up_labels(candles, horizon);
  if (!up) return std::unexpected(up.error());
  if (!is_band(settings.dead_zone_bps)) return refuse("dead_zone_bps must be 0 to 10000");
  if (settings.barriers && (!is_band(settings.barriers->profit_bps) || !is_band(settings.barriers->loss_bps) ||
                            settings.barriers->profit_bps == 0 || settings.barriers->loss_bps == 0)) {
    return refuse("the barriers must be above 0 and below 10000 basis points");
  }
  const std::size_t count = candles.open_times.size();
  std::vector<LearningLabel> labels(count);
  if (settings.barriers) {
    const std::span<const Price> highs = or_closes(candles.highs, candles), lows = or_closes(candles.lows, candles);
    until_stopped(0, count, 64, stop,
                  [&](std::size_t i) { labels[i] = barrier_label(candles, highs, lows, i, horizon, settings); });
    return labels;
  }
  std::size_t later = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if ((*up)[i] == Label::none) continue;
    while (candles.open_times[later] < candles.open_times[i] + horizon) ++later;
    labels[i].settled = later;
    settle(labels[i], candles.closes[i], candles.closes[later], settings.dead_zone_bps);
  }
  return labels;
}

std::vector<double> uniqueness_weights(std::span<const LearningLabel> labels) {
  const std::size_t count = labels.size();
  // How many labels span each candle: one up at the candle behind the row, one down behind the last.
  std::vector<double> spanning(count + 1, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    if (labels[i].label == Label::none) continue;
    spanning[i + 1] += 1;
    if (labels[i].settled + 1 <= count) spanning[labels[i].settled + 1] -= 1;
  }
  std::vector<double> shares(count + 1, 0.0);  // prefix sums of one over that number
  double here = 0;
  for (std::size_t i = 0; i < count; ++i) {
    here += spanning[i];
    shares[i + 1] = shares[i] + (here > 0 ? 1.0 / here : 0.0);
  }
  std::vector<double> weights(count, 0.0);
  double sum = 0, labelled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (labels[i].label == Label::none) continue;
    const std::size_t end = labels[i].settled + 1;
    weights[i] = (shares[end] - shares[i + 1]) / static_cast<double>(end - i - 1);
    sum += weights[i];
    labelled += 1;
  }
  if (labelled > 0) {
    for (double& weight : weights) weight *= labelled / sum;
  }
  return weights;
}

}  // namespace candled::model
