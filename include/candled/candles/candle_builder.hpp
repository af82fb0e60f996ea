// CandleBuilder: from trades and watermarks of one market to closed candles in three states (traded, quiet, gap).
//
// For every event with a time the owner first takes all candles that are due at that time, then offers the event:
//
//   while (out has room && (candle = builder.close_due(time))) emit(*candle);  // if not: again later
//   builder.add(trade)  or  builder.prove(watermark.time)
//
// Pure and deterministic: the candles depend on the sequence of events only. One thread at a time. Owns no memory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "candled/candles/candle_accumulator.hpp"
#include "candled/candles/settings.hpp"
#include "candled/domain/candle.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"

namespace candled::candles {

enum class TradeFate : std::uint8_t {
  counted,
  late,  // its candle is closed: store it, mark it, leave it out until a revision
};

class CandleBuilder {
 public:
  // Aborts unless 0 <= grace < interval; the config check refuses such settings before.
  explicit CandleBuilder(const CandleSettings& settings);

  const CandleSettings& settings() const { return settings_; }

  // Engine time advances to max(its old value, engine_time). Returns the oldest candle whose end + grace has been reached
  // and that was not returned yet; nullopt if there is none. Before the first trade there is none: no price is known.
  // proven: the event says that the trades up to its time are here; otherwise what it closes is unknown.
  std::optional<Candle> close_due(Timestamp engine_time, bool proven = true);

  // Trades come in id order; times may step back between neighbours. Call after close_due(trade.time); aborts while
  // due candles wait to be taken, because the builder holds two open candles only: the current one and the next.
  TradeFate add(const Trade& trade);

  // A watermark: the feed was alive and complete up to this time. Call after close_due(time).
  void prove(Timestamp time);

  // Trades are missing between the last event and the next trade. Each candle from the one that contains the last proven instant (last
  // trade or watermark) to the one that contains the next trade becomes unknown (`gap`) and keeps the prices that are known.
  // Call before close_due has the time of that trade.
  void add_sequence_gap();

  // What the open candle of this time was made of so far is told anew, by trades from here on: it begins again, and is unknown (`gap`).
  // Call after close_due(time); a closed candle stays as it is.
  void begin_again(Timestamp time);

  // The last instant the feed is known to have been complete: last trade or watermark, whichever is later; 0 before the first.
  Timestamp proven_until() const { return proven_.value_or(Timestamp{}); }

  // The exact state. load refuses bytes that are not from a builder of the same interval, and then changes nothing.
  void save(StateWriter& out) const;
  Result<void> load(StateReader& in);

 private:
  struct OpenCandle {
    CandleAccumulator sums;
    bool in_sequence_gap = false;
  };

  Timestamp end_of(Timestamp open_time) const { return open_time + settings_.interval; }
  bool is_due(Timestamp open_time) const { return end_of(open_time) + settings_.grace <= engine_time_; }
  Timestamp oldest_open_at(Timestamp time) const { return floor_to(time - settings_.grace, settings_.interval); }
  void see(Timestamp time);
  void end_sequence_gap(Timestamp next_trade);
  Candle close_oldest(bool proven);

  CandleSettings settings_;
  bool started_ = false;                 // an event with a time was seen
  Timestamp engine_time_;                // meaningful once started, like next_open_
  Timestamp next_open_;                  // open time of open_[0], the oldest candle that was not returned yet
  std::array<OpenCandle, 2> open_{};     // at next_open_ and one interval later
  std::optional<Timestamp> known_from_;  // complete from here on: the first watermark or trade
  std::optional<Timestamp> proven_;      // last trade or watermark, whichever is later
  std::optional<Timestamp>
      sequence_gap_from_;  // open time of the first candle of a sequence gap whose end is not known yet
  Price last_close_;       // of the closed candles; 0 before the first with a trade
};

// No heap memory: adding a trade cannot allocate.
static_assert(std::is_trivially_copyable_v<CandleBuilder>);

}  // namespace candled::candles
