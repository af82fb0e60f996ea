// Evidence: bad input is counted; the first is kept in the log, cut short, and then one more at times.
#pragma once

#include <string_view>

#include "candled/flow/log.hpp"
#include "candled/ingest/feed_statistics.hpp"

namespace candled::ingest {

class Evidence {
 public:
  Evidence(flow::Log& log, ExchangeStatistics& statistics) : log_(log), statistics_(statistics) {}

  // text: what was received; bad: how many frames or rows.
  void bad(std::string_view host, std::string_view problem, std::string_view text, std::size_t bad, Duration now);

 private:
  flow::Log& log_;
  ExchangeStatistics& statistics_;
  Duration told_at_;
  std::size_t untold_ = 0;
};

}  // namespace candled::ingest
