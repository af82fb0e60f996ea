#include "ingest/book_subscriptions.hpp"

#include <algorithm>

namespace candled::ingest {

void BookSubscriptions::take(const Frame& frame, Duration arrived) {
  const ExchangeClock& clock = context_.clock.clock();
  const Timestamp limit = clock.stamp_limit(arrived, context_.loop.wall_now());
  for (const StreamBook& message : frame.books) {
    LinkMarket& market = context_.markets[message.market];
    if (!market.book || market.flow->refused()) continue;
    const std::span<const BookEntry> entries(frame.book_entries.data() + message.first, message.count);
    market.book->take(message, entries, clock.passed(arrived), limit, arrived);
  }
}

bool BookSubscriptions::take(const SubscriptionReply& reply) {
  const auto concerns = [&](const LinkMarket& market) {
    if (!market.book || !market.book->is_waiting()) return false;
    return reply.symbol.empty() || reply.symbol == market.symbol();
  };
  const bool refused = !reply.accepted && reply.permanent;
  // Trades are subscribed and a book is waited for: a refusal that does not say what it is about is the book's.
  const bool ours = reply.book || (refused && std::ranges::any_of(context_.markets, [&](const LinkMarket& market) {
                                     return concerns(market) && market.flow->is_subscribed();
                                   }));
  if (!ours || !refused) return ours;
  for (LinkMarket& market : context_.markets) {
    if (concerns(market)) market.book->refuse(reply.text);
  }
  return true;
}

void BookSubscriptions::tend(Connection& connection, Duration now) {
  if (unanswered(context_.markets) || all_refused(context_.markets)) return;
  for (const std::size_t depth : context_.descriptor.book_depths) tend(depth, connection, now);
}

void BookSubscriptions::tend(std::size_t depth, Connection& connection, Duration now) {
  std::vector<std::string> symbols;
  for (LinkMarket& market : context_.markets) {
    if (!market.book || market.flow->refused() || market.book->depth() != depth) continue;
    market.book->tend(now);
    if (market.book->to_be_asked()) {
      symbols.push_back(market.symbol());
      market.book->asked(now);
    } else if (market.book->resync_due(now)) {
      connection.send(context_.exchange.unsubscribe_books({market.symbol()}, depth));
      connection.send(context_.exchange.subscribe_books({market.symbol()}, depth));
      market.book->resynced(now);
    }
  }
  if (!symbols.empty()) connection.send(context_.exchange.subscribe_books(symbols, depth));
}

}  // namespace candled::ingest
