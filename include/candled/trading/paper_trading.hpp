// PaperTrading: all strategies of one market, from closed candles and trades to fills and equity. Never a real order.
//
// A decision is made on a closed candle, at its decision time, with its prediction. With latency 0 the order fills at
// once at the candle's close; otherwise at the first trade at or after decision time + latency. Each strategy has one
// working order: the next decision replaces it (or takes it back, if it wishes for nothing), a hole cancels it.
//
// Pure and deterministic. One thread at a time. Fills are appended to the caller's vector, which the caller keeps
// reserved: nothing else allocates per trade.
#pragma once

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

class PaperTrading {
 public:
  // Position i of the list is StrategyId i. Aborts on what check_settings and check_strategies refuse.
  PaperTrading(const PaperSettings& settings, std::span<const StrategySettings> strategies, Duration interval);

  // Sets report.stale; decides, unless the candle is stale, a gap, without prediction or without price; appends to
  // report.equity one point per strategy, at the close of the candle or else the last known one, behind the fills of
  // this candle. No point before a price is known, nor where Money does not hold the equity.
  void on_candle(CandleReport& report, std::vector<Fill>& fills);
  // Late trades are ignored.
  void on_trade(const Trade& trade, std::vector<Fill>& fills);
  // Trades are missing before the next one: what an order would have got is not known.
  void on_hole();

  // In the order of the strategies; valid as long as this object is not moved or loaded.
  std::span<const PaperAccount> accounts() const { return accounts_; }

  // The exact state. Accounts are found again by strategy name: a strategy that is new in the config starts afresh, one
  // that is gone is left out. load refuses damaged bytes, and then changes nothing.
  void save(StateWriter& out) const;
  Result<void> load(StateReader& in);

 private:
  struct Rule {
    const StrategyKind* kind;
    Duration decide_every;
  };

  void decide(std::size_t index, const CandleReport& report, std::vector<Fill>& fills);

  PaperSettings settings_;
  std::vector<Rule> rules_;
  std::vector<PaperAccount> accounts_;  // same index
  Price last_close_;                    // 0 before a price is known
};

}  // namespace candled::trading
