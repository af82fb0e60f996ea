#include "engine/revision_task.hpp"

#include <algorithm>
#include <utility>

#include "candled/domain/unproven.hpp"
#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr std::int64_t candles_per_step = 60;
constexpr std::size_t spans_max = 16;
// While the pages of a gap come, its candles are looked at this often, and at once when it is whole: what is built on them is made anew
// from the first that changes.
constexpr Duration look_at_pages_every = Duration::seconds(10);

// Joins those that lie near it; of too many, all.
void add(std::vector<candles::TimeRange>& spans, candles::TimeRange span, Duration near) {
  const auto join = [](candles::TimeRange& into, const candles::TimeRange& other) {
    into = {std::min(into.from, other.from), std::max(into.to, other.to)};
  };
  const auto close = std::ranges::find_if(spans, [&](const candles::TimeRange& other) {
    return span.from - other.to <= near && other.from - span.to <= near;
  });
  if (close != spans.end()) return join(*close, span);
  if (spans.size() < spans_max) return spans.push_back(span);
  for (const candles::TimeRange& other : spans) join(span, other);
  spans = {span};
}

}  // namespace

void RevisionTask::committed(const Event& event) {
  if (event.kind() == EventKind::model_swap || event.kind() == EventKind::pause ||
      event.kind() == EventKind::checkpoint)
    return;
  OfMarket& of = of_market_[index_of(event.market())];
  const Duration near = markets_[index_of(event.market())].interval * candles_per_step;
  switch (event.kind()) {
    case EventKind::trade:
      if (event.trade().late) return add(of.noted, {event.trade().time, event.trade().time + Duration{1}}, near);
      break;
    case EventKind::candle:
      if (event.report().candle.state == CandleState::gap)
        add(of.noted, {event.report().candle.open_time, event.report().end}, near);
      return;
    case EventKind::sequence_gap_filled: return take(of, event.sequence_gap());
    case EventKind::watermark:
      if (!is_proven(event.watermark())) return;
      break;
    default: return;
  }
  for (const candles::TimeRange& span : std::exchange(of.noted, {})) add(of.due, span, near);
}

// What was noted just before are the trades of these ids.
void RevisionTask::take(OfMarket& of, const SequenceGap& came) {
  if (of.came.empty() || of.came.back().ids.last_missing_id + 1 != came.first_missing_id) of.came.push_back({came, {}});
  Came& last = of.came.back();
  last.ids.last_missing_id = came.last_missing_id;
  for (const candles::TimeRange& span : std::exchange(of.noted, {})) add(last.late, span, Duration{INT64_MAX / 4});
}

bool RevisionTask::step(Moment) {
  const Result<bool> worked = guarded([&]() -> Result<bool> {
    if (!walk_ && !begin_next()) return false;
    return step_walk();
  });
  if (worked) return *worked;
  log_.error("candles could not be revised",
             {{"market", at_hand_->name()}, {"why", worked.error().message}, {"next", "again at the next start"}});
  of_market_[index_of(at_hand_->id)].failed = true;
  walk_.reset();
  return true;
}

// The next span with a candle to look at, if there is any.
std::optional<candles::TimeRange> RevisionTask::next_span(const Market& market) {
  OfMarket& of = of_market_[index_of(market.id)];
  if (!of.due.empty()) {
    const candles::TimeRange span = of.due.front();
    of.due.erase(of.due.begin());
    return span;
  }
  if (of.came.empty()) return std::nullopt;
  const Duration now = flow::monotonic_now();
  const bool lately = of.filled_at.ns != 0 && now - of.filled_at < look_at_pages_every;
  if (lately && more_is_missing(reader_, market, of.came.front().ids)) return std::nullopt;
  const Came came = std::move(of.came.front());
  of.came.pop_front();
  of.filled_at = now;
  candles::TimeRange span = changed_by(reader_, market, came.ids);
  for (const candles::TimeRange& late : came.late) span = {std::min(span.from, late.from), std::max(span.to, late.to)};
  return span;
}

// Trades that gave way to others changed candles, too: the file's note says which.
void RevisionTask::take_replaced(const Market& market) {
  if (!writer_.take_replaced(market.id)) return;
  const std::optional<store::Reader::TimeSpan> noted = reader_.revision_due(market.id);
  if (noted) of_market_[index_of(market.id)].due.push_back({noted->from, noted->to});
}

bool RevisionTask::begin_next() {
  for (const Market& market : markets_) {
    take_replaced(market);
    at_hand_ = &market;
    const std::optional<candles::TimeRange> span = next_span(market);
    if (!span) continue;
    const std::optional<Timestamp> unproven = reader_.unproven_from(market.id);
    walk_.emplace(
        Walk{market, TradeCandles(reader_, market, span->from, span->to), *span, unproven && *unproven < span->to});
    return true;
  }
  return false;
}

Result<bool> RevisionTask::step_walk() {
  Walk& walk = *walk_;
  if (const std::optional<std::vector<Candle>> candles = walk.candles.next(candles_per_step)) {
    const Result<std::int64_t> changed = writer_.revise_candles(walk.market.id, *candles);
    if (!changed) return std::unexpected(changed.error());
    walk.revised += *changed;
    return true;
  }
  // What was noted while the walk went on may lie where it had been already: the file's note stays for the next one.
  // So it does where nothing has proven yet what lies at the walk's end.
  take_replaced(walk.market);
  OfMarket& of = of_market_[index_of(walk.market.id)];
  if (walk.unproven) add(of.noted, walk.span, walk.market.interval * candles_per_step);
  if (of.idle() && !of.failed) {
    if (Result<void> done = writer_.revision_done(walk.market.id); !done) return std::unexpected(done.error());
  }
  if (walk.revised > 0)
    log_.info("candles revised", {{"market", walk.market.name()}, {"candles", std::to_string(walk.revised)}});
  walk_.reset();
  return true;
}

void RevisionTask::finish() {
  for (const Market& market : markets_) {
    OfMarket& of = of_market_[index_of(market.id)];
    of = {};
    const Result<std::optional<store::Reader::TimeSpan>> noted =
        guarded([&]() -> Result<std::optional<store::Reader::TimeSpan>> { return reader_.revision_due(market.id); });
    if (noted && *noted) of.due.push_back({(*noted)->from, (*noted)->to});
  }
  while (step(Moment::idle)) {
  }
}

}  // namespace candled::engine
