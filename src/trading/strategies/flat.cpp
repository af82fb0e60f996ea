// flat: the other benchmark. Never trades; what loses to it should not have traded either.
#include "trading/strategies/strategies.hpp"

namespace candled::trading::strategies {
namespace {

Wish decide(const StrategyView&, std::span<const double>) { return Wish::nothing("never trades"); }

}  // namespace

constinit const StrategyKind flat{"flat", {}, decide, false};

}  // namespace candled::trading::strategies
