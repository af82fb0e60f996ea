// Sweep: many variants of strategies over the same past. Candles, features and predictions are computed once; the variants trade on
// them in parallel, each exactly as in run_backtest.
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

// threads: at least 1, including the caller's. The result does not depend on it.
Result<SweepResult> run_sweep(HistorySource& source, const BacktestRequest& request, std::size_t threads);

}  // namespace candled::engine
