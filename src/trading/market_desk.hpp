// MarketDesk: what PaperTrading is made of. All strategies of one market with their accounts, and what they have in common.
#pragma once

#include <span>
#include <vector>

#include "candled/domain/candle_report.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/trade.hpp"
#include "candled/trading/paper_account.hpp"
#include "candled/trading/paper_settings.hpp"
#include "candled/trading/strategy.hpp"
#include "trading/account_view.hpp"
#include "trading/book_view.hpp"
#include "trading/expected_move.hpp"
#include "trading/options.hpp"

namespace candled::trading {

class MarketDesk {
 public:
  MarketDesk(const PaperSettings& settings, std::span<const StrategySettings> strategies, Duration interval);

  void on_candle(CandleReport& report, std::vector<Fill>& fills);
  void on_trade(const Trade& trade, std::vector<Fill>& fills);
  void on_sequence_gap(Timestamp known_until);
  void pause(bool paused);
  bool paused() const { return paused_; }

  std::span<const PaperAccount> accounts() const { return accounts_; }
  const OptionsState& options_state(std::size_t i) const { return options_.at(i); }

  void save(StateWriter& out) const;
  // Into a desk of the same settings; false leaves it half read.
  bool read(StateReader& in);

 private:
  void trade_on(std::size_t i, const CandleReport& report, PaperAccount::Record record);
  OrderIntent intent_of(const StrategyRule& rule, const AccountView& account, const CandleReport& report) const;
  void place(std::size_t i, const Order& order, const CandleReport& report, PaperAccount::Record record);
  void remember_fills(const std::vector<Fill>& fills, std::size_t first);
  void mark(std::size_t i, CandleReport& report) const;
  const BookView* book() const { return book_.known() ? &book_ : nullptr; }
  std::size_t ended_max() const;
  bool read_account(StateReader& in);
  bool read_ended(StateReader& in);

  PaperSettings settings_;
  std::vector<StrategyRule> rules_;
  std::vector<PaperAccount> accounts_;  // same index as the rules
  std::vector<OptionsState> options_;   // same index
  std::vector<OrderRecord> ended_;      // since the last candle; kept reserved
  ExpectedMove move_;
  BookView book_;        // at the last candle's close, if it was recorded
  Price last_close_;     // 0 before a price is known
  Price last_price_;     // of the last trade or close
  Timestamp now_;        // of the last trade or decision
  bool paused_ = false;  // the owner's to restore
};

}  // namespace candled::trading
