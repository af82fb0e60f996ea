// The REST side of MarketFlow: the walk that closes holes before later trades pass, and the late one for recorded holes.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "candled/flow/clock.hpp"
#include "ingest/market_flow.hpp"

namespace candled::ingest {
namespace {

constexpr Duration confirm_delay = Duration::milliseconds(500);  // a late frame may fill a hole by itself
constexpr Duration lag_pause = Duration::seconds(2);             // REST may lag behind the stream
constexpr Duration step_back = Duration::seconds(1);             // a walk starts this much before the last trade
constexpr std::int64_t fill_trades_max = 200'000;                // larger recorded holes are left to --gap-fill
// From one attempt to fill a recorded hole to the next.
constexpr std::array fill_delays = {Duration::seconds(5), Duration::seconds(15), Duration::minutes(1), Duration::minutes(5),
                                    Duration::minutes(15), Duration::minutes(60)};
constexpr Duration idle = Duration::hours(1);

bool too_large(const Hole& hole) { return hole.last_missing_id - hole.first_missing_id >= fill_trades_max; }

}  // namespace

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
  const Timestamp now = parts_.clock.passed(flow::monotonic_now()).value_or(Timestamp{});
  if (loading_) {
    if (!known) return std::nullopt;
    if (!origin_) origin_ = floor_to(now - parts_.history.on_start, market_.interval);
    return PageStart{.from = *origin_};
  }
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
        if (placed.error().kind == RestError::Kind::permanent) give_up(flow::monotonic_now());
        continue;
      }
      pager = make_pager(parts_.rest.descriptor(), *placed);
    }
    PageRequest request = pager->next();
    RestResult<void> got = co_await parts_.rest.ask_trades(rest_name_, request, page_);
    if (parts_.loop.stopping()) break;
    const Duration now = flow::monotonic_now();
    parts_.outlet.begin();
    if (!got) {
      if (got.error().kind == RestError::Kind::permanent) give_up(now);
      parts_.outlet.flush();
      continue;
    }
    const Pager::Step step = pager->accept(page_);
    const bool passed = take_step(step, now);
    const bool at_end = step.caught_up || step.stuck || (!step.trades.empty() && !passed);
    if (step.stuck) warn_of_repeats();
    if (at_end && !tracker_.missing()) joined();
    parts_.outlet.flush();
    if (at_end && repair_wanted()) {
      // REST has less than the stream: it lags. Ask again from the last trade, until the bound on waiting ends it.
      pager.reset();
      co_await parts_.loop.sleep(lag_pause);
    }
  }
  if (!parts_.loop.stopping()) {
    parts_.log.info(was_loading ? "history loaded" : "sequence complete",
                    {{"market", market_.name()}, {"trades", std::to_string(statistics_.trades.value() - trades_before)}});
  }
}

void MarketFlow::warn_of_repeats() {
  parts_.log.warning("REST gives the same page of trades again and again",
                     {{"market", market_.name()}, {"host", parts_.rest.host()}, {"next", "asking again from the last trade"}});
}

void MarketFlow::push_origin() {
  if (origin_pushed_ || !origin_) return;
  origin_pushed_ = true;
  const Timestamp received = parts_.clock.passed(flow::monotonic_now()).value_or(*origin_);
  parts_.outlet.push(Event::of(market_.id, Tick{*origin_, received}));
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
  while (step.missing && tracker_.missing() && tracker_.missing()->first <= step.missing->last) record_hole(now);
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
  if (subscribed_ && proof_wanted_) proven_ = true;
  proof_wanted_ = false;
}

std::optional<std::size_t> MarketFlow::due_hole(Duration now) const {
  for (std::size_t i = 0; i < recorded_.size(); ++i) {
    if (recorded_[i].next_attempt <= now) return i;
  }
  return std::nullopt;
}

