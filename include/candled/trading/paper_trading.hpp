// PaperTrading: all strategies of one market, from closed candles and trades to fills, orders and equity. Never a real order.
//
// A decision is made on a closed candle, at its decision time, with its prediction. With latency 0 a market order fills at
// once at the candle's close; otherwise at the first trade at or after decision time + latency. Each strategy has one
// working order: the next decision replaces it (or cancels it, if it intends nothing), a sequence gap cancels it. What an
// option (stop, drawdown) sells takes precedence over the strategy's order intent and stays until it fills.
//
// Pure and deterministic. One thread at a time. Fills are appended to the caller's vector, which the caller keeps
// reserved (fills_per_event_max per strategy): nothing else allocates per trade.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "candled/domain/candle_report.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/trade.hpp"
#include "candled/domain/trading.hpp"
#include "candled/trading/paper_account.hpp"
#include "candled/trading/paper_settings.hpp"
#include "candled/trading/strategy.hpp"

namespace candled::trading {

class MarketDesk;

class PaperTrading {
 public:
  static constexpr std::size_t fills_per_event_max = 10;  // of one strategy: the levels of a book

  // Position i of the list is StrategyId i. Aborts on what check_settings and check_strategies refuse.
  PaperTrading(const PaperSettings& settings, std::span<const StrategySettings> strategies, Duration interval);
  ~PaperTrading();
  PaperTrading(const PaperTrading&) = delete;
  PaperTrading& operator=(const PaperTrading&) = delete;
  PaperTrading(PaperTrading&&) noexcept;
  PaperTrading& operator=(PaperTrading&&) noexcept;

  // Sets report.stale; decides, unless the candle is stale, unknown, or without price (or without prediction, for a strategy that
  // needs one); appends to report.equity one point per strategy, at the close of the candle or else the last known one, after
  // the fills of this candle, and to report.orders those that ended since the candle before. No point before a price is known,
  // nor where Money does not hold the equity.
  void on_candle(CandleReport& report, std::vector<Fill>& fills);
  // Late trades are ignored.
  void on_trade(const Trade& trade, std::vector<Fill>& fills);
  // Trades are missing before the next one: how an order would have filled is not known.
  // known_until: the feed was complete up to there.
  void on_sequence_gap(Timestamp known_until);
  // While paused no purchase is decided, and a working one is cancelled; stops, drawdowns and sales go on.
  void pause(bool paused);
  bool paused() const;

  // In the order of the strategies; valid as long as this object is not moved or loaded.
  std::span<const PaperAccount> accounts() const;
  // Its maximum_drawdown has stopped it. It runs again after a restart with another maximum_drawdown, or none.
  bool stopped(StrategyId strategy) const;

  // The exact state except the pause, which is not of one market. Accounts are found by strategy name: a strategy that is new in the
  // config starts with a fresh account, one that is gone is left out.
  // load refuses damaged bytes and those of another version, and then changes nothing.
  void save(StateWriter& out) const;
  Result<void> load(StateReader& in);

 private:
  std::unique_ptr<MarketDesk> desk_;
};

}  // namespace candled::trading
