// Feed: live trades of all markets, in id order, each exactly once or inside a recorded sequence gap.
//
// Pushes head events, per market in this order: trades with ids that go up by one; `sequence gap` before the first trade after ids that
// could not be fetched; late trades and then `hole_filled` when they could be fetched after all; watermarks that prove the
// market's trades complete up to a time of the exchange's clock; with an order book, one `book` per interval, before the live
// trade or watermark that reaches the interval's end. A fresh market whose history is fetched starts with a watermark at the
// aligned start of that history.
//
// A market that the exchange does not know is switched off with one line. When none is left on an exchange, its link says
// so, closes, and tries again every ten minutes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/log.hpp"
#include "candled/flow/world.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "candled/ingest/made_trade.hpp"
#include "candled/ingest/settings.hpp"

namespace candled::ingest {

// What the store has of one market at start-up.
struct MarketCursor {
  std::optional<std::int64_t>
      last_id;          // every id up to it is stored or inside a recorded sequence gap; none: a fresh market
  Timestamp last_time;  // of the last stored trade
  std::vector<SequenceGap> open_sequence_gaps;  // recorded and not filled
  // A market with trades without ids only, of files: the last of them. What follows is fetched from the start of its candle on.
  std::optional<MadeTrade> last_made = {};
  bool unproven = false;  // the last stored watermark proves nothing
  Timestamp newest = {};  // of all that is stored of the market: trades with made ids and candles as well
};

class Feed {
 public:
  // cursors: by market id, or empty when all markets are fresh. log, statistics and world must outlive the feed,
  // which is all that the world runs while the feed does; the feed must outlive the channel's receiver, which wakes it.
  // Throws std::runtime_error with one line for what can never work: an unknown exchange, a bad URL, an unreadable ca_file.
  Feed(ExchangeTable exchanges, FeedSettings settings, const MarketTable& markets, std::vector<MarketCursor> cursors,
       flow::Sender out, flow::Log& log, FeedStatistics& statistics, flow::World& world);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Runs on the calling thread until request_stop(); then closes the connections politely (within a second), closes `out`
  // and returns. Blocks while `out` is full, which pushes back to the sockets. Call once.
  void run();
  // Any thread, any time, any number of times.
  void request_stop();

 private:
  class Run;
  std::unique_ptr<Run> run_;
};

}  // namespace candled::ingest
