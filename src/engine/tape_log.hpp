// TapeLog: what the journal has committed, as log lines a person can follow with `tail -f`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/engine/commit_observer.hpp"
#include "candled/flow/log.hpp"

namespace candled::engine {

class TapeLog : public CommitObserver {
 public:
  TapeLog(const MarketTable& markets, std::vector<std::string> strategy_names, flow::Log& log);
  // One line for a candle, fill, sequence gap or model swap; nothing for a trade. Candles of a catch-up are summed up in one line.
  bool wants(EventKind kind) const override;
  void committed(const Event& event) noexcept override;
  void missed(std::int64_t events) noexcept override;

 private:
  void candle(const Event& event);
  void say_catch_up();

  const MarketTable& markets_;
  const std::vector<std::string> strategy_names_;
  flow::Log& log_;
  std::int64_t caught_up_candles_ = 0;
  Timestamp caught_up_to_;
  Duration last_said_;        // monotonic
  std::string expired_told_;  // the model that was last said to be too old
};

}  // namespace candled::engine
