// CandleSettings: [candles] of the configuration, and the interval that a [[market]] can have of its own.
#pragma once

#include <optional>

#include "candled/domain/time.hpp"

namespace candled {
class Section;
}

namespace candled::candles {

struct CandleSettings {
  Duration interval = Duration::minutes(1);
  Duration grace = Duration::seconds(1);  // 0 to less than every interval: how long a candle waits for stragglers
};

void describe(Section& section, CandleSettings& settings);
void describe_interval(Section& section, std::optional<Duration>& interval);  // of one market; empty: that of [candles]

}  // namespace candled::candles
