#include "ingest/history_walk.hpp"

#include <algorithm>

#include "ingest/sequence_gap_walk.hpp"

namespace candled::ingest {
namespace {

constexpr Duration step_back = Duration::seconds(1);

}  // namespace

HistoryWalk::HistoryWalk(RestSession& session, const Market& market, const HistoryRequest& request, flow::Sender& out,
                         flow::Log& log, flow::World& world,
                         const std::function<void(const HistoryProgress&)>& progress)
    : session_(session),
      market_(market),
      request_(request),
      outlet_(out, world),
      log_(log),
      world_(world),
      progress_(progress),
      started_(world.now()) {}

net::Task<void> HistoryWalk::run() {
  // Each step has its own statement: g++ 12 makes wrong code for a wait inside a condition.
  bool going = co_await session_.prepare();
  if (!going) co_return;
  report_.from = request_.back ? floor_to(session_.now() - *request_.back, market_.interval) : request_.from;
  if (request_.no_later) report_.from = std::min(report_.from, *request_.no_later);
  report_.from = std::max(report_.from, request_.not_before);
  report_.reached = report_.from;
  going = co_await fetch_range();
  if (!session_.error()) record_jumps();
  if (going) going = co_await fill_sequence_gaps();
  report_.complete = going;
}

// The stored range that the walk would enter next: it holds the next id, or, before the first trade, the start.
const StoredRange* HistoryWalk::range_ahead() const {
  for (const StoredRange& range : request_.stored) {
    const bool next = last_id_ ? range.first_id <= *last_id_ + 1 && range.last_id > *last_id_
                               : range.first_time <= report_.from && range.last_time >= report_.from;
    if (next) return &range;
  }
  return nullptr;
}

const StoredRange* HistoryWalk::range_with(std::int64_t id) const {
  const auto behind = std::ranges::upper_bound(request_.stored, id, {}, &StoredRange::first_id);
  if (behind == request_.stored.begin() || (behind - 1)->last_id < id) return nullptr;
  return &*(behind - 1);
}

PageStart HistoryWalk::walk_start() {
  while (const StoredRange* range = range_ahead()) {
    if (!first_id_) first_id_ = range->first_id;
    last_id_ = range->last_id;
    report_.reached = std::max(report_.reached, range->last_time);
    walked_to_ = range->last_time;
  }
  if (!last_id_) return {.from = report_.from};
  return {.from = walked_to_ - step_back, .last_id = last_id_};
}

net::Task<bool> HistoryWalk::fetch_range() {
  std::unique_ptr<Pager> pager;
  while (!session_.stopping()) {
    if (request_.to && last_id_ && walked_to_ >= *request_.to) co_return true;
    if (!pager) {
      std::optional<PageStart> start = co_await session_.place(walk_start());
      if (!start) co_return false;
      pager = session_.pager(*start);
    }
    bool answered = co_await session_.trades(pager->next(), page_);
    if (!answered) co_return false;
    ++report_.pages;
    const Pager::Step step = pager->accept(page_);
    if (repeats(step)) co_return false;
    outlet_.begin();
    const bool at_end = push_page(step);
    outlet_.flush();
    tell();
    if (at_end || step.caught_up) co_return true;
    if (range_ahead() != nullptr) pager.reset();
  }
  co_return false;
}

bool HistoryWalk::repeats(const Pager::Step& step) {
  if (!step.stuck) return false;
  session_.fail({Remedy::retry, "the exchange gives the same page of trades again and again at " +
                                    to_iso8601(walked_to_) + "; what came before it is stored"});
  return true;
}

// True when the walk has reached the end that was asked for.
bool HistoryWalk::push_page(const Pager::Step& step) {
  if (step.trades.empty()) return false;
  if (!last_id_ && !(request_.to && step.trades.front().time >= *request_.to)) begin_with(step.trades.front());
  if (step.missing) push_sequence_gap(*step.missing);
  for (const Trade& trade : step.trades) {
    if (request_.to && trade.time >= *request_.to) return true;
    if (!first_id_) first_id_ = trade.id;
    last_id_ = trade.id;
    walked_to_ = trade.time;
    report_.reached = std::max(report_.reached, trade.time);
    if (range_with(trade.id) != nullptr) continue;
    outlet_.push(Event::of(market_.id, trade));
    ++report_.trades;
  }
  return false;
}

// What follows is complete from the start on. A watermark says so where nothing is stored: else the start of the record lies elsewhere.
// Behind stored trades, the ids in between are missing.
void HistoryWalk::begin_with(const Trade& first) {
  report_.from_is_proven = true;
  if (request_.stored.empty()) {
    const Timestamp now = std::max(session_.now(), report_.from);
    const std::optional<SequenceGap> unseen =
        request_.last_made ? gap_behind(*request_.last_made, report_.from, now) : std::nullopt;
    if (unseen) {
      outlet_.push(Event::sequence_gap(market_.id, *unseen));
      ++report_.sequence_gaps;
    }
    outlet_.push(Event::of(market_.id, Watermark{report_.from, std::max(session_.now(), report_.from)}));
    return;
  }
  const auto behind = std::ranges::upper_bound(request_.stored, first.id, {}, &StoredRange::first_id);
  if (behind == request_.stored.begin() || (behind - 1)->last_id + 1 >= first.id) return;
  push_sequence_gap({(behind - 1)->last_id + 1, first.id - 1});
}

// Ids that the exchange does not have or that were not asked for, and that no stored trade has either.
void HistoryWalk::push_sequence_gap(const IdRange& missing) {
  missing_.push_back(missing);
  const bool known = std::ranges::any_of(request_.open_sequence_gaps, [&](const SequenceGap& sequence_gap) {
    return sequence_gap.first_missing_id <= missing.first && missing.last <= sequence_gap.last_missing_id;
  });
  if (known) return;
  outlet_.push(Event::sequence_gap(market_.id,
                                   SequenceGap{missing.first, missing.last, std::max(session_.now(), walked_to_), {}}));
  ++report_.sequence_gaps;
  log_.warning("hole recorded", {{"market", market_.name()},
                                 {"first_missing_id", std::to_string(missing.first)},
                                 {"last_missing_id", std::to_string(missing.last)},
                                 {"next", "candled --gap-fill asks for it again"}});
}

// The walk may end in front of stored trades, and earlier runs may have been cut off between them: nothing but a sequence gap would tell.
void HistoryWalk::record_jumps() {
  outlet_.begin();
  std::optional<std::int64_t> before;  // everything up to it is stored or accounted for
  for (const StoredRange& range : request_.stored) {
    const bool walked = first_id_ && *first_id_ < range.first_id && *last_id_ >= range.first_id;
    if (last_id_ && *last_id_ < range.first_id) before = std::max(before.value_or(*last_id_), *last_id_);
    if (!walked && before && *before + 1 < range.first_id) push_sequence_gap({*before + 1, range.first_id - 1});
    before = range.last_id;
  }
  outlet_.flush();
}

// What the walk went over is there, or was recorded just now as missing; the rest is asked for.
net::Task<bool> HistoryWalk::fill_sequence_gaps() {
  std::ranges::sort(missing_, {}, &IdRange::first);
  for (const SequenceGap& sequence_gap : request_.open_sequence_gaps) {
    const bool walked =
        first_id_ && *first_id_ <= sequence_gap.first_missing_id && *last_id_ >= sequence_gap.last_missing_id;
    if (!walked && !request_.repair_elsewhere) continue;
    const IdRange ids{sequence_gap.first_missing_id, sequence_gap.last_missing_id};
    const bool by_time = ids.first < 0;
    bool filled = false;
    if (walked) {
      filled = note_walked(ids);
    } else if (by_time) {
      filled = co_await fill_by_time(sequence_gap);
    } else {
      filled = co_await fill(sequence_gap);
    }
    if (session_.stopping() || session_.error()) co_return false;
    if (filled) ++report_.sequence_gaps_filled;
    log_.info(filled ? "hole filled" : "hole could not be filled",
              {{"market", market_.name()},
               {"first_missing_id", std::to_string(sequence_gap.first_missing_id)},
               {"last_missing_id", std::to_string(sequence_gap.last_missing_id)}});
  }
  co_return true;
}

void HistoryWalk::push_filled(const IdRange& came, Timestamp until) {
  outlet_.push(Event::sequence_gap_filled(market_.id,
                                          SequenceGap{came.first, came.last, std::max(session_.now(), until), until}));
}

// What of a sequence gap the walk did not miss has come. True: all of it.
bool HistoryWalk::note_walked(const IdRange& ids) {
  std::int64_t next = ids.first;
  bool whole = true;
  outlet_.begin();
  for (const IdRange& missing : missing_) {  // ascending
    if (missing.last < ids.first || missing.first > ids.last) continue;
    whole = false;
    if (missing.first > next) push_filled({next, missing.first - 1}, walked_to_);
    next = std::max(next, missing.last + 1);
  }
  if (next <= ids.last) push_filled({next, ids.last}, walked_to_);
  outlet_.flush();
  return whole;
}

net::Task<bool> HistoryWalk::fill(const SequenceGap& sequence_gap) {
  const Timestamp guess =
      sequence_gap.proven_until.ns > 0 ? sequence_gap.proven_until - step_back : sequence_gap.detected;
  IdRange missing{sequence_gap.first_missing_id, sequence_gap.last_missing_id};
  bool whole = true;
  SequenceGapWalk walk(session_.descriptor(), missing, std::nullopt, guess);
  while (!session_.stopping()) {
    bool answered = co_await session_.trades(walk.next(), page_);
    if (!answered) co_return false;
    ++report_.pages;
    const SequenceGapWalk::Step step = walk.accept(page_);
    if (!step.trades.empty()) {
      const IdRange came{step.trades.front().id, step.trades.back().id};
      outlet_.begin();
      for (const Trade& trade : step.trades) outlet_.push(Event::of(market_.id, trade));
      push_filled(came, step.trades.back().time);
      outlet_.flush();
      report_.trades += came.count();
      whole = whole && came.first == missing.first;
      missing.first = came.last + 1;
      tell();
    }
    if (missing.count() <= 0) co_return whole;
    if (step.ended) co_return false;
  }
  co_return false;
}

// Of a gap among trades without ids only the times are known: all that has an id there, from the start of its first candle on.
net::Task<bool> HistoryWalk::fill_by_time(const SequenceGap& sequence_gap) {
  const Timestamp to = time_of_made_id(sequence_gap.last_missing_id + 1);
  const Timestamp from = floor_to(time_of_made_id(sequence_gap.first_missing_id), market_.interval);
  const std::optional<PageStart> start = co_await session_.place({.from = from});
  if (!start) co_return false;
  const std::unique_ptr<Pager> pager = session_.pager(*start);
  while (!session_.stopping()) {
    bool answered = co_await session_.trades(pager->next(), page_);
    if (!answered) co_return false;
    ++report_.pages;
    const Pager::Step step = pager->accept(page_);
    if (step.stuck || step.missing) co_return false;
    outlet_.begin();
    bool reached = step.caught_up;
    for (const Trade& trade : step.trades) {
      reached = reached || trade.time >= to;
      if (reached && trade.time >= to && range_with(trade.id) != nullptr) break;
      if (range_with(trade.id) != nullptr) continue;
      outlet_.push(Event::of(market_.id, trade));
      ++report_.trades;
    }
    outlet_.flush();
    tell();
    if (!reached) continue;
    push_filled({sequence_gap.first_missing_id, sequence_gap.last_missing_id}, to);
    outlet_.flush();
    co_return true;
  }
  co_return false;
}

void HistoryWalk::tell() {
  const double seconds = static_cast<double>((world_.now() - started_).ns) / 1e9;
  const Timestamp end = request_.to.value_or(session_.now());
  const double whole = static_cast<double>((end - report_.from).ns);
  const double done = static_cast<double>((report_.reached - report_.from).ns);
  HistoryProgress progress{report_.trades, report_.reached, 0, 0, {}};
  progress.part_done = whole > 0 ? std::clamp(done / whole, 0.0, 1.0) : 1.0;
  if (seconds > 0) progress.trades_per_second = static_cast<double>(report_.trades) / seconds;
  if (progress.part_done > 0) {
    progress.left = Duration{static_cast<std::int64_t>(seconds * 1e9 * (1 - progress.part_done) / progress.part_done)};
  }
  if (progress_) progress_(progress);
}

}  // namespace candled::ingest
