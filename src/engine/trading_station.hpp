// Trading station: lets every strategy decide on a closed candle and fills its orders from the tape.
#pragma once

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

 private:
  Step pass(Event& event) override;
  void emit_fills(const Event& cause);
  void save(Checkpoint& checkpoint) const;
  void pause(bool paused);

  const MarketTable& markets_;
  std::vector<trading::PaperTrading> desks_;  // by market
  std::vector<Fill> fills_;                   // scratch, reused
  bool paused_ = false;
  EngineStatistics& statistics_;
};

}  // namespace candled::engine
