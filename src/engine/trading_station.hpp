// Trading station: lets every strategy decide on a closed candle and fills its orders from the tape.
#pragma once

#include <span>
#include <vector>

#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/trading/paper_trading.hpp"
#include "engine/station.hpp"

namespace candled::engine {

class TradingStation : public Station {
 public:
  TradingStation(const EngineSettings& settings, flow::Receiver in, flow::Sender out, EngineStatistics& statistics);
  Result<void> load(const Checkpoint& checkpoint);
  void save(Checkpoint& checkpoint) const;
  std::span<const trading::PaperAccount> accounts(MarketId market) const { return desks_[index_of(market)].accounts(); }
  // All accounts of the market as at the first start.
  void reset(MarketId market);

 private:
  Step pass(Event& event) override;
  void emit_fills(const Event& cause);
  void pause(bool paused);

  trading::PaperTrading desk_of(const Market& market) const;

  const EngineSettings& settings_;
  const MarketTable& markets_;
  std::vector<trading::PaperTrading> desks_;  // by market
  std::vector<Fill> fills_;                   // scratch, reused
  bool paused_ = false;
  EngineStatistics& statistics_;
};

}  // namespace candled::engine
