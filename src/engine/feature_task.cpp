#include "engine/feature_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr std::size_t candles_per_step = 200;  // some milliseconds, so events that come meanwhile hardly wait
constexpr Duration told_every = Duration::seconds(5);

}  // namespace

Timestamp FeatureTask::kept(const Market& market) const {
  return kept_from(settings_.keep.features, reader_.last_candle_open_time(market.id), market.interval);
}

void FeatureTask::begin() {
  for (const Market& market : settings_.markets) {
    if (reader_.rows_are_of(market.id, writer_.feature_list(market.id).hash)) continue;
    log_.info("feature rows are of another list", {{"market", market.name()}, {"next", "made anew in the background"}});
    rebuilds_.push_back(FeatureRebuild::of_all(reader_, writer_, market, kept(market)));
  }
}

void FeatureTask::find_revised() {
  for (const Market& market : settings_.markets) {
    const std::optional<Timestamp> due = writer_.take_features_due(market.id);
    if (due) rebuilds_.push_back(FeatureRebuild::of_revised(reader_, writer_, market, std::max(*due, kept(market))));
  }
}

bool FeatureTask::step(Moment moment) {
  if (moment != Moment::idle) return false;
  const Result<bool> more = guarded([&]() -> Result<bool> {
    if (rebuilds_.empty()) find_revised();
    return rebuilds_.empty() ? Result<bool>(false) : rebuilds_.back().step(candles_per_step);
  });
  if (rebuilds_.empty()) return false;
  const FeatureRebuild& rebuild = rebuilds_.back();
  const Duration now = flow::monotonic_now();
  if (told_.ns == 0) told_ = now;
  if (!more) {
    if (now - told_ >= told_every)
      log_.warning("feature rows cannot be written", {{"why", more.error().message}, {"next", "trying again"}});
    told_ = now;
    return false;
  }
  if (*more ? now - told_ >= told_every : rebuild.rows() > 0) {
    log_.info(*more ? "feature rows being made" : "feature rows made anew",
              {{"market", rebuild.market().name()},
               {"done", fmt::format("{:.0f}%", 100 * rebuild.part_done())},
               {"rows", std::to_string(rebuild.rows())}});
    told_ = now;
  }
  if (*more) return true;
  rebuilds_.pop_back();
  told_ = {};
  return true;
}

}  // namespace candled::engine
