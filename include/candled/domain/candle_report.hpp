// CandleReport: a closed candle on the conveyor. Each station adds what it knows; the journal stores all of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "candled/domain/book_facts.hpp"
#include "candled/domain/candle.hpp"
#include "candled/domain/prediction.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trading.hpp"

namespace candled {

struct CandleReport {
  // candles
  Candle candle;
  Timestamp end;                        // open_time + interval
  Timestamp decision_time;              // end + grace
  Timestamp closed;                     // ingest's clock when the event that closed it was received
  std::uint32_t cause_received_us = 0;  // Event::received_us of that event
  std::optional<BookFacts>
      book;  // the order book's facts of this interval, where a book is followed and they came in time

  // features: in the order of the feature list; NaN is "not warm or not known"; empty for an unknown candle
  std::vector<double> features;

  // inference: absent without a model or on an unknown candle
  std::optional<Prediction> prediction;

  // trading
  bool stale = false;  // closed too long after its end: predicted, but no position is opened on it
  std::vector<EquityPoint> equity;
  std::vector<OrderRecord> orders;  // that ended since the candle before, in this order
};

}  // namespace candled
