#include "ingest/recorded_sequence_gaps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace candled::ingest {
namespace {

constexpr Duration step_back = Duration::seconds(1);  // a search starts this much before what was proven
constexpr int failures_max = 3;                       // of one request, before others have their turn
constexpr int pages_per_turn = 20;                    // of one gap, when another waits
constexpr std::size_t pieces_max = 1000;              // of one gap; an exchange that tears more holes is not believed
// From one attempt that brought nothing to the next.
constexpr std::array attempt_pauses = {Duration::seconds(5), Duration::seconds(15), Duration::minutes(1),
                                       Duration::minutes(5), Duration::minutes(15), Duration::minutes(60)};
constexpr Duration failed_pause_max = Duration::minutes(1);  // an outage says nothing about the gap
constexpr Duration told_every = Duration::seconds(5);
constexpr Duration filling_ends = Duration::seconds(30);  // after this long without a page its rate is counted anew
constexpr Duration idle = Duration::hours(1);

}  // namespace

void RecordedSequenceGaps::add(const SequenceGap& sequence_gap, std::optional<PageStart> start,
                               Duration first_attempt) {
  const IdRange ids{sequence_gap.first_missing_id, sequence_gap.last_missing_id};
  const Timestamp guess =
      sequence_gap.proven_until.ns > 0 ? sequence_gap.proven_until - step_back : sequence_gap.detected;
  auto recorded = std::make_shared<Recorded>();
  recorded->ids = ids;
  pieces_.push_back({std::move(recorded), ids, start, guess, first_attempt});
  statistics_.missing.add(ids.count());
  work_.notify();
}

// The one that has waited longest.
RecordedSequenceGaps::Pieces::iterator RecordedSequenceGaps::next_piece() {
  return std::ranges::min_element(pieces_, {}, &Piece::next_attempt);
}

bool RecordedSequenceGaps::another_is_due(Pieces::iterator piece) const {
  const Duration now = parts_.loop.now();
  return std::ranges::any_of(pieces_,
                             [&](const Piece& other) { return &other != &*piece && other.next_attempt <= now; });
}

net::Task<void> RecordedSequenceGaps::keep_filling() {
  while (!parts_.loop.stopping()) {
    const Pieces::iterator next = next_piece();
    if (next == pieces_.end()) {
      co_await work_.wait(idle);
      continue;
    }
    const Duration wait = next->next_attempt - parts_.loop.now();
    if (wait.ns > 0) {
      co_await work_.wait(wait);
    } else if (!may_ask_()) {
      co_await parts_.loop.sleep(Duration::seconds(1));
    } else {
      co_await attempt(next);
    }
  }
}

// Walks over one piece until it is whole, the exchange has no more of it, or others should have their turn. Only here pieces end.
net::Task<void> RecordedSequenceGaps::attempt(Pieces::iterator piece) {
  begin(*piece->of);
  std::unique_ptr<SequenceGapWalk> walk = std::move(piece->walk);
  if (!walk)
    walk = std::make_unique<SequenceGapWalk>(parts_.rest.descriptor(), piece->missing, piece->start, piece->guess);
  int failures = 0;
  int pages = 0;
  while (true) {
    RestResult<void> got =
        co_await parts_.rest.ask_trades(rest_name_, walk->next(), page_, ExchangeRest::Urgency::background);
    if (parts_.loop.stopping()) co_return;
    if (!got) {
      const bool hopeless = got.error().kind == RestError::Kind::permanent || ++failures >= failures_max;
      if (!hopeless) continue;
      piece->walk = std::move(walk);
      put_off(piece, pages > 0, true);
      co_return;
    }
    failures = 0;
    const SequenceGapWalk::Step step = walk->accept(page_);
    if (!step.trades.empty()) {
      ++pages;
      const bool believed = take(piece, step.trades);
      if (!believed || piece->missing.count() <= 0) break;
    }
    if (step.ended) break;
    if (pages >= pages_per_turn && another_is_due(piece)) {
      piece->walk = std::move(walk);
      piece->next_attempt = parts_.loop.now();
      co_return;
    }
  }
  if (piece->missing.count() > 0) {
    put_off(piece, pages > 0, false);
    co_return;
  }
  done(*piece->of);
  pieces_.erase(piece);
}

