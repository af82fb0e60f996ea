#include "candled/model/labels.hpp"

#include <fmt/format.h>

#include <functional>

namespace candled::model {
namespace {

// Calls visit(earlier, later) for each pair of candles that are exactly one horizon apart. Both positions only move
// forward, so this is one pass.
void for_each_pair(std::span<const Timestamp> open_times, Duration horizon,
                   const std::function<void(std::size_t, std::size_t)>& visit) {
  std::size_t later = 0;
  for (std::size_t earlier = 0; earlier < open_times.size(); ++earlier) {
    const Timestamp wanted = open_times[earlier] + horizon;
    while (later < open_times.size() && open_times[later] < wanted) ++later;
    if (later == open_times.size()) return;
    if (open_times[later] == wanted) visit(earlier, later);
  }
}

Result<void> check_history(const CandleHistory& candles, Duration horizon) {
  const std::size_t count = candles.open_times.size();
  if (candles.closes.size() != count || candles.states.size() != count) invariant_failed("candle history is ragged");
  if (candles.interval.ns <= 0) return refuse("the candle interval must be positive");
  if (horizon.ns <= 0 || horizon.ns % candles.interval.ns != 0) {
    return refuse(fmt::format("horizon {} is not a multiple of the candle interval {}", to_text(horizon),
                              to_text(candles.interval)));
  }
  for (std::size_t i = 1; i < count; ++i) {
    if (candles.open_times[i] <= candles.open_times[i - 1]) {
      return refuse(fmt::format("candle times do not ascend at {}", to_iso8601(candles.open_times[i])));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Label>> up_labels(const CandleHistory& candles, Duration horizon) {
  if (const Result<void> ok = check_history(candles, horizon); !ok) return std::unexpected(ok.error());
  std::vector<Label> labels(candles.open_times.size(), Label::none);
  for_each_pair(candles.open_times, horizon, [&](std::size_t now, std::size_t ahead) {
    if (candles.states[now] == CandleState::gap || candles.states[ahead] == CandleState::gap) return;
    labels[now] = candles.closes[ahead] > candles.closes[now] ? Label::up : Label::not_up;
  });
  return labels;
}

std::vector<Label> last_directions(const CandleHistory& candles, std::span<const Label> labels, Duration horizon) {
  if (labels.size() != candles.open_times.size()) invariant_failed("labels belong to other candles");
  std::vector<Label> directions(labels.size(), Label::none);
  for_each_pair(candles.open_times, horizon,
                [&](std::size_t before, std::size_t now) { directions[now] = labels[before]; });
  return directions;
}

}  // namespace candled::model
