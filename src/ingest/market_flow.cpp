// The stream's side of MarketFlow: what passes at once, what is held back, and what ends a wait. The walks over REST are in
// market_repair.cpp.
#include "ingest/market_flow.hpp"

#include <fmt/format.h>

#include "candled/flow/clock.hpp"

namespace candled::ingest {
namespace {

constexpr Duration tick_interval = Duration::milliseconds(200);
constexpr Duration step_back = Duration::seconds(1);        // a walk starts this much before the last trade
constexpr Duration first_fill_after = Duration::seconds(5);
constexpr Duration fill_after_start = Duration::seconds(1);
constexpr Duration warn_every = Duration::minutes(1);
constexpr std::int64_t believable_hole_max = 10'000'000'000;  // ids; behind a larger one stands a broken id

}  // namespace

MarketFlow::MarketFlow(MarketParts parts, const Market& market, const MarketCursor& cursor, MarketStatistics& statistics)
    : parts_(parts), market_(market), statistics_(statistics), tracker_(parts.rest.descriptor().numbers), last_time_(cursor.last_time),
      work_(parts.loop) {
  const Duration now = flow::monotonic_now();
  progress_ = now;
  if (cursor.last_id) {
    tracker_.start_behind(*cursor.last_id);
    statistics_.last_id.set(*cursor.last_id);
    statistics_.last_trade_ns.set(cursor.last_time.ns);
  } else {
    loading_ = parts.history.on_start.ns > 0;
  }
  for (const Hole& hole : cursor.open_holes) recorded_.push_back({hole, {}, 0, now + fill_after_start});
  show_state();
}

void MarketFlow::set_rest_name(std::string name) {
  rest_name_ = std::move(name);
  work_.notify();
}

void MarketFlow::subscribed(Duration now) {
  subscribed_ = true;
  subscribed_at_ = now;
  show_state();
}

void MarketFlow::disconnected() {
  subscribed_ = proven_ = false;
  told_ahead_ = 0;
  show_state();
}

void MarketFlow::refuse(const std::string& reason, const std::string& next) {
  if (!refused_) {
    parts_.log.error("market refused", {{"market", market_.name()}, {"host", parts_.rest.host()}, {"reason", reason}, {"next", next}});
  }
  refused_ = true;
  subscribed_ = false;
  show_state();
}

void MarketFlow::allow() {
  refused_ = false;
  show_state();
}

void MarketFlow::pass(const Trade& trade) {
  Trade passed = trade;
  if (tracker_.held_count() > 0) {  // it may have waited behind a repair: what it decides is as old as that makes it
    if (const std::optional<Timestamp> now = parts_.clock.passed(flow::monotonic_now())) passed.received = std::max(passed.received, *now);
  }
  parts_.outlet.push(Event::of(market_.id, passed));
  last_time_ = trade.time;
  statistics_.trades.add();
  statistics_.last_id.set(trade.id);
  statistics_.last_trade_ns.set(trade.time.ns);
}

void MarketFlow::take(const Trade& trade) {
  if (!loading_ && !tracker_.last_id()) tracker_.start_behind(trade.id - 1);
  const bool next = tracker_.last_id() && trade.id <= *tracker_.last_id() + 1;
  if (!next && tracker_.held_count() >= parts_.settings.hold_back_trades_max) {
    // While a walk gets on, what does not fit can be left out: its absence shows as a hole when the walk has arrived.
    const Duration now = flow::monotonic_now();
    if (now - progress_ < Duration::seconds(10)) return;
    give_up(now);
  }
  const bool held_before = tracker_.held_count() > 0;
  switch (tracker_.offer(trade, [this](const Trade& t) { pass(t); })) {
    case SequenceTracker::Verdict::passed:
      if (held_before) progress_ = flow::monotonic_now();
      break;
    case SequenceTracker::Verdict::duplicate:
      statistics_.duplicates.add();
      warn_of_old_ids(trade);
      break;
    case SequenceTracker::Verdict::held:
      if (!held_before) {
        progress_ = flow::monotonic_now();
        work_.notify();
      }
      break;
  }
}

void MarketFlow::warn_of_old_ids(const Trade& trade) {
  if (trade.time <= last_time_ + Duration::minutes(1)) return;
  const Duration now = flow::monotonic_now();
  if (warned_at_.ns != 0 && now - warned_at_ < warn_every) return;
  warned_at_ = now;
  parts_.log.error("new trades carry ids that are stored already, skipped; is this database from another exchange or simulation?",
                   {{"market", market_.name()},
                    {"trade_id", std::to_string(trade.id)},
                    {"last_stored_id", std::to_string(tracker_.last_id().value_or(0))}});
}

void MarketFlow::snapshot_ended() {
  proven_ = true;
  proof_wanted_ = false;
  show_state();
}

void MarketFlow::told_last_id(std::int64_t id, Duration now) {
  if (refused_ || loading_ || !tracker_.last_id()) return;
  const std::int64_t newest = tracker_.newest_id();
  if (id <= newest) {
    told_ahead_ = 0;
    if (subscribed_ && id == newest && !tracker_.missing()) proven_ = true;
    return show_state();
  }
  const bool told_before = told_ahead_ > newest;
  told_ahead_ = id;
  if (!told_before || proof_wanted_) return;
  proof_wanted_ = true;
  progress_ = now;
  work_.notify();
}

void MarketFlow::prove(Timestamp time, Duration now) {
  // Numbers that only ascend prove nothing, and neither does a stream that is behind what the exchange told.
  if (parts_.rest.descriptor().numbers == TradeNumbers::ascending) return;
  if (tracker_.last_id() && told_ahead_ > *tracker_.last_id()) return;
  if (!subscribed_ || refused_ || !proven_ || repair_wanted()) return;
  if (now - last_tick_at_ < tick_interval || time <= last_tick_) return;
  last_tick_at_ = now;
  last_tick_ = time;
  parts_.outlet.push(Event::of(market_.id, Tick{time, parts_.clock.passed(now).value_or(time)}));
}

void MarketFlow::tend(Duration now) {
  if (subscribed_ && !proven_ && !proof_wanted_ && now - subscribed_at_ > parts_.rest.descriptor().snapshot_wait) {
    if (tracker_.last_id()) {
      proof_wanted_ = true;
      progress_ = now;
      work_.notify();
    } else if (!loading_) {
      proven_ = true;  // nothing was ever seen of this market, so nothing was missed
    }
  }
  // The bound counts while there is something to wait for: held trades, or a proof that ticks need.
  const bool waiting = repair_wanted() && (tracker_.held_count() > 0 || proof_wanted_);
  if (waiting && now - progress_ > parts_.settings.hold_back) {
    parts_.outlet.begin();
    give_up(now);
    parts_.outlet.flush();
  }
  if (tracker_.outliers() != outliers_told_ && (outliers_told_at_.ns == 0 || now - outliers_told_at_ >= warn_every)) {
    outliers_told_ = tracker_.outliers();
    outliers_told_at_ = now;
    parts_.log.warning("trade with an unbelievable id dropped", {{"market", market_.name()}, {"count", std::to_string(outliers_told_)}});
  }
  statistics_.held.set(static_cast<std::int64_t>(tracker_.held_count()));
  show_state();
}

void MarketFlow::start_with_held() {
  const Trade* first = tracker_.first_held();
  if (first == nullptr) return;
  tracker_.start_behind(first->id - 1);
  tracker_.release([this](const Trade& t) { pass(t); });
}

// Gives the hole in front of the held trades up: it is recorded, and what stands behind it passes.
void MarketFlow::record_hole(Duration now) {
  if (tracker_.missing()->count() > believable_hole_max) {
    tracker_.drop_first_held();
    return;
  }
  const IdRange range = tracker_.skip_missing();
  const Hole hole{range.first, range.last, parts_.clock.passed(now).value_or(last_time_), {}};
  const PageStart start{.from = last_time_ - step_back, .last_id = range.first - 1};
  recorded_.push_back({hole, start, 0, now + first_fill_after});
  parts_.outlet.push(Event::hole(market_.id, hole));
  statistics_.holes.add();
  parts_.log.warning("hole recorded", {{"market", market_.name()},
                                       {"first_missing_id", std::to_string(range.first)},
                                       {"last_missing_id", std::to_string(range.last)},
                                       {"next", "repair goes on in the background"}});
  tracker_.release([this](const Trade& t) { pass(t); });
}

void MarketFlow::give_up(Duration now) {
  if (loading_) {
    loading_ = false;
    parts_.log.warning("history could not be fetched in time, starting with live trades",
                       {{"market", market_.name()}, {"host", parts_.rest.host()}});
    if (!tracker_.last_id()) start_with_held();
  }
  while (tracker_.missing()) record_hole(now);
  if (proof_wanted_) {
    proof_wanted_ = false;
    subscribed_at_ = now;  // and it is wanted again a little later
  }
  progress_ = now;
}

void MarketFlow::show_state() {
  MarketState state = MarketState::live;
  if (refused_) {
    state = MarketState::refused;
  } else if (!subscribed_) {
    state = MarketState::waiting;
  } else if (loading_ || !proven_) {
    state = MarketState::loading;
  } else if (repair_wanted()) {
    state = MarketState::repairing;
  }
  statistics_.state.set(static_cast<std::int64_t>(state));
}

}  // namespace candled::ingest
