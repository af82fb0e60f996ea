// CandleReport: a closed candle on its way down the conveyor. Each station adds what it knows; the journal stores all of it.
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
  Timestamp end;            // open_time + interval
  Timestamp decision_time;  // end + grace
  Timestamp closed;         // ingest's clock when the event that closed it was received
  std::uint32_t cause_received_us = 0;  // Event::received_us of that event
  std::optional<BookFacts> book;        // what the order book gave this interval, where one was followed and came in time

  // features: in the order of the feature list; NaN is "not warm or not known"; empty for a gap
  std::vector<double> features;

  // inference: absent without a model or on a gap
  std::optional<Prediction> prediction;

  // trading
  bool stale = false;  // closed too long after its end: predicted, but nothing was opened on it
  std::vector<EquityPoint> equity;
  std::vector<OrderRecord> orders;  // that ended since the candle before, in this order
};

}  // namespace candled
