// ReleasedTrade: a trade on its way to clients.
#pragma once

#include <cstddef>

#include "candled/domain/trade.hpp"
#include "simulator/instrument.hpp"

namespace candled::simulator {

struct ReleasedTrade {
  std::size_t market;
  const Instrument* instrument;
  Trade trade;
  bool exponents = false;  // fault: numbers in exponent form, where the exchange's JSON has numbers
};

}  // namespace candled::simulator
