// Connections: what all of them share, and how one begins.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <list>

#include "candled/flow/log.hpp"
#include "server/access.hpp"
#include "server/rate_limiter.hpp"
#include "server/routes.hpp"
#include "server/stream_clients.hpp"

namespace candled::server {

class Connection;

// Lives on the thread in run().
struct Shared {
  const ServerSettings& settings;
  AccessRules access;
  Routes& routes;
  HttpStatistics& http;
  flow::Log& log;
  RateLimiter& limiter;
  StreamClients& streams;
  std::function<void()> before_query;   // sets the deadline of the journal's queries
  std::list<Connection*> waiting = {};  // for a request, the longest first
};

// Serves the connection until it ends; it owns itself.
void serve(boost::asio::ip::tcp::socket socket, Shared& shared);

// Closes the connection that has waited longest for a request, if it has for at least `idle_min`.
bool close_longest_waiting(Shared& shared);

}  // namespace candled::server
