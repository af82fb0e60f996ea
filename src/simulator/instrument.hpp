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

  // The smallest step, in units of a Price and of a Quantity.
  std::int64_t price_step() const { return ten_to_the(Price::decimals - price_decimals); }
  std::int64_t quantity_step() const { return ten_to_the(Quantity::decimals - quantity_decimals); }

 private:
  static std::int64_t ten_to_the(int exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
  }
};

}  // namespace candled::simulator
