// RecordedSequenceGaps: the sequence gaps of one market that were recorded, asked for again in the background, ever less often, until they are
// filled. Trades of a gap are pushed only when all of them are there.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "ingest/market_parts.hpp"
#include "ingest/pager.hpp"

namespace candled::ingest {

class RecordedSequenceGaps {
 public:
  // rest_name: what REST calls the market; known once may_ask() says so.
  RecordedSequenceGaps(MarketParts parts, const Market& market, MarketStatistics& statistics,
                       const std::string& rest_name, std::function<bool()> may_ask)
      : parts_(parts), market_(market), statistics_(statistics), rest_name_(rest_name), may_ask_(std::move(may_ask)) {}

  // start: of a walk over it, where known. Times are local (monotonic).
  void add(const SequenceGap& sequence_gap, std::optional<PageStart> start, Duration first_attempt);
  // Runs for as long as the loop does.
  net::Task<void> keep_filling();

 private:
  struct Recorded {
    SequenceGap sequence_gap;
    std::optional<PageStart> start;
    std::size_t attempts = 0;
    Duration next_attempt;
  };

  std::optional<std::size_t> due(Duration now) const;
  void tell_open(const Recorded& recorded, const std::string& next);
  net::Task<bool> fill(Recorded& recorded);
  net::Task<bool> fetch(const Recorded& recorded, std::vector<Trade>& found);

  MarketParts parts_;
  const Market& market_;
  MarketStatistics& statistics_;
  const std::string& rest_name_;
  std::function<bool()> may_ask_;
  std::vector<Recorded> sequence_gaps_;
};

}  // namespace candled::ingest
