// The catalogue: every feature by name, and the two lists made from it.
//
// A name is a family's pattern with numbers in place of its capitalised words: "macd_ratio_FAST_SLOW_SIGNAL" makes
// "macd_ratio_12_26_9". Any numbers in range make a feature. Raw indicators carry a price or a volume and are
// for charts; all others are scale-free and may be in the model's list.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::features {

// The part of a candle that a feature reads; where that is not known the feature is NaN.
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
  std::string example;                  // a name with its usual parameters
  std::vector<std::string> parameters;  // "N: 1 to 10000, usually 14"
  std::string unit;
  std::string formula;
  std::string source;
  Need needs;
  int warm_up_candles;  // of the example: the first row that can have a value, counted from 1
  bool for_the_model;   // scale-free
};

// In the order of the catalogue.
std::vector<FamilyInfo> catalogue();

// The model's list when the config gives none.
const std::vector<std::string>& default_features();
// What `export indicators` gives, in the order of its columns: every raw indicator and oscillator, with usual parameters.
const std::vector<std::string>& raw_indicators();

// Whether the last of the names may be in the model's list after the others: known, parameters in range,
// scale-free, not named twice, not more than 1000 of them. The error names it and the nearest valid name.
Result<void> check_last_feature(std::span<const std::string> names);
// The same for each, from the first on.
Result<void> check_features(std::span<const std::string> names);

}  // namespace candled::features
