// Prediction: the probability that the price is higher one horizon ahead, and what it suggests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "candled/domain/time.hpp"

namespace candled {

enum class SignalKind : std::uint8_t { hold, buy, sell };

// A probability above `buy_above` suggests to buy, one below `sell_below` to sell, and between them to hold.
struct SignalThresholds {
  double buy_above = 0.5, sell_below = 0.5;
  friend bool operator==(const SignalThresholds&, const SignalThresholds&) = default;
};
constexpr SignalKind signal_of(double probability_up, const SignalThresholds& thresholds) {
  if (probability_up > thresholds.buy_above) return SignalKind::buy;
  return probability_up < thresholds.sell_below ? SignalKind::sell : SignalKind::hold;
}

// What a feature adds to the log-odds of one prediction, against the mean over the rows its model was trained on.
struct Contribution {
  std::size_t feature = 0;  // position in the feature list
  double log_odds = 0;
};

struct Prediction {
  double probability_up = 0.5;  // 0 to 1
  Duration horizon;
  SignalKind signal = SignalKind::hold;          // by the model's thresholds
  std::string model;                             // name of the model that made it: YYYYMMDD_HHMMSS
  bool expired = false;                          // the model is too old: no position is opened on it
  std::vector<Contribution> contributions = {};  // what moved it most; empty: not requested, or not available
};

}  // namespace candled
