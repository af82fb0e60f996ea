#include "engine/caretaker.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr Duration look_every = Duration::seconds(1);
constexpr Duration plan_every = Duration::seconds(10);
constexpr Duration slice_every = Duration::milliseconds(100);  // while events wait
constexpr std::int64_t slice_rows_max = 2'000;
constexpr std::int64_t log_bytes_wanted = 32 << 20;   // in a pause a larger log is cut
constexpr std::int64_t log_bytes_busy = 256 << 20;    // under load, too
constexpr std::int64_t log_bytes_told = 1 << 30;      // a reader holds it: worth a line
constexpr Duration told_again = Duration::minutes(10);

}  // namespace

Caretaker::Caretaker(const EngineSettings& settings, const store::Reader& reader, flow::Log& log)
    : settings_(settings),
      reader_(reader),
      log_(log),
      housekeeper_(settings.database, settings.markets),
      planned_at_(flow::monotonic_now()),
      held_told_(settings.markets.size()) {}

bool Caretaker::work(bool pausing) {
  const Duration now = flow::monotonic_now();
  if (now - looked_at_ >= look_every) {
    looked_at_ = now;
    lost_ = lost_ || housekeeper_.has_moved();
    if (lost_) return false;
    tend_log(now, pausing);
  }
  if (tasks_.empty() && now - planned_at_ >= plan_every) {
    planned_at_ = now;
    plan();
  }
  if (tasks_.empty() || (!pausing && now - sliced_at_ < slice_every)) return false;
  sliced_at_ = now;
  Task& task = tasks_.back();
  const Result<std::int64_t> rows = prune_slice(task);
  if (!rows) {  // the disk is full, or a reader of another program blocks: the next plan tries again
    tasks_.clear();
    return false;
  }
  if (*rows < slice_rows_max) {
    finished(task);
    tasks_.pop_back();
  }
  return pausing && !tasks_.empty();
}

void Caretaker::tend_log(Duration now, bool pausing) {
  const std::int64_t bytes = housekeeper_.log_bytes();
  if (bytes < (pausing ? log_bytes_wanted : log_bytes_busy)) return;
  if (housekeeper_.empty_log() || bytes < log_bytes_told) return;
  if (warned_at_.ns != 0 && now - warned_at_ < told_again) return;
  warned_at_ = now;
  log_.warning("the write-ahead log cannot be cut: a reader holds it",
               {{"bytes", std::to_string(bytes)}, {"next", "it shrinks when that query ends; look for a forgotten sqlite3 or notebook"}});
}

void Caretaker::plan() {
  for (std::size_t i = 0; i < settings_.markets.size(); ++i) {
    const Market& market = settings_.markets[i];
    const std::optional<Timestamp> newest = reader_.last_candle_open_time(market.id);
    if (!newest) continue;
    const store::RecordBounds bounds = reader_.bounds(market.id);
    if (settings_.keep.trades.ns > 0) {
      const Timestamp wished = floor_to(*newest - settings_.keep.trades, market.interval);
      const Result<Timestamp> before = housekeeper_.prunable_before(market.id, market.interval, wished);
      if (!before) continue;
      const bool came_back = housekeeper_.has_trades_before(market.id, *before).value_or(false);
      if (came_back || *before > bounds.trades_pruned_before.value_or(Timestamp{})) tasks_.push_back({i, true, *before});
      if (wished - *before > Duration::days(1) && held_told_[i] != *before) {
        held_told_[i] = *before;
        log_.info("pruning waits", {{"market", market.name()}, {"at", to_iso8601(*before)},
                                    {"for", "an open hole or a revision that needs the trades there; candled --gap-fill closes holes"}});
      }
    }
    if (settings_.keep.features.ns > 0) {
      const Timestamp before = kept_from(settings_.keep.features, newest, market.interval);
      const bool came_back = housekeeper_.has_features_before(market.id, before).value_or(false);
      if (came_back || before > bounds.features_pruned_before.value_or(Timestamp{})) tasks_.push_back({i, false, before});
    }
  }
}

Result<std::int64_t> Caretaker::prune_slice(Task& task) {
  const MarketId market = settings_.markets[task.market].id;
  const Result<std::int64_t> rows = task.trades ? housekeeper_.prune_trades(market, task.before, slice_rows_max)
                                                : housekeeper_.prune_features(market, task.before, slice_rows_max);
  task.rows += rows.value_or(0);
  return rows;
}

void Caretaker::finished(const Task& task) {
  if (task.rows < slice_rows_max) return;  // the daily trickle is not worth a line
  log_.info(task.trades ? "old trades pruned" : "old feature rows pruned", {{"market", settings_.markets[task.market].name()},
                                                                            {"rows", std::to_string(task.rows)},
                                                                            {"before", to_iso8601(task.before)}});
}

Result<std::int64_t> Caretaker::prune_everything() {
  plan();
  std::int64_t total = 0;
  for (Task& task : tasks_) {
    while (true) {
      const Result<std::int64_t> rows = prune_slice(task);
      if (!rows) return rows;
      if (*rows < slice_rows_max) break;
    }
    total += task.rows;
  }
  tasks_.clear();
  return total;
}

}  // namespace candled::engine
