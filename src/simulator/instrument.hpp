// Instrument: a market as an exchange lists it: what it is called on the stream, and how finely prices and quantities are told.
#pragma once

#include <cstdint>
#include <string>

#include "candled/domain/trade.hpp"

namespace candled::simulator {

struct Instrument {
  std::string symbol = {};       // BTC/USD
  std::string stream_name = {};  // what WebSocket messages call it
  int price_decimals = 5;
  int quantity_decimals = 8;
  double usual_price = 100;  // where a synthetic market begins

  // In whole steps of the last decimal that is told.
  std::int64_t ticks_of(Price price) const {
    return static_cast<std::int64_t>(price.finest_units() / wide_power_of_ten(Price::finest - price_decimals));
  }
  std::int64_t steps_of(Quantity quantity) const {
    return static_cast<std::int64_t>(quantity.finest_units() / wide_power_of_ten(Quantity::finest - quantity_decimals));
  }
};

}  // namespace candled::simulator