// Passes trades of the piece on, and shortens it to what lies behind them. What lies in front of them the exchange does not have at present: a
// piece of its own. False: not taken.
bool RecordedSequenceGaps::take(Pieces::iterator piece, std::span<const Trade> trades) {
  const IdRange came{trades.front().id, trades.back().id};
  if (came.first > piece->missing.first) {
    if (piece->of->pieces >= pieces_max) return false;
    ++piece->of->pieces;
    pieces_.push_back({piece->of, {piece->missing.first, came.first - 1}, piece->start, piece->guess, {}});
    put_off(std::prev(pieces_.end()), false, false);
  }
  parts_.outlet.begin();
  for (const Trade& trade : trades) parts_.outlet.push(Event::of(market_.id, trade));
  const Timestamp now = parts_.clock.passed(parts_.loop.now()).value_or(trades.back().received);
  parts_.outlet.push(
      Event::sequence_gap_filled(market_.id, SequenceGap{came.first, came.last, now, trades.back().time}));
  parts_.outlet.flush();
  piece->missing.first = came.last + 1;
  piece->start = PageStart{.from = trades.back().time, .last_id = came.last};
  piece->of->trades += came.count();
  filled_trades_ += came.count();
  statistics_.trades.add(came.count());
  statistics_.missing.add(-came.count());
  tell_progress();
  return true;
}

void RecordedSequenceGaps::put_off(Pieces::iterator piece, bool brought, bool failed) {
  const std::size_t level = brought ? 0 : std::min(piece->fruitless, attempt_pauses.size() - 1);
  const Duration pause = failed ? std::min(attempt_pauses[level], failed_pause_max) : attempt_pauses[level];
  piece->fruitless = brought ? 0 : piece->fruitless + 1;
  piece->next_attempt = parts_.loop.now() + pause;
  if (!brought) tell_open(*piece, pause);
}

// The first failures are told each, later ones come hours apart.
void RecordedSequenceGaps::tell_open(const Piece& piece, Duration pause) {
  parts_.log.info("hole still open", {{"market", market_.name()},
                                      {"first_missing_id", std::to_string(piece.missing.first)},
                                      {"last_missing_id", std::to_string(piece.missing.last)},
                                      {"next", "trying again in " + to_text(pause)}});
}

void RecordedSequenceGaps::begin(Recorded& recorded) {
  const Duration now = parts_.loop.now();
  if (!recorded.began) recorded.began = now;
  if (last_page_at_.ns != 0 && now - last_page_at_ < filling_ends) return;
  filling_since_ = told_at_ = last_page_at_ = now;
  filled_trades_ = 0;
}

void RecordedSequenceGaps::tell_progress() {
  const Duration now = parts_.loop.now();
  last_page_at_ = now;
  if (now - told_at_ < told_every || filled_trades_ == 0) return;
  told_at_ = now;
  const std::int64_t remaining = statistics_.missing.value();
  const double per_second =
      static_cast<double>(filled_trades_) / (static_cast<double>((now - filling_since_).ns) / 1e9);
  const Duration left = Duration::seconds(static_cast<std::int64_t>(static_cast<double>(remaining) / per_second));
  parts_.log.info("filling holes", {{"market", market_.name()},
                                    {"trades", std::to_string(filled_trades_)},
                                    {"per_second", fmt::format("{:.0f}", per_second)},
                                    {"remaining", std::to_string(remaining)},
                                    {"left", to_text(left)}});
}

void RecordedSequenceGaps::done(Recorded& recorded) {
  if (--recorded.pieces > 0) return;
  statistics_.sequence_gaps_filled.add();
  const double seconds = static_cast<double>((parts_.loop.now() - *recorded.began).ns) / 1e9;
  parts_.log.info("hole filled", {{"market", market_.name()},
                                  {"first_missing_id", std::to_string(recorded.ids.first)},
                                  {"last_missing_id", std::to_string(recorded.ids.last)},
                                  {"trades", std::to_string(recorded.trades)},
                                  {"seconds", fmt::format("{:.1f}", seconds)}});
}

}  // namespace candled::ingest
