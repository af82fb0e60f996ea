// Labels: what really happened one horizon after each candle, looked up by the clock and never by counting rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::model {

enum class Label : std::int8_t {
  none = -1,   // not known: the candle or the one that would tell is a gap or absent
  not_up = 0,  // lower or unchanged
  up = 1,
};

// Candles of one market, oldest first; position i of each span belongs to candle i. Owned by the caller.
// Candles may be missing: a time that does not occur is treated like a gap.
struct CandleHistory {
  std::span<const Timestamp> open_times;  // strictly ascending
  std::span<const Price> closes;
  std::span<const CandleState> states;
  Duration interval;
};

// Label i is up where the candle that opens at open_times[i] + horizon closed above closes[i]. Quiet candles count like
// traded ones: nothing traded, so the price stood still. Refuses a horizon that is not a positive multiple of the
// interval and times that do not ascend.
Result<std::vector<Label>> up_labels(const CandleHistory& candles, Duration horizon);

// The same seen from the other end: direction i is up where closes[i] is above the close one horizon before it. It is
// known at the close of candle i; "it goes on as it went" is the baseline that predicts it. `labels` are those of
// up_labels for the same candles and horizon.
std::vector<Label> last_directions(const CandleHistory& candles, std::span<const Label> labels, Duration horizon);

}  // namespace candled::model
