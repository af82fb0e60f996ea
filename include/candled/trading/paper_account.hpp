// PaperAccount: cash, position and at most one working order of one strategy in one market. Long only. The broker's side of an
// order: when it fills, at what price, and why it does not.
//
// Market orders take the recorded book level by level (never better than the tape) or, without one, fill completely at the tape's
// price, worsened by half-spread and slippage. What the book does not hold is not filled. Limit orders are post-only and last
// in the queue of their price: they fill only from trades strictly through the limit, at most the quantity of such a trade.
//
// Holds at any time, in release builds too: cash and position are not negative, and follow exactly from the starting
// balance and the fills that were made, booked in double entry (aborts otherwise).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/trade.hpp"
#include "candled/domain/trading.hpp"
#include "candled/trading/ledger.hpp"
#include "candled/trading/paper_settings.hpp"

namespace candled::trading {

struct BookView;
struct Deal;
struct Deals;

struct Order {
  Money spend;            // of a buy, fee included
  Amount quantity;        // of a sale and of a limit order
  Price limit;            // 0: a market order
  Timestamp active_from;  // at the exchange from then on
  Timestamp decided_on;   // open time of the candle that it was decided on
  Side side = Side::buy;
  FillReason reason = FillReason::signal;
};

// What the market offers at one moment.
struct MarketMoment {
  Timestamp time;
  Price price;                     // of the trade, or the close
  const BookView* book = nullptr;  // null: none is recorded
};

class PaperAccount {
 public:
  struct Working : Order {
    Amount filled;
    std::uint32_t number = 0;
    bool resting = false;  // a limit order that has arrived before the price passed it
  };
  // Where fills and ended orders go; owned by the caller, with reserved capacity, so that nothing is allocated per trade.
  struct Record {
    std::vector<Fill>& fills;
    std::vector<OrderRecord>& orders;
  };

  PaperAccount(StrategyId strategy, std::string name, const PaperSettings& settings);

  const std::string& name() const { return name_; }
  Money cash() const { return cash_; }
  Amount position() const { return position_; }
  // What the position cost, without fees: purchases add to it, sales reduce it by their share.
  Money cost() const { return cost_; }
  Money starting_balance() const { return ledger_.starting_balance(); }
  std::uint32_t fills() const { return fills_; }
  const Ledger& ledger() const { return ledger_; }
  const std::optional<Working>& working_order() const { return working_; }
  // cash + position * price; nullopt where Money does not hold it.
  std::optional<Money> equity_at(Price price) const;
  // The position is large enough for an order at this price.
  bool holds_at(Price price) const;

  // Replaces a working order. Spend, quantity and limit are cut to what cash, position and the market's steps allow; a
  // limit order below the minimum is rejected at once.
  void place(const Order& order, Timestamp now, Record record);
  // Cancels the working order, if any; `why` is for one that did not fill at all.
  void withdraw(OrderEnd why, Timestamp now, Record record);
  // Fills or rejects a working market order here and now; a limit order waits for the tape.
  void execute(const MarketMoment& moment, Record record);
  // A trade of the tape; `before` is the price of the one before it.
  void on_trade(const Trade& trade, Price before, const BookView* book, Record record);

  void check_ledger() const;

  // The exact state without name and settings. load refuses what no account can have been, and then changes nothing.
  void save(StateWriter& out) const;
  Result<void> load(StateReader& in);

 private:
  void fill_limit(const Trade& trade, Record record);
  bool can_book(const Deals& deals) const;
  void book(const Deal& deal, Timestamp time, FillReason reason, Record record);
  void end(OrderEnd how, Timestamp now, Record record);
  bool possible(const Working& order) const;

  StrategyId strategy_;
  std::string name_;
  TradingCosts costs_;
  MarketRules rules_;
  Money cash_;
  Amount position_;
  Money cost_;
  std::uint32_t fills_ = 0;   // the number of the last fill
  std::uint32_t orders_ = 0;  // the number of the last order
  std::optional<Working> working_;
  Ledger ledger_;
};

}  // namespace candled::trading
