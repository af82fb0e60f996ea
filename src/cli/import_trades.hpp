// import_trades: trades of files through the conveyor, as if they came over REST; then what they completed in the past is rebuilt.
#pragma once

#include <cstdint>
#include <functional>

#include "candled/config/config.hpp"
#include "candled/files/import.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/import_writer.hpp"
#include "candled/store/journal_writer.hpp"

namespace candled::cli {

struct TradeImportReport {
  std::int64_t added = 0, stored_already = 0;
  std::int64_t covered = 0;        // without ids, from a time of which trades with ids are stored
  std::int64_t replaced = 0;       // trades without ids that went because these have them
  std::int64_t sequence_gaps = 0;  // between the imported trades and around them
  std::int64_t pruned_once = 0;    // added, of a time whose trades were pruned on purpose
  std::int64_t candles = 0, gap_candles = 0, candles_revised = 0;
  bool complete = false;  // false: stopped before the end; a second run goes on
};

// `rows` stands at its first trade. One market: the first of the config.
Result<TradeImportReport> import_trades(const config::Config& config, files::ImportedRows& rows,
                                        store::JournalWriter& writer, store::ImportWriter& beside, flow::Log& log,
                                        const std::function<void(std::int64_t trades_done)>& progress);

}  // namespace candled::cli
