// The strategies of this folder: one file each, its kind here and in the table of strategy.cpp.
#pragma once

#include "candled/trading/strategy.hpp"

namespace candled::trading::strategies {

extern const StrategyKind dynamic;
extern const StrategyKind balanced;
extern const StrategyKind ultra_aggressive;
extern const StrategyKind threshold;
extern const StrategyKind vote_hold;
extern const StrategyKind buy_and_hold;
extern const StrategyKind flat;

}  // namespace candled::trading::strategies
