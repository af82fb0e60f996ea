// Candle station: closes candles in front of the event that makes them due.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "candled/candles/candle_builder.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "engine/station.hpp"

namespace candled::engine {

class CandleStation : public Station {
 public:
  CandleStation(const EngineSettings& settings, flow::Receiver in, flow::Sender out, EngineStatistics& statistics);
  Result<void> load(const Checkpoint& checkpoint);
  void save(Checkpoint& checkpoint) const;

 private:
  Step pass(Event& event) override;
  Step pass_trade(Event& event);
  Step pass_watermark(Event& event);
  void pass_sequence_gap(Event& event);
  void pass_book(Event& event);
  void give_book(MarketId market, CandleReport& report);
  // True when all candles due at the time have been emitted.
  bool close_due(const Event& cause, Timestamp time, Timestamp received, bool proven = true);

  struct MarketState {
    candles::CandleBuilder builder;
    bool seen = false;  // any trade or watermark yet
    std::int64_t last_trade_id = INT64_MIN;
    bool closed_by_cause = false;             // the event at hand closed a candle
    std::optional<Timestamp> closed_to = {};  // end of the last closed candle
    std::deque<BookFacts> books = {};         // of candles that are not closed yet, by time
    bool book_followed = false;               // a candle of this run had one
    std::array<Timestamp, 2> made_in = {};    // open times of open candles with trades that have no id; 0: none
  };
  void note_numbering(MarketState& state, const Trade& trade, Duration interval);

  const MarketTable& markets_;
  const Duration grace_;
  std::vector<MarketState> states_;
  EngineStatistics& statistics_;
};

}  // namespace candled::engine