net::Task<void> MarketFlow::fill_recorded_holes() {
  while (!parts_.loop.stopping()) {
    const std::optional<std::size_t> due = due_hole(flow::monotonic_now());
    if (!due || rest_name_.empty() || loading_) {
      co_await parts_.loop.sleep(Duration::seconds(1));
      continue;
    }
    RecordedHole recorded = recorded_[*due];
    if (too_large(recorded.hole)) {  // told once, and left
      tell_next_attempt(recorded);
      recorded_.erase(recorded_.begin() + static_cast<std::ptrdiff_t>(*due));
      continue;
    }
    const bool filled = co_await fill(recorded);
    if (parts_.loop.stopping()) co_return;
    // Others may have been added meanwhile, behind; none is removed but here.
    if (filled) {
      recorded_.erase(recorded_.begin() + static_cast<std::ptrdiff_t>(*due));
      statistics_.holes_filled.add();
      continue;
    }
    recorded.next_attempt = flow::monotonic_now() + fill_delays[std::min(recorded.attempts, fill_delays.size() - 1)];
    ++recorded.attempts;
    recorded_[*due] = recorded;
    tell_next_attempt(recorded);
  }
}

// The first failures are told each, later ones come hours apart.
void MarketFlow::tell_next_attempt(const RecordedHole& recorded) {
  const Hole& hole = recorded.hole;
  const bool large = too_large(hole);
  const std::string next = large ? "too large for the background: candled --gap-fill closes it"
                                 : "trying again in " + to_text(recorded.next_attempt - flow::monotonic_now() + Duration::milliseconds(1));
  parts_.log.info("hole still open", {{"market", market_.name()},
                                      {"first_missing_id", std::to_string(hole.first_missing_id)},
                                      {"last_missing_id", std::to_string(hole.last_missing_id)},
                                      {"next", next}});
}

// Fetches a recorded hole; its trades are pushed only when all of them are there.
net::Task<bool> MarketFlow::fill(RecordedHole& recorded) {
  const Hole& hole = recorded.hole;
  if (!recorded.start) {
    const Timestamp guess = hole.proven_until.ns > 0 ? hole.proven_until - step_back : hole.detected;
    RestResult<std::optional<PageStart>> start = co_await parts_.rest.locate(rest_name_, hole.first_missing_id, guess);
    if (!start || !*start) co_return false;
    recorded.start = **start;
  }
  std::vector<Trade> found;
  const bool complete = co_await fetch_hole(recorded, found);
  if (!complete || parts_.loop.stopping()) co_return false;
  parts_.outlet.begin();
  for (const Trade& trade : found) {
    parts_.outlet.push(Event::of(market_.id, trade));
    statistics_.trades.add();
  }
  parts_.outlet.push(Event::hole_filled(market_.id, hole));
  parts_.outlet.flush();
  parts_.log.info("hole filled", {{"market", market_.name()},
                                  {"first_missing_id", std::to_string(hole.first_missing_id)},
                                  {"last_missing_id", std::to_string(hole.last_missing_id)}});
  co_return true;
}

net::Task<bool> MarketFlow::fetch_hole(const RecordedHole& recorded, std::vector<Trade>& found) {
  const Hole& hole = recorded.hole;
  const std::unique_ptr<Pager> pager = make_pager(parts_.rest.descriptor(), *recorded.start);
  TradesPage page;
  while (!parts_.loop.stopping()) {
    PageRequest request = pager->next();
    RestResult<void> got = co_await parts_.rest.ask_trades(rest_name_, request, page);
    if (!got) co_return false;
    const Pager::Step step = pager->accept(page);
    if (step.caught_up || step.stuck || (step.missing && step.missing->first <= hole.last_missing_id)) co_return false;
    for (const Trade& trade : step.trades) {
      if (trade.id <= hole.last_missing_id) found.push_back(trade);
    }
    if (!found.empty() && found.back().id == hole.last_missing_id) co_return true;
  }
  co_return false;
}

}  // namespace candled::ingest
