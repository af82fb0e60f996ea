// TradeBatch: trades of several markets that go out together, and the frames of them, made once for each kind of client.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "simulator/dialect.hpp"

namespace candled::simulator {

class TradeBatch {
 public:
  void add(const ReleasedTrade& trade) {
    trades_.push_back(trade);
    markets_ |= bit_of(trade.market);
  }
  std::size_t size() const { return trades_.size(); }
  std::int64_t trades_of(MarketSet markets) const {
    std::int64_t count = 0;
    for (const ReleasedTrade& trade : trades_) count += static_cast<std::int64_t>((markets >> trade.market) & 1);
    return count;
  }
  // What a client of these markets gets; empty if there is nothing for it.
  const std::vector<Frame>& frames(Dialect& dialect, MarketSet markets, std::uint8_t style) {
    const MarketSet wanted = markets & markets_;
    const auto [made, is_new] = frames_.try_emplace({wanted, style});
    if (!is_new || wanted == 0) return made->second;
    if (wanted == markets_) {
      made->second = dialect.trades(trades_, style);
    } else {
      made->second = dialect.trades(of(wanted), style);
    }
    return made->second;
  }
  void clear() {
    trades_.clear();
    frames_.clear();
    markets_ = 0;
  }

 private:
  std::vector<ReleasedTrade> of(MarketSet markets) const {
    std::vector<ReleasedTrade> some;
    for (const ReleasedTrade& trade : trades_) {
      if ((bit_of(trade.market) & markets) != 0) some.push_back(trade);
    }
    return some;
  }

  std::vector<ReleasedTrade> trades_;
  std::map<std::pair<MarketSet, std::uint8_t>, std::vector<Frame>> frames_;
  MarketSet markets_ = 0;
};

}  // namespace candled::simulator
