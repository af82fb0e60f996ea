// Tapes for the candle tests: events as values and as text, and the way a station drives the builder with them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "candled/candles/candle_builder.hpp"

namespace candled::candles::testing {

struct TapeEvent {
  enum class Kind : std::uint8_t { trade, watermark, sequence_gap } kind = Kind::trade;
  Trade trade;     // of a trade; ids count from 1 in the order of the tape
  Timestamp time;  // of a trade or watermark
};

// One event a line: "trade SECONDS PRICE QUANTITY buy|sell", "tick SECONDS", "hole"; '#' starts a comment.
std::vector<TapeEvent> parse_tape(std::string_view text);

// What a station would have put out.
struct Outcome {
  std::vector<Candle> candles;
  std::vector<std::int64_t> late;  // trade ids
};

// Offers one event the way the station does, appending to the outcome.
void offer(CandleBuilder& builder, const TapeEvent& event, Outcome& outcome);
Outcome run(CandleBuilder builder, const std::vector<TapeEvent>& tape);

// "SECONDS state OPEN HIGH LOW CLOSE VOLUME BUY_VOLUME TRADES" a line, SECONDS being the open time.
std::string candles_text(const std::vector<Candle>& candles);

// One space between words, empty lines left out: so that expectations can be indented and aligned.
std::string tidy(std::string_view text);

// `late` is a list of trade ids: "3 4".
void check(const CandleSettings& settings, std::string_view tape, std::string_view candles, std::string_view late = "");

}  // namespace candled::candles::testing
