#include "engine/revision_task.hpp"

#include <algorithm>
#include <utility>

namespace candled::engine {
namespace {

constexpr std::int64_t candles_per_step = 60;

}  // namespace

void RevisionTask::committed(const Event& event) {
  switch (event.kind()) {
    case EventKind::trade:
      if (event.trade().late) {
        of_market_[index_of(event.market())].noted = true;
        return;
      }
      break;
    case EventKind::candle:
      if (event.report().candle.state == CandleState::gap) of_market_[index_of(event.market())].noted = true;
      return;
    case EventKind::sequence_gap_filled: filled_.push_back({event.market(), event.sequence_gap()}); return;
    case EventKind::watermark: break;
    default: return;
  }
  Waiting& waiting = of_market_[index_of(event.market())];
  if (std::exchange(waiting.noted, false)) waiting.due = true;
}

bool RevisionTask::step(Moment) {
  const Result<bool> worked = guarded([&]() -> Result<bool> {
    if (!walk_) {
      if (Result<void> begun = begin_next(); !begun) return std::unexpected(begun.error());
    }
    return walk_ ? step_walk() : Result<bool>(false);
  });
  if (worked) return *worked;
  log_.error("candles could not be revised",
             {{"market", at_hand_->name()}, {"why", worked.error().message}, {"next", "again at the next start"}});
  walk_.reset();
  return true;
}

// The next span with a candle to look at, if there is any.
Result<void> RevisionTask::begin_next() {
  if (!filled_.empty()) {
    const FilledSequenceGap filled = filled_.front();
    filled_.pop_front();
    at_hand_ = &markets_[index_of(filled.market)];
    const candles::TimeRange touched = touched_by(reader_, *at_hand_, filled.sequence_gap);
    walk_.emplace(Walk{*at_hand_, TradeCandles(reader_, *at_hand_, touched.from, touched.to), false});
    return {};
  }
  for (const Market& market : markets_) {
    if (writer_.take_replaced(market.id)) of_market_[index_of(market.id)].due = true;
    if (!std::exchange(of_market_[index_of(market.id)].due, false)) continue;
    at_hand_ = &market;
    const std::optional<store::Reader::TimeSpan> span = reader_.revision_due(market.id);
    if (!span) continue;
    walk_.emplace(Walk{market, TradeCandles(reader_, market, span->from, span->to), true});
    return {};
  }
  return {};
}

Result<bool> RevisionTask::step_walk() {
  Walk& walk = *walk_;
  if (const std::optional<std::vector<Candle>> candles = walk.candles.next(candles_per_step)) {
    const Result<std::int64_t> changed = writer_.revise_candles(walk.market.id, *candles);
    if (!changed) return std::unexpected(changed.error());
    walk.revised += *changed;
    return true;
  }
  // What was noted while the walk went on may lie where it had been already: the note stays for the next one.
  Waiting& since = of_market_[index_of(walk.market.id)];
  if (writer_.take_replaced(walk.market.id)) since.due = true;
  if (walk.of_note && !since.noted && !since.due) {
    if (Result<void> done = writer_.revision_done(walk.market.id); !done) return std::unexpected(done.error());
  }
  if (walk.revised > 0)
    log_.info("candles revised", {{"market", walk.market.name()}, {"candles", std::to_string(walk.revised)}});
  walk_.reset();
  return true;
}

void RevisionTask::finish() {
  for (Waiting& waiting : of_market_) waiting = {.noted = false, .due = true};
  while (step(Moment::idle)) {
  }
}

}  // namespace candled::engine
