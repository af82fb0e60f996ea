// Comparison: what a replay makes against what stands in the tables; verify's eyes.
#pragma once

#include <string>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/verify.hpp"
#include "candled/store/recording.hpp"

namespace candled::engine {

class Comparison {
 public:
  // All are lent; settings may be exchanged between two events.
  Comparison(store::Recording& recording, VerifyReport& report) : recording_(recording), report_(report) {}
  void use(const EngineSettings& settings) { settings_ = &settings; }

  void see(const Event& event);

 private:
  void see_candle(MarketId market, const CandleReport& made);
  void see_features(MarketId market, const CandleReport& made);
  void see_prediction(MarketId market, const CandleReport& made);
  void see_equity(MarketId market, const EquityPoint& made);
  void see_fill(MarketId market, const Fill& made);
  void differ(MarketId market, Timestamp time, const std::string& what);
  const std::string& strategy(StrategyId id) const { return settings_->strategies[index_of(id)].name; }

  store::Recording& recording_;
  VerifyReport& report_;
  const EngineSettings* settings_ = nullptr;
};

}  // namespace candled::engine
