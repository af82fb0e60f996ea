// Sweep: many variants of strategies over the same past. Candles, features and predictions are made once; the variants trade on
// them in parallel, each as run_backtest would have it.
#pragma once

#include <cstddef>
#include <vector>

#include "candled/engine/backtest.hpp"
#include "candled/engine/backtest_result.hpp"
#include "candled/trading/performance.hpp"

namespace candled::engine {

struct VariantResult {
  trading::PerformanceReport performance;
  std::vector<double> returns;  // of performance.sample; of one length for all variants
};

struct SweepResult {
  BacktestCounts counts;
  BacktestResult seen;                  // candles and predictions; without strategies
  std::vector<VariantResult> variants;  // in the order of request.settings.strategies
};

// threads: at least 1, the caller's among them. The result does not depend on it.
Result<SweepResult> run_sweep(HistorySource& source, const BacktestRequest& request, std::size_t threads);

}  // namespace candled::engine
