#include "ingest/market_book.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "candled/domain/event.hpp"

namespace candled::ingest {
namespace {

constexpr Duration snapshot_wait = Duration::seconds(10);
constexpr Duration resync_pause_min = Duration::seconds(5);
constexpr Duration resync_pause_max = Duration::minutes(5);
constexpr Duration healthy_after = Duration::minutes(1);  // a book that held for so long is asked for again soon

}  // namespace

MarketBook::MarketBook(const Market& market, std::size_t depth, std::unique_ptr<BookCheck> check, Outlet& outlet,
                       flow::Log& log, MarketStatistics& statistics)
    : market_(market),
      check_(std::move(check)),
      outlet_(outlet),
      log_(log),
      statistics_(statistics),
      book_(depth),
      recorder_(market.interval),
      resync_pause_(resync_pause_min) {}

void MarketBook::enter(State state) {
  state_ = state;
  statistics_.book_valid.set(state == State::valid ? 1 : 0);
  if (state != State::valid) recorder_.lost();
}

void MarketBook::asked(Duration now) {
  asked_at_ = now;
  enter(State::waiting);
}

void MarketBook::refuse(std::string_view reason) {
  enter(State::refused);
  if (refusal_told_) return;
  refusal_told_ = true;
  log_.warning("no order book", {{"market", market_.name()},
                                 {"depth", std::to_string(depth())},
                                 {"reason", std::string(reason)},
                                 {"next", "going on without; asked again with the next connection"}});
}

void MarketBook::disconnected() {
  book_.clear();
  snapshot_seen_ = false;
  enter(State::off);
}

void MarketBook::reach_later(Timestamp time) {
  reached_ = time;
  while (const std::optional<BookFacts> facts = recorder_.close_due(time)) {
    outlet_.push(Event::of(market_.id, std::make_unique<BookFacts>(*facts)));
    statistics_.book_facts.add();
  }
}

void MarketBook::apply(const StreamBook& message, std::span<const BookEntry> entries) {
  if (message.snapshot) book_.clear();
  for (const BookEntry& entry : entries) book_.set(entry.side, entry.level.price, entry.level.quantity);
  book_.truncate();
}

// Null when the book stands as the exchange has it.
const char* MarketBook::problem_of(const StreamBook& message) {
  if (!message.readable) return "a message that cannot be read";
  if (book_.crossed()) return "bids at or above asks";
  return check_ ? check_->problem_of(book_, message) : nullptr;
}

void MarketBook::fail(const char* problem, Duration now) {
  statistics_.book_mismatches.add();
  if (now - valid_since_ >= healthy_after && state_ == State::valid) resync_pause_ = resync_pause_min;
  enter(State::broken);
  const Duration wait = last_resync_ ? std::max(Duration{}, *last_resync_ + resync_pause_ - now) : Duration{};
  log_.warning("order book broken",
               {{"market", market_.name()},
                {"problem", problem},
                {"next", fmt::format("asking for it anew{}",
                                     wait.ns > 0 ? fmt::format(" in {} ms", wait.ns / 1'000'000) : "")}});
}

void MarketBook::take(const StreamBook& message, std::span<const BookEntry> entries, std::optional<Timestamp> arrived,
                      Timestamp latest_possible, Duration now) {
  if (state_ == State::off || state_ == State::refused) return;
  if (!message.snapshot && state_ != State::valid) return;
  const bool stamped = message.time && *message.time <= latest_possible;
  const std::optional<Timestamp> time = stamped ? message.time : arrived;
  if (time) reach(*time);
  apply(message, entries);
  snapshot_seen_ = snapshot_seen_ || message.snapshot;
  if (const char* problem = problem_of(message)) return fail(problem, now);
  if (state_ != State::valid) valid_since_ = now;
  if (message.snapshot) recorder_.lost();
  enter(State::valid);
  statistics_.book_updates.add();
  if (!book_.two_sided()) {
    recorder_.lost();
  } else if (recorder_.knows()) {
    recorder_.update(book_);
  } else if (reached_ != Timestamp{}) {
    recorder_.begin(book_, reached_);
  }
}

bool MarketBook::resync_due(Duration now) const {
  const bool lost =
      state_ == State::broken || (state_ == State::waiting && snapshot_seen_ && now - asked_at_ > snapshot_wait);
  return lost && (!last_resync_ || now - *last_resync_ >= resync_pause_);
}

void MarketBook::resynced(Duration now) {
  if (last_resync_) resync_pause_ = std::min(resync_pause_ * 2, resync_pause_max);
  last_resync_ = now;
  statistics_.book_resyncs.add();
  asked(now);
}

void MarketBook::tend(Duration now) {
  if (state_ == State::waiting && !snapshot_seen_ && now - asked_at_ > snapshot_wait)
    refuse("no answer within " + to_text(snapshot_wait));
}

}  // namespace candled::ingest
