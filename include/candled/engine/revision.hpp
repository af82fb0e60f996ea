// Revision: rebuilds stored candles from stored trades, where a repair or a backfill has changed what is known.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"

namespace candled::engine {

using VisitCandles = std::function<Result<void>(std::span<const Candle> candles)>;
// The candles of [from, to) computed from the stored trades, both widened to whole candles and cut to what is stored and closed; a
// slice at a time, in time order. A candle that touches an open sequence gap is unknown. An error of `visit` ends it.
Result<void> candles_of_trades(const store::Reader& reader, const Market& market, Timestamp from, Timestamp to,
                               const VisitCandles& visit);

// Revises the candles of [from, to), both widened to whole candles and cut to what is stored and closed. A candle that touches an
// open sequence gap stays unknown. Returns how many candles changed.
Result<std::int64_t> revise_candles(const store::Reader& reader, store::JournalWriter& writer, const Market& market,
                                    Timestamp from, Timestamp to);

// Rebuilds the feature rows of a market from its stored candles, oldest first; rows that a prediction was made on stay. Rows older than
// `keep` are left out, because they would be pruned again.
Result<void> rebuild_features(const store::Reader& reader, store::JournalWriter& writer, const Market& market,
                              Duration keep);

}  // namespace candled::engine
