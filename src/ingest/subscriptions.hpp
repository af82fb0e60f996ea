// Subscriptions: the trades that one connection asks for, and what the exchange answers: one market by its symbol, the markets of
// one request by its number, or all of them at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/connection.hpp"
#include "ingest/link_context.hpp"

namespace candled::ingest {

class Subscriptions {
 public:
  explicit Subscriptions(const LinkContext& context) : context_(context) {}

  // Asks for all markets that are not refused.
  void ask(Connection& connection, Duration now);
  bool asked() const { return asked_at_.has_value(); }
  // Asks for one market again whose stream is silent.
  void renew(Connection& connection, LinkMarket& market, Duration now);
  // Ends the connection when answers are overdue. True: it did.
  bool cut_overdue(Connection& connection, Duration now) const;

  void take(const SubscriptionReply& reply, Connection& connection, Duration now);

 private:
  bool concerns(const SubscriptionReply& reply, const std::string& symbol) const;

  const LinkContext& context_;
  std::optional<Duration> asked_at_;
  std::vector<StreamRequest> requests_;
};

}  // namespace candled::ingest
