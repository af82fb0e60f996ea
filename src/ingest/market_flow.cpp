#include "ingest/market_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "candled/domain/unproven.hpp"

namespace candled::ingest {
namespace {

constexpr Duration watermark_interval = Duration::milliseconds(200);
constexpr Duration step_back = Duration::seconds(1);  // a walk starts this much before the last trade
constexpr Duration first_fill_after = Duration::seconds(5);
constexpr Duration fill_after_start = Duration::seconds(1);
constexpr Duration confirm_delay = Duration::milliseconds(500);  // a late frame may fill a sequence gap by itself
constexpr Duration lag_pause = Duration::seconds(2);             // REST may lag behind the stream
constexpr Duration idle = Duration::hours(1);
constexpr Duration warn_every = Duration::minutes(1);
constexpr Duration ahead_max = Duration::minutes(1);                  // of stored times before the exchange's clock
constexpr std::int64_t believable_sequence_gap_max = 10'000'000'000;  // ids; behind a larger one stands a broken id

}  // namespace

MarketFlow::MarketFlow(MarketParts parts, const Market& market, const MarketCursor& cursor,
                       MarketStatistics& statistics)
    : parts_(parts),
      market_(market),
      statistics_(statistics),
      tracker_(parts.rest.descriptor().numbers),
      last_time_(cursor.last_time),
      work_(parts.loop),
      life_(parts.log, market, parts.clock, statistics),
      newest_stored_(std::max(cursor.newest, cursor.last_time)),
      unproven_sent_(cursor.unproven),
      recorded_(parts, market, statistics, rest_name_, [this] { return !rest_name_.empty() && !loading_; }) {
  const Duration now = parts_.loop.now();
  progress_ = now;
  if (cursor.last_id) {
    tracker_.start_behind(*cursor.last_id);
    statistics_.last_id.set(*cursor.last_id);
    statistics_.last_trade_ns.set(cursor.last_time.ns);
    last_is_trade_ = std::ranges::none_of(
        cursor.open_sequence_gaps, [&](const SequenceGap& gap) { return gap.last_missing_id == *cursor.last_id; });
    if (last_is_trade_) life_.recent().start_behind(*cursor.last_id, cursor.last_time);
  } else {
    made_ = cursor.last_made;
    loading_ = made_ || parts.history.on_start.ns > 0;
  }
  for (const SequenceGap& sequence_gap : cursor.open_sequence_gaps)
    recorded_.add(sequence_gap, {}, now + fill_after_start);
  show_state();
}

void MarketFlow::set_rest_name(std::string name) {
  rest_name_ = std::move(name);
  work_.notify();
}

void MarketFlow::subscribed(Duration now) {
  subscribed_ = true;
  subscribed_at_ = now;
  life_.subscribed(now);
  show_state();
}

void MarketFlow::disconnected() {
  subscribed_ = proven_ = gave_up_ = false;
  told_ahead_ = 0;
  life_.disconnected();
  show_state();
}

void MarketFlow::refuse(const std::string& reason, const std::string& next) {
  if (!refused_) {
    parts_.log.error("market refused",
                     {{"market", market_.name()}, {"host", parts_.rest.host()}, {"reason", reason}, {"next", next}});
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
    if (const std::optional<Timestamp> now = parts_.clock.passed(parts_.loop.now()))
      passed.received = std::max(passed.received, *now);
  }
  leave_made(trade.time);
  parts_.outlet.push(Event::of(market_.id, passed));
  last_time_ = trade.time;
  last_is_trade_ = true;
  life_.recent().passed(trade);
  if (trade.source == TradeSource::stream) life_.told(trade);
  statistics_.trades.add();
  statistics_.last_id.set(trade.id);
  statistics_.last_trade_ns.set(trade.time.ns);
}

void MarketFlow::take(const Trade& trade) {
  if (!loading_ && !tracker_.last_id()) tracker_.start_behind(trade.id - 1);
  const bool next = tracker_.last_id() && trade.id <= *tracker_.last_id() + 1;
  if (!next && tracker_.held_count() >= parts_.settings.hold_back_trades_max) {
    // While a walk gets on, what does not fit can be left out: its absence shows as a sequence gap when the walk has arrived.
    const Duration now = parts_.loop.now();
    if (now - progress_ < Duration::seconds(10)) return;
    give_up(now);
  }
  const bool held_before = tracker_.held_count() > 0;
  switch (tracker_.offer(trade, [this](const Trade& t) { pass(t); })) {
    case SequenceTracker::Verdict::passed:
      if (held_before) progress_ = parts_.loop.now();
      break;
    case SequenceTracker::Verdict::duplicate:
      statistics_.duplicates.add();
      if (tracker_.last_id() && trade.id <= *tracker_.last_id())
        life_.repeated(trade, *tracker_.last_id(), parts_.loop.now());
      break;
    case SequenceTracker::Verdict::held:
      if (!held_before) {
        progress_ = parts_.loop.now();
        work_.notify();
      }
      break;
  }
}

void MarketFlow::snapshot_ended() {
  proof_wanted_ = false;
  prove_joined();
  show_state();
}

// This connection goes on where the last one ended.
void MarketFlow::prove_joined() {
  const Duration now = parts_.loop.now();
  proven_ = true;
  gave_up_ = false;
  if (born_.ns == 0) born_ = parts_.clock.passed(now).value_or(Timestamp{});
  life_.joined(now);
}

void MarketFlow::doubt() {
  if (!subscribed_ || refused_) return;
  life_.proof().doubt();
}

void MarketFlow::life_answered(const TradesPage& page, Timestamp asked, Duration now) {
  if (!subscribed_ || refused_ || repair_wanted()) return;
  const LifePage says = read_behind(parts_.rest.descriptor(), last_known(), page);
  switch (says.verdict) {
    case LifePage::Verdict::nothing_more: life_.nothing_missed(asked, now); break;
    case LifePage::Verdict::foreign:
      life_.found_foreign(says.trade, tracker_.last_id().value_or(0), now);
      life_.proof().unanswered(now);
      break;
    case LifePage::Verdict::unclear: life_.proof().unanswered(now); break;
    case LifePage::Verdict::more:
      life_.missed(says.trade, now);
      proof_wanted_ = true;
      progress_ = now;
      work_.notify();
      break;
  }
  show_state();
}

void MarketFlow::told_last_id(std::int64_t id, Duration now) {
  if (refused_ || loading_ || !tracker_.last_id()) return;
  const std::int64_t newest = tracker_.newest_id();
  if (id <= newest) {
    told_ahead_ = 0;
    if (subscribed_ && id == newest && !tracker_.missing()) prove_joined();  // and the market's own sign of life
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
  if (!subscribed_ || refused_ || loading_ || tracker_.missing()) return;
  if (now - last_watermark_at_ < watermark_interval) return;
  if (!tracker_.last_id() && born_.ns == 0) born_ = time;
  const bool whole = proven_ && !proof_wanted_;
  if (!whole && !gave_up_) return;
  bool proven = whole && !life_.foreign();
  if (proven) {
    const bool waited = life_.proof().waits();
    const LifeProof::Verdict verdict = life_.proof().judge(time, now, parts_.settings.hold_back);
    if (!waited && life_.proof().waits()) parts_.life_wanted.notify();
    if (verdict == LifeProof::Verdict::waiting)
      time = std::min(time, life_.proof().proven_until().value_or(last_watermark_));
    proven = verdict != LifeProof::Verdict::overdue;
  }
  // Before the first trade nothing is decided: one watermark says where the record begins, and a trade that REST tells later still counts.
  if (time <= last_watermark_ || (!tracker_.last_id() && last_watermark_.ns != 0)) return;
  last_watermark_at_ = now;
  last_watermark_ = time;
  Watermark watermark{time, parts_.clock.passed(now).value_or(time)};
  watermark.decisive = proven && unproven_sent_;  // the first proof is kept, whether it closes a candle or not
  unproven_sent_ = !proven;
  parts_.outlet.push(Event::of(market_.id, proven ? watermark : unproven(watermark)));
}

void MarketFlow::tend(Duration now) {
  if (subscribed_ && !proven_ && !proof_wanted_ && now - subscribed_at_ > parts_.rest.descriptor().snapshot_wait) {
    if (tracker_.last_id()) {
      proof_wanted_ = true;
      progress_ = now;
      work_.notify();
    } else if (!loading_) {
      prove_joined();  // nothing was ever seen of this market, so nothing was missed
    }
  }
  // The bound counts while there is something to wait for: held trades, or a proof that watermarks need.
  const bool waiting = repair_wanted() && (tracker_.held_count() > 0 || proof_wanted_);
  if (waiting && now - progress_ > parts_.settings.hold_back) {
    parts_.outlet.begin();
    give_up(now);
    parts_.outlet.flush();
  }
  if (tracker_.outliers() != outliers_told_ && (outliers_told_at_.ns == 0 || now - outliers_told_at_ >= warn_every)) {
    outliers_told_ = tracker_.outliers();
    outliers_told_at_ = now;
    parts_.log.warning("trade with an unbelievable id dropped",
                       {{"market", market_.name()}, {"count", std::to_string(outliers_told_)}});
  }
  statistics_.held.set(static_cast<std::int64_t>(tracker_.held_count()));
  life_.tend(now);
  tell_ahead(now);
  show_state();
}

// What is stored lies in the exchange's future by more than a minute: a file of another time zone, a wrong clock.
void MarketFlow::tell_ahead(Duration now) {
  if (!parts_.clock.known()) return;
  const Timestamp present =
      std::max(*parts_.clock.latest_possible(now), parts_.clock.passed(now).value_or(Timestamp{}));
  const Duration ahead = newest_stored_ - present;
  const bool is_ahead = ahead > ahead_max;
  statistics_.ahead_ns.set(is_ahead ? ahead.ns : 0);
  if (!is_ahead || std::exchange(ahead_told_, true)) return;
  parts_.log.error("what is stored is ahead of the exchange's clock",
                   {{"market", market_.name()},
                    {"stored", to_iso8601(newest_stored_)},
                    {"exchange", to_iso8601(present)},
                    {"next",
                     "candled check data says more; stop, move the file away, import with the right time "
                     "zone, or start anew with candled --backfill 7d"}});
}

void MarketFlow::start_with_held() {
  const Trade* first = tracker_.first_held();
  if (first == nullptr) return;
  tracker_.start_behind(first->id - 1);
  tracker_.release([this](const Trade& t) { pass(t); });
}

// Gives the sequence gap in front of the held trades up: it is recorded, and what stands behind it passes.
void MarketFlow::record_sequence_gap(Duration now) {
  if (tracker_.missing()->count() > believable_sequence_gap_max) {
    life_.found_foreign(*tracker_.first_held(), *tracker_.last_id(), now);
    tracker_.drop_first_held();
    return;
  }
  const IdRange range = tracker_.skip_missing();
  const SequenceGap sequence_gap{range.first, range.last, parts_.clock.passed(now).value_or(last_time_), {}};
  const PageStart start{.from = last_time_ - step_back, .last_id = range.first - 1};
  recorded_.add(sequence_gap, start, now + first_fill_after);
  parts_.outlet.push(Event::sequence_gap(market_.id, sequence_gap));
  statistics_.sequence_gaps.add();
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
  while (tracker_.missing()) record_sequence_gap(now);
  if (proof_wanted_) {
    proof_wanted_ = false;
    gave_up_ = !proven_;
    subscribed_at_ = now;  // and it is wanted again a little later
  }
  progress_ = now;
}

MarketState MarketFlow::state_now() const {
  if (refused_) return MarketState::refused;
  if (statistics_.ahead_ns.value() > 0) return MarketState::ahead;
  if (life_.foreign()) return MarketState::foreign;
  if (life_.silent()) return MarketState::silent;
  if (!subscribed_) return MarketState::waiting;
  if (unproven_sent_ && (gave_up_ || life_.proof().waits())) return MarketState::unproven;
  if (loading_ || !proven_) return MarketState::loading;
  if (repair_wanted()) return MarketState::repairing;
  return life_.proof().silence_proven() ? MarketState::quiet : MarketState::live;
}

void MarketFlow::show_state() { statistics_.state.set(static_cast<std::int64_t>(state_now())); }

net::Task<void> MarketFlow::keep_complete() {
  while (!parts_.loop.stopping()) {
    if (!repair_wanted()) {
      co_await work_.wait(idle);
      continue;
    }
    if (proven_ && !loading_) co_await parts_.loop.sleep(confirm_delay);
    if (repair_wanted() && !parts_.loop.stopping()) co_await repair();
  }
}

// Where a walk begins; nothing while the exchange's time or name of the market is not known.
std::optional<PageStart> MarketFlow::walk_start() {
  if (rest_name_.empty()) return std::nullopt;
  const bool known = parts_.clock.known();
  const Timestamp now = parts_.clock.passed(parts_.loop.now()).value_or(Timestamp{});
  if (loading_) {
    if (!known) return std::nullopt;
    // Trades with ids take the place of those without, as far back as a fresh market's history goes, and leave no gap behind the last.
    Timestamp from = now - parts_.history.on_start;
    if (made_) from = std::min(from, std::max(made_->time, now - parts_.history.catch_up_max));
    if (!origin_) origin_ = floor_to(from, market_.interval);
    return PageStart{.from = *origin_};
  }
  if (!tracker_.last_id()) return born_.ns == 0 ? std::nullopt : std::optional(PageStart{.from = born_});
  const Timestamp earliest = now - parts_.history.catch_up_max;
  PageStart start{.from = last_time_ - step_back, .last_id = tracker_.last_id()};
  if (const std::optional<IdRange> missing = tracker_.missing()) start.known_id = missing->last + 1;
  if (known && last_time_ < earliest) {
    start.from = earliest;
    start.jump_allowed = true;
    return start;
  }
  if (last_time_.ns <= 0) return std::nullopt;
  return start;
}

net::Task<void> MarketFlow::repair() {
  std::unique_ptr<Pager> pager;
  std::int64_t trades_before = statistics_.trades.value();
  const bool was_loading = loading_;
  while (repair_wanted() && !parts_.loop.stopping()) {
    if (!pager) {
      const std::optional<PageStart> start = walk_start();
      if (!start) {
        co_await parts_.loop.sleep(Duration::milliseconds(100));
        continue;
      }
      RestResult<PageStart> placed = co_await parts_.rest.place(rest_name_, *start);
      if (!placed) {
        if (placed.error().kind == RestError::Kind::permanent) give_up(parts_.loop.now());
        continue;
      }
      pager = make_pager(parts_.rest.descriptor(), *placed);
    }
    PageRequest request = pager->next();
    RestResult<void> got = co_await parts_.rest.ask_trades(rest_name_, request, page_);
    if (parts_.loop.stopping()) break;
    const Duration now = parts_.loop.now();
    parts_.outlet.begin();
    if (!got) {
      if (got.error().kind == RestError::Kind::permanent) give_up(now);
      parts_.outlet.flush();
      continue;
    }
    // Rows that the pager leaves out because their ids are stored already may be of another sequence.
    for (const Trade& row : page_.trades) {
      if (!tracker_.last_id() || row.id > *tracker_.last_id()) continue;
      if (life_.recent().judge(row) != RecentTrades::Verdict::foreign) continue;
      life_.found_foreign(row, *tracker_.last_id(), now);
      break;
    }
    const Pager::Step step = pager->accept(page_);
    const bool passed = take_step(step, now);
    const bool at_end = step.caught_up || step.stuck || (!step.trades.empty() && !passed);
    if (step.stuck) warn_of_repeats();
    if (at_end && !tracker_.missing() && page_.bad_rows == 0) joined();
    parts_.outlet.flush();
    if (at_end && repair_wanted()) {
      // REST has less than the stream: it lags. Ask again from the last trade, until the bound on waiting ends it.
      pager.reset();
      co_await parts_.loop.sleep(lag_pause);
    }
  }
  if (!parts_.loop.stopping()) {
    parts_.log.info(
        was_loading ? "history loaded" : "sequence complete",
        {{"market", market_.name()}, {"trades", std::to_string(statistics_.trades.value() - trades_before)}});
  }
}

void MarketFlow::warn_of_repeats() {
  parts_.log.warning(
      "REST gives the same page of trades again and again",
      {{"market", market_.name()}, {"host", parts_.rest.host()}, {"next", "asking again from the last trade"}});
}

void MarketFlow::push_origin() {
  if (origin_pushed_ || !origin_) return;
  origin_pushed_ = true;
  const Timestamp received = parts_.clock.passed(parts_.loop.now()).value_or(*origin_);
  leave_made(*origin_);
  parts_.outlet.push(Event::of(market_.id, Watermark{*origin_, received}));
}

// Trades with ids follow those of files, and are known from this time on.
void MarketFlow::leave_made(Timestamp known_from) {
  if (!made_) return;
  const std::optional<SequenceGap> sequence_gap =
      gap_behind(*made_, known_from, parts_.clock.passed(parts_.loop.now()).value_or(known_from));
  made_.reset();
  if (!sequence_gap) return;
  parts_.outlet.push(Event::sequence_gap(market_.id, *sequence_gap));
  statistics_.sequence_gaps.add();
  parts_.log.warning("hole recorded", {{"market", market_.name()},
                                       {"from", to_iso8601(time_of_made_id(sequence_gap->first_missing_id))},
                                       {"to", to_iso8601(known_from)},
                                       {"next", "candled --gap-fill asks for it"}});
}

// True when the walk brought something that had not passed yet.
bool MarketFlow::take_step(const Pager::Step& step, Duration now) {
  if (step.trades.empty()) return false;
  if (!tracker_.last_id()) {
    push_origin();
    tracker_.start_behind(step.trades.front().id - 1);
  }
  const std::int64_t before = statistics_.trades.value();
  const bool held_before = tracker_.held_count() > 0;
  for (const Trade& trade : step.trades) {
    tracker_.offer(trade, [this](const Trade& t) { pass(t); });
  }
  // The exchange does not have these ids; those of them that the stream brought are among the held trades.
  while (step.missing && tracker_.missing() && tracker_.missing()->first <= step.missing->last)
    record_sequence_gap(now);
  tracker_.release([this](const Trade& t) { pass(t); });
  const bool passed = statistics_.trades.value() > before;
  if (passed) progress_ = now;
  // The walk has reached the trades that were held back, which go on to the present.
  if (held_before && !tracker_.missing()) joined();
  return passed;
}

// Everything up to the stream has passed.
void MarketFlow::joined() {
  if (loading_ && !tracker_.last_id()) {
    push_origin();
    start_with_held();
  }
  loading_ = false;
  if (subscribed_ && proof_wanted_) prove_joined();
  proof_wanted_ = false;
}

}  // namespace candled::ingest
