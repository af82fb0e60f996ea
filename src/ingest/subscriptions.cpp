#include "ingest/subscriptions.hpp"

#include <algorithm>

namespace candled::ingest {

void Subscriptions::ask(Connection& connection, Duration now) {
  std::vector<std::string> symbols;
  for (const LinkMarket& market : context_.markets) {
    if (!market.flow->refused()) symbols.push_back(market.symbol());
  }
  if (symbols.empty()) return connection.cut("no market to subscribe");
  asked_at_ = now;
  requests_ = context_.exchange.subscribe(symbols);
  connection.send(requests_);
}

void Subscriptions::renew(Connection& connection, LinkMarket& market, Duration now) {
  const std::vector<std::string> symbol{market.symbol()};
  market.flow->subscribing_again();
  asked_at_ = now;
  connection.send(context_.exchange.unsubscribe(symbol));
  connection.send(context_.exchange.subscribe(symbol));
}

bool Subscriptions::cut_overdue(Connection& connection, Duration now) const {
  const Duration patience = context_.settings.subscribe_timeout;
  if (!asked_at_ || now - *asked_at_ <= patience || !unanswered(context_.markets)) return false;
  connection.cut("subscription not answered within " + to_text(patience));
  return true;
}

bool Subscriptions::concerns(const SubscriptionReply& reply, const std::string& symbol) const {
  if (!reply.symbol.empty()) return reply.symbol == symbol;
  return std::ranges::any_of(requests_, [&](const StreamRequest& request) {
    return (!reply.number || request.number == reply.number) &&
           std::ranges::find(request.symbols, symbol) != request.symbols.end();
  });
}

void Subscriptions::take(const SubscriptionReply& reply, Connection& connection, Duration now) {
  if (reply.accepted) {
    for (LinkMarket& market : context_.markets) {
      if (!market.flow->refused() && concerns(reply, market.symbol())) market.flow->subscribed(now);
    }
    return;
  }
  const auto market = std::ranges::find(context_.markets, reply.symbol, &LinkMarket::symbol);
  if (market != context_.markets.end() && reply.permanent) {
    market->flow->refuse(reply.text, "this market is off, others live on");
    if (all_refused(context_.markets)) connection.cut("every market was refused");
    return;
  }
  // Passing, or about the whole request. Markets that it left without an answer get a new connection; backoff says when.
  const bool matters = unanswered(context_.markets);
  context_.log.warning("subscription refused",
                       {{"exchange", context_.settings.name},
                        {"host", context_.host},
                        {"reason", reply.text},
                        {"next", matters ? "connecting again" : "all markets are subscribed, going on"}});
  if (matters) connection.cut("subscription refused: " + reply.text);
}

}  // namespace candled::ingest
