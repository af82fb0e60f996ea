// import_candles: candles that came without trades, merged into what is stored, with a feature row each.
#pragma once

#include <cstdint>
#include <functional>

#include "candled/config/config.hpp"
#include "candled/files/identity_check.hpp"
#include "candled/files/import.hpp"
#include "candled/store/import_writer.hpp"
#include "candled/store/journal_writer.hpp"

namespace candled::cli {

struct CandleImportReport {
  std::int64_t added = 0, traded = 0, quiet = 0, gap = 0;  // added, by state
  std::int64_t gaps_filled = 0;                            // stored gaps that are candles now
  std::int64_t stored_already = 0;
  files::Contradictions contradictions;  // of those that are stored already
  bool complete = false;                 // false: stopped before the end; a second run goes on
};

// next_candle: the next by open time, false behind the last. One market: the first of the config.
using NextCandle = std::function<Result<bool>(Candle&)>;
Result<CandleImportReport> import_candles(const config::Config& config, const NextCandle& next_candle,
                                          store::JournalWriter& writer, store::ImportWriter& beside,
                                          const std::function<void(std::int64_t candles_done)>& progress);

}  // namespace candled::cli
