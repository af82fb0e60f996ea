// MarketBook: the order book of one market on the wire: applied, checked, requested again when it is wrong, and its facts sent
// on as head events. An extra: whatever happens to it, trades go on.
//
// Pure but for the log and the outlet; the link sends what it asks for. Times without a stamp are local (monotonic).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "candled/domain/book_recorder.hpp"
#include "candled/domain/market.hpp"
#include "candled/flow/log.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "ingest/book_check.hpp"
#include "ingest/outlet.hpp"

namespace candled::ingest {

class MarketBook {
 public:
  // check: null where nothing but a crossed book shows that something is wrong.
  MarketBook(const Market& market, std::size_t depth, std::unique_ptr<BookCheck> check, Outlet& outlet, flow::Log& log,
             MarketStatistics& statistics);

  const Market& market() const { return market_; }
  std::size_t depth() const { return book_.depth(); }
  // From the exchange's list of markets.
  void set_precision(BookPrecision listed) {
    if (check_) check_->set_precision(listed);
  }

  // The subscription of this connection.
  bool to_be_asked() const { return state_ == State::off; }
  void asked(Duration now);
  bool is_waiting() const { return state_ == State::waiting; }
  // While waiting. One line, the first time; not asked again on this connection.
  void refuse(std::string_view reason);
  void disconnected();

  // A message about this book. A stamp later than `latest_possible` is no stamp; `arrived`, the exchange's clock now where that
  // is known, stands in for one that is missing.
  void take(const StreamBook& message, std::span<const BookEntry> entries, std::optional<Timestamp> arrived,
            Timestamp latest_possible, Duration now);
  // The exchange's clock has passed this time: sends the facts of what has ended. Ahead of the trade or watermark with that time.
  void reach(Timestamp time) {
    if (time > reached_) reach_later(time);
  }

  // True when the subscription is to be rebuilt: unsubscribe, subscribe, once; then call resynced(). At most once in 5 s, ever
  // less often while it does not help.
  bool resync_due(Duration now) const;
  void resynced(Duration now);
  // Ends the wait for a first snapshot that took too long.
  void tend(Duration now);

 private:
  enum class State {
    off,      // not asked on this connection
    waiting,  // asked, no snapshot yet
    valid,
    broken,  // to be requested again
    refused,
  };

  void reach_later(Timestamp time);
  void apply(const StreamBook& message, std::span<const BookEntry> entries);
  const char* problem_of(const StreamBook& message);
  void fail(const char* problem, Duration now);
  void enter(State state);

  const Market& market_;
  std::unique_ptr<BookCheck> check_;
  Outlet& outlet_;
  flow::Log& log_;
  MarketStatistics& statistics_;
  OrderBook book_;
  BookRecorder recorder_;
  State state_ = State::off;
  Timestamp reached_;  // the book's clock
  Duration asked_at_;
  bool snapshot_seen_ = false;  // on this connection
  std::optional<Duration> last_resync_;
  Duration resync_pause_;  // between the last resync and the next
  Duration valid_since_;
  bool refusal_told_ = false;
};

}  // namespace candled::ingest
