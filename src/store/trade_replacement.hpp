// TradeReplacement: trades with ids take the place of those without, in the transaction that brings them.
//
// Each new trade with an id takes away one without that can be the same: the same price and quantity, sides that agree, a stamp that fits
// (domain/made_id.hpp). Where contiguous ids prove that they are all, between two of them or from a watermark on, every other trade
// without an id goes too. What goes stays in the table `trade_replaced`: it was decided upon, so a replay needs it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"
#include "store/rewrite.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

class TradeReplacement {
 public:
  // `market` is everywhere the market's row in the file.
  TradeReplacement(const Connection& connection, std::span<const std::int64_t> markets);

  // What the slice at hand brings, in the order of its events. A trade only where it was not stored before.
  void inserted(std::int64_t market, const Trade& trade);
  void proven(std::int64_t market, Timestamp until);
  void unproven(std::int64_t market);
  // The transaction was given up.
  void forget();

  struct Touched {
    std::int64_t market = 0;
    Timestamp from, to;  // candles of [from, to) have other trades now
  };
  // Before the commit: replaces, and tells where.
  std::vector<Touched> settle();
  // How many went, in transactions that were given up as well.
  std::int64_t replaced() const { return replaced_; }

 private:
  struct OfMarket {
    std::optional<Timestamp> last_made;                 // no trade without an id, and no gap among them, is later
    std::optional<Timestamp> proven;                    // by a watermark, and nothing has come since
    std::vector<Trade> arrived;                         // with ids, new in this slice
    std::map<std::int64_t, Timestamp> proven_in_front;  // of these ids
  };
  struct Span {
    Timestamp from, to;
    bool from_included = false;
  };

  void settle_chain(std::int64_t market, const OfMarket& state, std::span<const Trade> chain,
                    std::vector<Touched>& touched);
  void take_twins(std::int64_t market, std::span<const Trade> chain, std::vector<Touched>& touched);
  void take_covered(std::int64_t market, const Span& span, std::vector<Touched>& touched);
  void close_gaps(std::int64_t market, const Span& span, std::vector<Touched>& touched);
  bool is_covered(std::int64_t market, Timestamp from, Timestamp to);
  std::optional<Timestamp> time_of(std::int64_t market, std::int64_t id);

  const Connection& connection_;
  std::map<std::int64_t, OfMarket> markets_;
  Statement made_, time_, keep_one_, keep_covered_, covered_, open_gaps_, gap_filled_, neighbours_, count_;
  Deletion drop_one_, drop_covered_;
  std::int64_t replaced_ = 0;
};

}  // namespace candled::store
