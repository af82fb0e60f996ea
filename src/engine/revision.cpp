#include "candled/engine/revision.hpp"

#include <optional>
#include <vector>

#include "candled/engine/settings.hpp"
#include "engine/feature_rebuild.hpp"
#include "engine/trade_candles.hpp"

namespace candled::engine {

Result<void> candles_of_trades(const store::Reader& reader, const Market& market, Timestamp from, Timestamp to,
                               const VisitCandles& visit) {
  constexpr std::int64_t candles_per_slice = 1440;  // bounds the trades in memory
  TradeCandles walk(reader, market, from, to);
  while (const std::optional<std::vector<Candle>> candles = walk.next(candles_per_slice)) {
    if (Result<void> visited = visit(*candles); !visited) return visited;
  }
  return {};
}

Result<std::int64_t> revise_candles(const store::Reader& reader, store::JournalWriter& writer, const Market& market,
                                    Timestamp from, Timestamp to) {
  std::int64_t revised = 0;
  Result<void> all = candles_of_trades(reader, market, from, to, [&](std::span<const Candle> candles) -> Result<void> {
    Result<std::int64_t> changed = writer.revise_candles(market.id, candles);
    if (!changed) return std::unexpected(changed.error());
    revised += *changed;
    return {};
  });
  if (!all) return std::unexpected(all.error());
  return revised;
}

Result<void> rebuild_features(const store::Reader& reader, store::JournalWriter& writer, const Market& market,
                              Duration keep) {
  constexpr std::size_t candles_per_transaction = 5'000;
  FeatureRebuild rebuild = FeatureRebuild::of_all(
      reader, writer, market, kept_from(keep, reader.last_candle_open_time(market.id), market.interval));
  while (true) {
    const Result<bool> more = rebuild.step(candles_per_transaction);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  // The live state was made from the candles as they were.
  return writer.forget_state("features/" + market.name());
}

}  // namespace candled::engine
