#include "engine/retention_task.hpp"

#include <algorithm>

#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr Duration plan_every = Duration::seconds(10);
constexpr Duration slice_every = Duration::milliseconds(100);  // while events wait
constexpr std::int64_t slice_rows_max = 2'000;

}  // namespace

RetentionTask::RetentionTask(const EngineSettings& settings, const store::Reader& reader, store::Retention& retention,
                             flow::Log& log)
    : settings_(settings),
      reader_(reader),
      retention_(retention),
      log_(log),
      planned_at_(flow::monotonic_now()),
      held_told_(settings.markets.size()) {}

bool RetentionTask::step(Moment moment) {
  const Duration now = flow::monotonic_now();
  if (planned_.empty() && now - planned_at_ >= plan_every) {
    planned_at_ = now;
    const Result<void> planned = guarded([&]() -> Result<void> {
      plan();
      return {};
    });
    if (!planned) planned_.clear();  // the next plan tries again
  }
  if (planned_.empty() || (moment == Moment::behind_commit && now - sliced_at_ < slice_every)) return false;
  sliced_at_ = now;
  Slices& slices = planned_.back();
  const Result<std::int64_t> rows = prune_slice(slices);
  if (!rows) {  // the disk is full, or a reader of another program blocks: the next plan tries again
    planned_.clear();
    return false;
  }
  if (*rows < slice_rows_max) {
    finished(slices);
    planned_.pop_back();
  }
  return !planned_.empty();
}

void RetentionTask::plan() {
  for (std::size_t i = 0; i < settings_.markets.size(); ++i) {
    const Market& market = settings_.markets[i];
    const std::optional<Timestamp> newest = reader_.last_candle_open_time(market.id);
    if (!newest) continue;
    const store::RecordBounds bounds = reader_.bounds(market.id);
    if (settings_.keep.trades.ns > 0) {
      const Timestamp intended = floor_to(*newest - settings_.keep.trades, market.interval);
      const Result<Timestamp> before = retention_.prunable_before(market.id, market.interval, intended);
      if (!before) continue;
      const bool came_back = retention_.has_trades_before(market.id, *before).value_or(false);
      if (came_back || *before > bounds.trades_pruned_before.value_or(Timestamp{}))
        planned_.push_back({i, true, *before});
      if (intended - *before > Duration::days(1) && held_told_[i] != *before) {
        held_told_[i] = *before;
        log_.info("pruning waits", {{"market", market.name()},
                                    {"at", to_iso8601(*before)},
                                    {"for", "an open hole or a revision that needs the trades there"}});
      }
    }
    if (settings_.keep.features.ns > 0) {
      const Timestamp before = kept_from(settings_.keep.features, newest, market.interval);
      const bool came_back = retention_.has_features_before(market.id, before).value_or(false);
      if (came_back || before > bounds.features_pruned_before.value_or(Timestamp{}))
        planned_.push_back({i, false, before});
    }
  }
}

Result<std::int64_t> RetentionTask::prune_slice(Slices& slices) {
  const MarketId market = settings_.markets[slices.market].id;
  const Result<std::int64_t> rows = slices.trades ? retention_.prune_trades(market, slices.before, slice_rows_max)
                                                  : retention_.prune_features(market, slices.before, slice_rows_max);
  slices.rows += rows.value_or(0);
  return rows;
}

void RetentionTask::finished(const Slices& slices) {
  if (slices.rows < slice_rows_max) return;  // the daily trickle is not worth a line
  log_.info(slices.trades ? "old trades pruned" : "old feature rows pruned",
            {{"market", settings_.markets[slices.market].name()},
             {"rows", std::to_string(slices.rows)},
             {"before", to_iso8601(slices.before)}});
}

Result<std::int64_t> RetentionTask::prune_everything() {
  plan();
  std::int64_t total = 0;
  for (Slices& slices : planned_) {
    while (true) {
      const Result<std::int64_t> rows = prune_slice(slices);
      if (!rows) return rows;
      if (*rows < slice_rows_max) break;
    }
    total += slices.rows;
  }
  planned_.clear();
  return total;
}

}  // namespace candled::engine
