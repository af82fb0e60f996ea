// Sweeps: from "strategy.dynamic.enter=0.52..0.60:0.01" to variants of strategies.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "candled/trading/strategy.hpp"

namespace candled::report {

struct SweepGrid {
  std::vector<trading::StrategySettings> variants;  // benchmarks not among them
  std::size_t left_out = 0;                         // combinations that contradict themselves
};

constexpr std::size_t sweep_variants_max = 10'000;

// Sweeps over parameters of one strategy are combined; several strategies are varied one by one. `strategies`: where the
// names are looked up; the name of a kind is accepted too. Throws ConfigError that names the key.
SweepGrid sweep_grid(const std::vector<std::string>& sweeps, const std::vector<trading::StrategySettings>& strategies,
                     Duration interval);

}  // namespace candled::report
