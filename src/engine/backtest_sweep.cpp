#include "candled/engine/backtest_sweep.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "candled/flow/thread.hpp"
#include "engine/backtest_line.hpp"

namespace candled::engine {
namespace {

constexpr std::size_t events_per_slice = 8'192;  // long enough that starting a thread does not count

// Some of the variants with a trading station of their own.
class Shard {
 public:
  Shard(const EngineSettings& all, Timestamp from, std::size_t first, std::size_t last)
      : settings_(of_variants(all, first, last)),
        from_(from),
        performances_(last - first),
        line_(settings_, [this](const Event& event) { see(event); }) {}

  void trade(const std::vector<Event>& slice) {
    for (const Event& event : slice) line_.push(event.copy());
    line_.drain();
  }
  void results(std::vector<VariantResult>& out) const {
    for (const trading::Performance& performance : performances_)
      out.push_back({performance.report(), performance.returns()});
  }

 private:
  static EngineSettings of_variants(const EngineSettings& all, std::size_t first, std::size_t last) {
    EngineSettings some = all;
    some.strategies.assign(all.strategies.begin() + static_cast<std::ptrdiff_t>(first),
                           all.strategies.begin() + static_cast<std::ptrdiff_t>(last));
    return some;
  }
  void see(const Event& event) {
    if (event.kind() == EventKind::fill) performances_[index_of(event.fill().strategy)].on_fill(event.fill());
    if (event.kind() != EventKind::candle || event.report().candle.open_time < from_) return;
    for (const EquityPoint& point : event.report().equity) performances_[index_of(point.strategy)].on_equity(point);
  }

  const EngineSettings settings_;
  const Timestamp from_;
  std::vector<trading::Performance> performances_;
  TradingLine line_;
};

class Sweep {
 public:
  Sweep(const BacktestRequest& request, std::size_t threads)
      : from_(request.from), seen_({}, request.from, request.to, request.settings.markets.front().interval) {
    const std::size_t variants = request.settings.strategies.size(),
                      count = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(1, variants));
    for (std::size_t i = 0; i < count; ++i) {
      shards_.push_back(
          std::make_unique<Shard>(request.settings, from_, variants * i / count, variants * (i + 1) / count));
    }
    slice_.reserve(events_per_slice);
  }

  void take(Event event) {
    const bool traded_on = event.kind() == EventKind::candle || event.kind() == EventKind::trade ||
                           event.kind() == EventKind::sequence_gap;
    if (!traded_on) return;
    if (event.kind() == EventKind::candle) {
      event.report().features = {};  // nobody behind here reads them
      if (event.report().candle.open_time >= from_) seen_.see(event);
    }
    slice_.push_back(std::move(event));
    if (slice_.size() == events_per_slice) trade();
  }
  void trade() {
    std::vector<std::unique_ptr<flow::TaskThread>> helpers;
    for (std::size_t i = 1; i < shards_.size(); ++i) {
      helpers.push_back(std::make_unique<flow::TaskThread>("sweep", [this, i] { shards_[i]->trade(slice_); }));
    }
    shards_.front()->trade(slice_);
    helpers.clear();  // waits for them
    slice_.clear();
  }
  SweepResult result(const BacktestCounts& counts) {
    SweepResult result{counts, seen_.result(), {}};
    for (const auto& shard : shards_) shard->results(result.variants);
    return result;
  }

 private:
  const Timestamp from_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Event> slice_;
  BacktestTally seen_;
};

}  // namespace

Result<SweepResult> run_sweep(HistorySource& source, const BacktestRequest& request, std::size_t threads) {
  Sweep sweep(request, threads);
  const Result<BacktestCounts> counts =
      run_predictions(source, request, [&](Event event) { sweep.take(std::move(event)); });
  if (!counts) return std::unexpected(counts.error());
  sweep.trade();
  return sweep.result(*counts);
}

}  // namespace candled::engine
