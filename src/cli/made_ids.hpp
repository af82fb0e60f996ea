// MadeIds: ids for trades that come without, by what is stored.
//
// Such a trade is known by its content: time, price, quantity, side, and how many of these there are. What is stored keeps its id;
// a new one gets the first that is free from its microsecond on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/trade.hpp"
#include "candled/store/import_writer.hpp"

namespace candled::cli {

class MadeIds {
 public:
  struct Settled {
    Trade trade;
    bool is_stored = false;
  };

  MadeIds(const store::ImportWriter& stored, MarketId market) : stored_(stored), market_(market) {}

  // All imported trades of one microsecond; microseconds rise from call to call. Each keeps the id it has where that is free.
  // Returned by rising ids.
  std::vector<Settled> settle(const std::vector<Trade>& group);

 private:
  std::vector<Trade> stored_from(std::int64_t base, std::int64_t reach);
  bool is_more_behind(std::size_t at);

  const store::ImportWriter& stored_;
  const MarketId market_;
  std::vector<Trade> ahead_;  // stored ones
  std::size_t at_ = 0;
  bool all_seen_ = false;  // none is stored behind those in ahead_
  std::int64_t given_to_ = INT64_MIN;
};

}  // namespace candled::cli
