// The catalogue: every feature there is, by name, and the two lists made of it.
//
// A name is a family's pattern with numbers in the place of its words in capitals: "macd_ratio_FAST_SLOW_SIGNAL" makes
// "macd_ratio_12_26_9". Any numbers in range make a feature. Raw indicators carry a price or a volume with them and are
// for charts; all others are free of scale and may stand in the model's list.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::features {

// What of a candle a feature reads; where that is not known the feature is NaN.
enum class Need {
  candles,       // open, high, low, close, volume: every candle has them
  trade_counts,  // the number of trades
  sides,         // taker bought volume
  tape,          // what is counted from single trades
  tape_sides,    // both of the last
  book,          // an order book
};
const char* to_text(Need need);

struct FamilyInfo {
  std::string pattern;
  std::string example;      // a name with its usual parameters
  std::vector<std::string> parameters;  // "N: 1 to 10000, usually 14"
  std::string unit;
  std::string formula;
  std::string source;
  Need needs;
  int warm_up_candles;      // of the example: the first row that can have a value, counted from 1
  bool for_the_model;       // free of scale
};

// In the order of the catalogue.
std::vector<FamilyInfo> catalogue();

// The model's list when the config gives none.
const std::vector<std::string>& default_features();
// What `export indicators` gives, in the order of its columns: every raw indicator and oscillator, with usual parameters.
const std::vector<std::string>& raw_indicators();

// Whether the last of the names may stand in the model's list behind the others: known, parameters in range, free of
// scale, not named twice, not more than 1000 of them. The error names it and the nearest name that may.
Result<void> check_last_feature(std::span<const std::string> names);
// The same for each, from the first on.
Result<void> check_features(std::span<const std::string> names);

}  // namespace candled::features
