#include "engine/trade_comparison.hpp"

#include <algorithm>

#include "candled/engine/revision.hpp"
#include "engine/fact_text.hpp"

namespace candled::engine {
namespace {

// Nothing lies in front of the first trade, so nothing says whether it was a tick: older builds took the close of a file's candle for the
// price before it.
void take_first_tick(Candle& of_trades, const Candle& stored) {
  Candle ticked = of_trades;
  ++ticked.tape.up_ticks;
  if (ticked != stored) {
    ticked = of_trades;
    ++ticked.tape.down_ticks;
  }
  if (ticked == stored) of_trades = ticked;
}

}  // namespace

Result<void> compare_with_trades(const store::Reader& reader, const Market& market, VerifyReport& report,
                                 const std::function<void(Timestamp open_time, const std::string& what)>& differs) {
  const auto due = reader.revision_due(market.id);
  auto is_due = [&](const Candle& candle) {
    return due && candle.open_time + market.interval > due->from && candle.open_time < due->to;
  };
  const std::optional<Timestamp> first_trade = reader.first_trade_time(market.id);
  return candles_of_trades(
      reader, market, Timestamp{0}, Timestamp{INT64_MAX}, [&](std::span<const Candle> made) -> Result<void> {
        if (made.empty()) return {};
        const std::vector<Candle> stored =
            reader.candles_made_later(market.id, made.front().open_time, made.back().open_time + market.interval);
        for (const Candle& candle : stored) {
          if (is_due(candle)) {
            ++report.waiting_candles;
            continue;
          }
          ++report.revised_candles.compared;
          Candle of_trades = *std::ranges::lower_bound(made, candle.open_time, {}, &Candle::open_time);
          of_trades.revision = candle.revision;
          if (first_trade && floor_to(*first_trade, market.interval) == candle.open_time)
            take_first_tick(of_trades, candle);
          const std::string what = difference("revised candle", store::RecordedCandle{candle, {}, 0},
                                              store::RecordedCandle{of_trades, {}, 0});
          if (!what.empty()) differs(candle.open_time, what);
        }
        return {};
      });
}

}  // namespace candled::engine
