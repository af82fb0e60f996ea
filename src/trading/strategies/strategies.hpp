// The strategies of this folder: one file each, one line here and one in the table.
#pragma once

#include "candled/trading/strategy.hpp"

namespace candled::trading::strategies {

Wish dynamic(const StrategyView& view);
Wish balanced(const StrategyView& view);
Wish ultra_aggressive(const StrategyView& view);

}  // namespace candled::trading::strategies
