// The shape of the newest candle.
#include <algorithm>

#include "features/family.hpp"

namespace candled::features {
namespace {

double body(const Bar& bar) { return bar.close - bar.open; }
double upper_wick(const Bar& bar) { return bar.high - std::max(bar.open, bar.close); }
double lower_wick(const Bar& bar) { return std::min(bar.open, bar.close) - bar.low; }

template <double (*Part)(const Bar&)>
Column per_range(Pool&, const P&) {
  return [](const Bar& bar) { return ratio(Part(bar), bar.high - bar.low); };
}

}  // namespace

Families candle_families() {
  return {
      {"body_ratio",
       {},
       "-1 to 1",
       "(close - open) / (high - low)",
       "definition",
       Need::candles,
       at_once,
       per_range<body>},
      {"upper_wick_ratio",
       {},
       "0 to 1",
       "(high - max(open, close)) / (high - low)",
       "definition",
       Need::candles,
       at_once,
       per_range<upper_wick>},
      {"lower_wick_ratio",
       {},
       "0 to 1",
       "(min(open, close) - low) / (high - low)",
       "definition",
       Need::candles,
       at_once,
       per_range<lower_wick>},
  };
}

}  // namespace candled::features
