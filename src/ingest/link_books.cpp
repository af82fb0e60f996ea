// The order books of a link. They are asked for when the trades are subscribed, so that a refusal that names only the market is
// known to be about its book, and nothing about them ever costs the connection.
#include <algorithm>

#include "ingest/exchange_link.hpp"

namespace candled::ingest {

void ExchangeLink::handle_books(Duration arrived) {
  const std::optional<Timestamp> clock = clock_.passed(arrived);
  const Timestamp latest =
      std::min(clock_.possible_until(arrived, parts_.loop.wall_now()), clock_.believable_until(arrived));
  const Timestamp limit = stamps_trusted_ ? clock_.possible_until(arrived, parts_.loop.wall_now()) : latest;
  for (const StreamBook& message : frame_.books) {
    MarketBook* book = books_[message.market].get();
    if (book == nullptr || markets_[message.market]->refused()) continue;
    const std::span<const BookEntry> entries(frame_.book_entries.data() + message.first, message.count);
    book->take(message, entries, clock, limit, arrived);
  }
}

bool ExchangeLink::handle_book_reply(const SubscriptionReply& reply) {
  const auto concerns = [&](std::size_t i) {
    if (!books_[i] || !books_[i]->is_waiting()) return false;
    return reply.symbol.empty() || reply.symbol == markets_[i]->market().symbol;
  };
  bool ours = reply.book;
  for (std::size_t i = 0; i < books_.size() && !ours && !reply.accepted; ++i) {
    // Trades are subscribed and a book is waited for: a refusal that does not say what it is about is the book's.
    ours = concerns(i) && markets_[i]->is_subscribed() && reply.permanent;
  }
  for (std::size_t i = 0; i < books_.size() && ours && !reply.accepted && reply.permanent; ++i) {
    if (concerns(i)) books_[i]->refuse(reply.text);
  }
  return ours;
}

void ExchangeLink::tend_books(const Shared& connection, Duration now) {
  if (!connection->asked || unanswered() || all_refused()) return;
  for (const std::size_t depth : {std::size_t{10}, std::size_t{25}}) {
    std::vector<std::string> symbols;
    for (std::size_t i = 0; i < books_.size(); ++i) {
      MarketBook* book = books_[i].get();
      if (book == nullptr || markets_[i]->refused() || book->depth() != depth) continue;
      book->tend(now);
      const std::vector<std::string> symbol{book->market().symbol};
      if (book->to_be_asked()) {
        symbols.push_back(symbol.front());
        book->asked(now);
      } else if (book->resync_due(now)) {
        send(connection, exchange_->book_unsubscribe_message(symbol, depth));
        send(connection, exchange_->book_subscribe_message(symbol, depth));
        book->resynced(now);
      }
    }
    if (!symbols.empty()) send(connection, exchange_->book_subscribe_message(symbols, depth));
  }
}

}  // namespace candled::ingest
