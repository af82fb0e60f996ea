// PaperAccount: cash, position and at most one working order of one strategy in one market. Long only.
//
// Holds at any time, in release builds too: cash and position are not negative, and follow exactly from the starting
// balance and the fills that were made (aborts otherwise).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/trading.hpp"
#include "candled/trading/ledger.hpp"
#include "candled/trading/paper_settings.hpp"
#include "candled/trading/strategy.hpp"

namespace candled::trading {

struct Order {
  Side side = Side::buy;
  Money spend;            // of a buy, fee included
  Quantity quantity;      // of a sale
  Timestamp active_from;  // fills at the first trade at or after this
  Timestamp decided_on;   // open time of the candle that it was decided on
};

class PaperAccount {
 public:
  PaperAccount(StrategyId strategy, std::string name, const PaperSettings& settings);

  const std::string& name() const { return name_; }
  Money cash() const { return cash_; }
  Quantity position() const { return position_; }
  Money starting_balance() const { return ledger_.starting_balance(); }
  std::uint32_t fills() const { return fills_; }
  const std::optional<Order>& working_order() const { return working_; }
  // cash + position * price; nullopt where Money does not hold it.
  std::optional<Money> equity_at(Price price) const;

  // The order that the wish comes to replaces a working one; a wish for nothing takes it back.
  void replace_order(const Wish& wish, Timestamp active_from, Timestamp decided_on);
  void cancel_order() { working_.reset(); }
  // Executes the working order, if any, at this market price; the order is gone whether it fills or is refused.
  // Allocates nothing.
  std::optional<Fill> execute(Price market, Timestamp time);

  void check_ledger() const;

  // The exact state without name and settings. load refuses what no account can have been, and then changes nothing.
  void save(StateWriter& out) const;
  Result<void> load(StateReader& in);

 private:
  StrategyId strategy_;
  std::string name_;
  TradingCosts costs_;
  Money cash_;
  Quantity position_;
  std::uint32_t fills_ = 0;  // the number of the last fill
  std::optional<Order> working_;
  Ledger ledger_;
};

}  // namespace candled::trading
