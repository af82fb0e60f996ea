// The parts of the configuration that the trading room takes: read here, checked here, and made into its settings here.
#pragma once

#include <string>
#include <vector>

#include "candled/config/config_section.hpp"
#include "candled/config/config.hpp"
#include "candled/trading/paper_settings.hpp"
#include "candled/trading/strategy.hpp"

namespace candled::config {

void read_strategy(ConfigSection& section, StrategyConfig& strategy);       // [[strategy]]
void read_paper(ConfigSection& section, PaperConfig& paper);                // [paper]
void read_fees(ConfigSection& section, ExchangeFees& fees);                 // [exchange.<name>]
void read_order_rules(ConfigSection& section, MarketConfig& market);        // [[market]]

// Names of all kinds of strategies, in the order of the documentation.
const std::vector<std::string>& strategy_kind_names();
// What runs without any [[strategy]].
std::vector<StrategyConfig> default_strategies();

// Throws ConfigError for what contradicts itself in one strategy, or takes the name of a benchmark.
void check_strategy_rules(const Config& config, const ConfigOrigin& origin, const std::vector<std::string>& strategy_paths);

// The configured strategies and the benchmarks that always run beside them. Position i is StrategyId i.
std::vector<trading::StrategySettings> strategy_settings(const Config& config);
// Costs of [paper] with the exchange's fees over them, and the market's order rules; of config.markets[market].
trading::PaperSettings paper_settings(const Config& config, std::size_t market);

}  // namespace candled::config
