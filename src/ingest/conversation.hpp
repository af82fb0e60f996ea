// Conversation: what is said on one connection: what a frame means to the markets, and what they ask for.
//
// Watermarks. A watermark says "this market is complete up to this time", so it must not overtake a trade that the exchange has stamped
// and that is still on its way. What proves a time:
//   - A read that had to wait found the socket empty when it was issued: all that had arrived by then has been handled, so the
//     exchange's clock at that moment counts. A frame that was already lying there proves nothing: under back-pressure it may
//     be old, and trades may lie behind it.
//   - The newest trade stamp on this connection: the exchange sends in order.
// The exchange's clock itself is a lower bound (ExchangeClock). From the larger of the two, `feed_delay` times the market's
// rate is taken off, for trades that take longer from their stamp to us than the quickest do.
#pragma once

#include <memory>
#include <string_view>

#include "ingest/book_subscriptions.hpp"
#include "ingest/connection.hpp"
#include "ingest/link_context.hpp"
#include "ingest/subscriptions.hpp"
#include "ingest/suspect_trades.hpp"

namespace candled::ingest {

class Conversation {
 public:
  // The context must outlive it.
  Conversation(const LinkContext& context, std::shared_ptr<Connection> connection);

  Connection& connection() { return *connection_; }
  bool ended() const { return ended_; }
  // Every market was answered, and trades or books came.
  bool delivered() const { return data_heard_ && !unanswered(context_.markets); }
  void end() { ended_ = true; }

  // A frame: `asked` is when its read was issued.
  void hear(std::string_view text, Duration asked, Duration arrived);
  // Asks for the markets, unless that is done or the exchange still has time to speak first.
  void ask_if_due(Duration now);
  // Several times a second: deadlines, silence, pings, books. since_last_look: how long this thread was away.
  void tend(Duration now, Duration since_last_look);
  void release_suspects(Duration now) { suspects_.release(now); }

 private:
  void take_trades(Duration arrived);
  void accept(std::size_t market, Trade trade, Duration arrived);
  void prove_markets(Duration asked, Duration arrived);

  const LinkContext& context_;
  std::shared_ptr<Connection> connection_;
  Subscriptions subscriptions_;
  BookSubscriptions books_;
  SuspectTrades suspects_;
  Frame frame_;
  Duration pinged_;
  bool ended_ = false;
  bool heard_ = false;  // a first frame came
  bool data_heard_ = false;
  Timestamp newest_stamp_;  // of any trade
  Timestamp proven_;
};

}  // namespace candled::ingest
