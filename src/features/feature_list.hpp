// The catalogue of feature families: what a feature is called, what it means and how it is read from the indicators.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "candled/features/bar.hpp"
#include "features/indicator_pool.hpp"

namespace candled::features {

// Reads one number of a row; the indicators are up to date with the bar.
using Column = std::function<double(const Bar&)>;

struct FeatureFamily {
  std::string name;                                // "rsi"; a feature's name is this and its parameters: "rsi_14"
  std::vector<Parameters> defaults;                // the parameter sets of the default list
  std::string unit;
  std::string formula;
  std::function<int(const Parameters&)> warm_up_candles;
  std::function<Column(IndicatorPool&, const Parameters&)> make;
};

// Counts up when a formula changes without its name.
inline constexpr int feature_list_version = 1;

// The catalogue, in the order of a row.
std::vector<FeatureFamily> feature_families();

}  // namespace candled::features
