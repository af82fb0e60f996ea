// Prediction: the probability that the price is higher one horizon ahead, and what it suggests.
#pragma once

#include <cstdint>
#include <string>

#include "candled/domain/time.hpp"

namespace candled {

enum class SignalKind : std::uint8_t { hold, buy, sell };

struct Prediction {
  double probability_up = 0.5;  // 0 to 1
  Duration horizon;
  SignalKind signal = SignalKind::hold;  // buy above one half, sell below
  std::string model;                     // name of the model that made it: YYYYMMDD_HHMMSS
};

}  // namespace candled
