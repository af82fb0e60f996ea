// BookSubscriptions: the order books that one connection asks for, and what comes of them. They are asked for when the trades are
// subscribed, so that a refusal that names only the market is known to be about its book, and nothing about them ever costs the
// connection.
#pragma once

#include "ingest/connection.hpp"
#include "ingest/link_context.hpp"

namespace candled::ingest {

class BookSubscriptions {
 public:
  explicit BookSubscriptions(const LinkContext& context) : context_(context) {}

  void take(const Frame& frame, Duration arrived);
  // False: the reply is about trades.
  bool take(const SubscriptionReply& reply);
  // Several times a second, once the trades are asked for.
  void tend(Connection& connection, Duration now);

 private:
  void tend(std::size_t depth, Connection& connection, Duration now);

  const LinkContext& context_;
};

}  // namespace candled::ingest
