// StoredSource: the record of one market, a page of candles and one of trades in memory at a time.
#include <algorithm>
#include <optional>
#include <vector>

#include "candled/engine/backtest.hpp"

namespace candled::engine {
namespace {

constexpr std::size_t candles_per_page = 2'000;

}  // namespace

class StoredSource::Implementation {
 public:
  Implementation(store::HistoryReader& lent, const Market& market, Timestamp given_from, Timestamp given_to,
                 std::int64_t warm_up_candles, bool rows)
      : reader(lent), interval(market.interval), from(given_from), to(given_to), with_rows(rows) {
    next_candle = reader.open_time_before(from, warm_up_candles).value_or(from);
    if (!with_rows) reader.seek_trades(from);
  }

  store::HistoryReader& reader;
  const Duration interval;
  const Timestamp from, to;
  const bool with_rows;
  Timestamp next_candle;
  std::vector<store::HistoryCandle> candles;
  std::size_t candle_at = 0;
};

StoredSource::StoredSource(store::HistoryReader& reader, const Market& market, Timestamp from, Timestamp to,
                           std::int64_t warm_up_candles, bool with_rows)
    : implementation_(std::make_unique<Implementation>(reader, market, from, to, warm_up_candles, with_rows)) {}
StoredSource::~StoredSource() = default;

Result<bool> StoredSource::next(store::HistoryCandle& candle) {
  Implementation& self = *implementation_;
  if (self.candle_at == self.candles.size()) {
    self.candles = self.reader.candles(self.next_candle, candles_per_page, self.with_rows);
    self.candle_at = 0;
    if (!self.candles.empty()) self.next_candle = self.candles.back().candle.open_time + Duration{1};
  }
  if (self.candle_at == self.candles.size() || self.candles[self.candle_at].candle.open_time >= self.to) return false;
  candle = std::move(self.candles[self.candle_at++]);
  return true;
}

Result<bool> StoredSource::next(Trade& trade) {
  Implementation& self = *implementation_;
  if (self.with_rows) return false;
  const std::optional<Trade> next = self.reader.next_trade();
  if (!next || next->time >= self.to) return false;
  trade = *next;
  return true;
}

Timestamp StoredSource::trades_begin() const { return implementation_->from; }

Timestamp StoredSource::proven_until(std::int64_t first_missing_id) const {
  return implementation_->reader.proven_until(first_missing_id);
}

}  // namespace candled::engine
