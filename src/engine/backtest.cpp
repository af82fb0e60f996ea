#include "candled/engine/backtest.hpp"

#include <utility>

#include "engine/backtest_feeder.hpp"
#include "engine/backtest_line.hpp"

namespace candled::engine {
namespace {

constexpr std::int64_t candles_per_look = 1'000;

BacktestRequest checked(const BacktestRequest& request) {
  if (request.settings.markets.size() != 1) invariant_failed("a backtest is of one market");
  const Duration interval = request.settings.markets.front().interval;
  if (floor_to(request.from, interval) != request.from || floor_to(request.to, interval) != request.to ||
      request.from >= request.to) {
    invariant_failed("a backtest is of whole candles");
  }
  BacktestRequest ours = request;
  if (ours.settings.paper_of_market.empty()) ours.settings.paper_of_market.push_back(ours.settings.paper);
  return ours;
}

// What happens between two candles: somebody may look, stop, and a model that was learned takes over.
class Between {
 public:
  Between(const BacktestRequest& request) : request_(request) {}

  void see(const CandleReport& report) {
    if (request_.learner == nullptr || failed_) return;
    Result<std::shared_ptr<const Predictor>> learned = request_.learner->see(report);
    if (!learned) {
      failed_ = learned.error();
    } else if (*learned != nullptr) {
      learned_ = std::move(*learned);
    }
  }

  Result<void> look(Timestamp reached, BacktestLine& line) {
    if (failed_) return std::unexpected(*failed_);
    if (learned_) line.take_over(std::exchange(learned_, nullptr));
    if (++candles_ % candles_per_look != 0) return {};
    if (request_.stop && request_.stop()) return std::unexpected(refuse("stopped").error());
    if (request_.progress) request_.progress(reached);
    return {};
  }

 private:
  const BacktestRequest& request_;
  std::shared_ptr<const Predictor> learned_;
  std::optional<Error> failed_;
  std::int64_t candles_ = 0;
};

}  // namespace

Result<BacktestCounts> run_predictions(HistorySource& source, const BacktestRequest& given,
                                       const PredictedObserver& observer) {
  const BacktestRequest request = checked(given);
  Between between(request);
  BacktestLine line(request.settings, request.from, [&](Event event) {
    if (event.kind() == EventKind::candle) between.see(event.report());
    observer(std::move(event));
  });
  if (request.predictor) line.take_over(request.predictor);
  BacktestFeeder feeder(source, request, line, [&](Timestamp reached) { return between.look(reached, line); });
  if (Result<void> fed = feeder.run(); !fed) return std::unexpected(fed.error());
  line.drain();
  BacktestCounts counts = feeder.counts();
  counts.candles_from_trades = line.candles_made();
  return counts;
}

Result<BacktestCounts> run_backtest(HistorySource& source, const BacktestRequest& given,
                                    const BacktestObserver& observer) {
  const BacktestRequest request = checked(given);
  TradingLine trading(request.settings, [&](const Event& event) {
    const bool early = event.kind() == EventKind::candle && event.report().candle.open_time < request.from;
    if (!early) observer(event);
  });
  Result<BacktestCounts> counts =
      run_predictions(source, request, [&](Event&& event) { trading.push(std::move(event)); });
  trading.drain();
  return counts;
}

}  // namespace candled::engine
