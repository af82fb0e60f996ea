// Row ids of markets and strategies: events carry small indexes of this run, rows carry ids that outlive it.
#pragma once

#include <cstdint>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/store/journal_writer.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// Position i holds the row id of market i; unknown markets are added (writer) or get 0, which no row has (reader).
std::vector<std::int64_t> register_markets(Connection& connection, const MarketTable& markets);
std::vector<std::int64_t> find_markets(Connection& connection, const MarketTable& markets);
std::vector<std::int64_t> register_strategies(Connection& connection, const std::vector<StrategyName>& strategies);

}  // namespace candled::store
