// Routes: from a request that was let in to its answer. No socket here.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "candled/server/server.hpp"
#include "candled/store/view_reader.hpp"
#include "server/message.hpp"
#include "server/target.hpp"

namespace candled::server {

// What the connections count, shown among the metrics. One thread.
struct HttpStatistics {
  std::map<unsigned, std::int64_t> responses;  // by status
  std::int64_t connections = 0;                // open now
  std::int64_t refused_connections = 0;        // closed at once because there were too many
};

class Routes {
 public:
  Routes(const MarketTable& markets, const ServerSources& sources, const HttpStatistics& http,
         store::ViewReader& journal);

  Response answer(const Request& request);

 private:
  Response dispatch(const Target& target);
  Response health();
  Response metrics() const;
  Response status();
  Response newest_prediction(const Target& target, std::string_view symbol);
  Response view(const Target& target, std::string_view name, store::View view);

  const MarketTable& markets_;
  const ServerSources& sources_;
  const HttpStatistics& http_;
  store::ViewReader& journal_;
};

}  // namespace candled::server
