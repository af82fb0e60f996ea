// Builds the markets of an exchange: tapes, precisions, the start instant, and the history that is past at it.
#pragma once

#include <vector>

#include "candled/simulator/local_exchange.hpp"
#include "simulator/dialect.hpp"
#include "simulator/simulated_market.hpp"

namespace candled::simulator {

struct OpenedMarkets {
  std::vector<SimulatedMarket> markets;
  Timestamp start;
};

Result<OpenedMarkets> open_markets(const LocalExchangeSettings& settings, const Dialect& dialect);

}  // namespace candled::simulator
