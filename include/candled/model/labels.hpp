// Labels: what happened one horizon after each candle, looked up by time and never by counting rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/stop.hpp"
#include "candled/domain/time.hpp"

namespace candled::model {

enum class Label : std::int8_t {
  none = -1,   // not known: the candle or the one a horizon later is unknown or absent
  not_up = 0,  // lower or unchanged
  up = 1,
};

// Candles of one market, oldest first; position i of each span belongs to candle i. Owned by the caller.
// Candles may be missing: a missing time counts as an unknown candle.
struct CandleHistory {
  std::span<const Timestamp> open_times;  // strictly ascending
  std::span<const Price> closes;
  std::span<const CandleState> states;
  Duration interval;
  std::span<const Price> highs{}, lows{};  // may be empty: the closes then stand for them
};

// Label i is up where the candle that opens at open_times[i] + horizon closed above closes[i]. Quiet candles count like
// traded ones: nothing traded, so the price did not change. Refuses a horizon that is not a positive multiple of the
// interval and times that do not ascend.
Result<std::vector<Label>> up_labels(const CandleHistory& candles, Duration horizon);

// The same looking back: direction i is up where closes[i] is above the close one horizon before it. It is
// known at the close of candle i; the baseline "last direction" predicts that it continues. `labels` are those of
// up_labels for the same candles and horizon.
std::vector<Label> last_directions(const CandleHistory& candles, std::span<const Label> labels, Duration horizon);

// What a model is trained on. It is always measured on up_labels, as stored predictions are, so models with different labels can be
// compared.
struct LabelSettings {
  // A move of at most this many basis points of the close, either way, is flat: not used in training, and the class `hold`
  // of signals.
  double dead_zone_bps = 0;
  // Triple barrier (Lopez de Prado, Advances in Financial Machine Learning, 3.3): up where the price reaches the profit
  // barrier first, not up where it reaches the loss barrier first (or both in one candle), and otherwise the sign of
  // the move when the horizon ends, which may be flat.
  struct Barriers {
    double profit_bps = 20, loss_bps = 20;
  };
  std::optional<Barriers> barriers;
  // Overlapping labels repeat information: weigh each by its average uniqueness.
  bool uniqueness_weights = true;
};

struct LearningLabel {
  Label label = Label::none;
  bool flat = false;        // known, and within the dead zone; label is none
  std::size_t settled = 0;  // position of the candle at whose close the label is known; at most one horizon ahead
};

// Refuses what up_labels refuses, and settings that are negative or not finite. A barrier label is none where a candle
// on the way to its end is unknown or missing. A stop leaves the rest without labels.
Result<std::vector<LearningLabel>> learning_labels(const CandleHistory& candles, Duration horizon,
                                                   const LabelSettings& settings, const Stop& stop = {});

// Average uniqueness (the same book, 4.2 to 4.4): the mean over the candles that a label spans of one over the number of
// labels that span that candle; scaled to a mean of 1 over the rows with a label. Rows without one get 0.
std::vector<double> uniqueness_weights(std::span<const LearningLabel> labels);

}  // namespace candled::model
