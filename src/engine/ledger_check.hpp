// LedgerCheck: every paper account rebuilt from its stored fills, and compared with the state that was restored.
#pragma once

#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/store/checkpoint_reader.hpp"
#include "engine/trading_station.hpp"

namespace candled::engine {

// All accounts of one market. The error names the account, and what its fills come to.
Result<void> check_ledgers(const Market& market, const TradingStation& station, const store::CheckpointReader& reader);

}  // namespace candled::engine
