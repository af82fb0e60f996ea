// flat: the other benchmark. Never trades; what loses to it should not have traded either.
#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {
namespace {

OrderIntent decide(const StrategyView&, std::span<const double>) { return OrderIntent::nothing("never trades"); }

}  // namespace

constinit const StrategyKind flat{"flat", {}, decide, false};

}  // namespace candled::trading::strategies
