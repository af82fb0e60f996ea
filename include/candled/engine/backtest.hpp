// Backtest: the past of one market through the daemon's own stations, as it would have traded it.
//
//   trades ─► candles ─┐
//   (or candles) ──────┴─► features ─► inference ─► trading ─► observer
//
// Where trades are known they are replayed in id order: watermarks close quiet candles on time, and where ids jump there is a sequence
// gap. Where only candles are known, candles are replayed: an order then fills at the open of the next candle, a limit order also at its
// low or high. What lies before `from` warms the features and is not traded on. One pass; memory does not grow with the period.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "candled/domain/event.hpp"
#include "candled/domain/predictor.hpp"
#include "candled/domain/result.hpp"
#include "candled/engine/settings.hpp"
#include "candled/store/history_reader.hpp"

namespace candled::engine {

// Where the past comes from: two streams of one market, each in the order of time.
class HistorySource {
 public:
  virtual ~HistorySource() = default;
  // False after the last one.
  virtual Result<bool> next(store::HistoryCandle& candle) = 0;
  virtual Result<bool> next(Trade& trade) = 0;
  // Trades before this time only give the last price; the candles give the rest.
  virtual Timestamp trades_begin() const { return {INT64_MIN}; }
  // Up to where the feed had been proven complete when it met the sequence gap that begins with this id; 0: not recorded.
  virtual Timestamp proven_until(std::int64_t /*first_missing_id*/) const { return {}; }
};

// Trains while the backtest runs. Gets each candle with its features after its prediction; a returned model predicts from the next
// candle on.
class BacktestLearner {
 public:
  virtual ~BacktestLearner() = default;
  virtual Result<std::shared_ptr<const Predictor>> see(const CandleReport& report) = 0;
};

struct BacktestRequest {
  EngineSettings settings;  // of one market
  Timestamp from, to;       // whole candles; the first that is traded on opens at `from`, the last ends at `to`
  std::shared_ptr<const Predictor> predictor = {};  // that runs from the start; may be null
  BacktestLearner* learner = nullptr;               // not owned; may be null
  // Called about every thousandth candle with the time reached.
  std::function<void(Timestamp reached)> progress = {};
  // Called as often: true ends the backtest with an error.
  std::function<bool()> stop = {};
};

// What went in, of [from, to).
struct BacktestCounts {
  std::int64_t trades = 0;
  std::int64_t candles_from_trades = 0;  // built by the candle station
  std::int64_t candles_only = 0;         // of which no trades are known
  std::int64_t stored_rows = 0;          // candles whose feature row was stored
};

// Gets what leaves the trading station, derived events before their cause: candles from `from` on, fills, trades. Trades that
// represent a candle's open, low and high are among them.
using BacktestObserver = std::function<void(const Event& event)>;

// Errors: the source's, the learner's, stopped.
Result<BacktestCounts> run_backtest(HistorySource& source, const BacktestRequest& request,
                                    const BacktestObserver& observer);

// The same up to the predictions, which a sweep computes once for all variants: the events as they enter the trading station.
using PredictedObserver = std::function<void(Event event)>;
Result<BacktestCounts> run_predictions(HistorySource& source, const BacktestRequest& request,
                                       const PredictedObserver& observer);

// The stored record of one market. with_rows: feature rows come from the file, and no trades (a file that has some must not be asked
// so); candles of so many intervals before `from` come first.
class StoredSource : public HistorySource {
 public:
  StoredSource(store::HistoryReader& reader, const Market& market, Timestamp from, Timestamp to,
               std::int64_t warm_up_candles, bool with_rows);
  ~StoredSource() override;
  Result<bool> next(store::HistoryCandle& candle) override;
  Result<bool> next(Trade& trade) override;
  Timestamp trades_begin() const override;
  Timestamp proven_until(std::int64_t first_missing_id) const override;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::engine
