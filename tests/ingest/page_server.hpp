// PageServer: REST of an exchange that is asked for pages of trades, in memory, with what real ones do differently.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>

#include "ingest/pager.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {

struct PageServer {
  std::vector<Trade> trades;  // ascending
  std::size_t page_rows = 1000;
  bool newest_first = false;     // a window is answered by the newest trades up to its end, and they come newest first
  std::int64_t oldest_kept = 0;  // older ones were deleted; asked for them, it gives the oldest that it has
  int requests = 0;

  TradesPage answer(const PageRequest& request) {
    ++requests;
    TradesPage page;
    const auto kept = std::ranges::lower_bound(trades, oldest_kept, {}, &Trade::id);
    if (request.since) {
      for (auto trade = kept; trade != trades.end() && page.trades.size() < page_rows; ++trade) {
        if (trade->time > *request.since) page.trades.push_back(*trade);
      }
    } else if (newest_first || !request.ids) {
      const auto end = request.ids ? std::ranges::upper_bound(trades, request.ids->last, {}, &Trade::id) : trades.end();
      const auto rows =
          std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(page_rows), std::max<std::ptrdiff_t>(end - kept, 0));
      page.trades.assign(end - rows, end);
      if (newest_first) std::ranges::reverse(page.trades);
    } else {
      const auto first = std::max(kept, std::ranges::lower_bound(trades, request.ids->first, {}, &Trade::id));
      page.trades.assign(
          first, first + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(page_rows), trades.end() - first));
    }
    page.rows = page.trades.size();
    return page;
  }
};

struct PageWalk {
  std::vector<std::int64_t> ids;
  std::vector<IdRange> missing;
  bool stuck = false;
};

inline PageWalk walk_over(PageServer& server, Pager& pager) {
  PageWalk walk;
  for (;;) {
    REQUIRE(server.requests < 5'000);
    TradesPage page = server.answer(pager.next());
    const Pager::Step step = pager.accept(page);
    if (step.missing) walk.missing.push_back(*step.missing);
    for (const Trade& trade : step.trades) walk.ids.push_back(trade.id);
    walk.stuck = step.stuck;
    if (step.caught_up || step.stuck) return walk;
  }
}

// Trades 5000, 5001, ...; up to `group` of them share one time.
inline std::vector<Trade> trade_bursts(std::int64_t count, std::uint64_t group, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<Trade> trades;
  Timestamp time = test_epoch;
  while (static_cast<std::int64_t>(trades.size()) < count) {
    time = time + Duration::nanoseconds(static_cast<std::int64_t>(1 + random() % 50'000'000));
    for (std::uint64_t i = 0, n = 1 + random() % group; i < n; ++i) {
      trades.push_back(trade_of(5'000 + static_cast<std::int64_t>(trades.size()), time));
    }
  }
  return trades;
}

}  // namespace candled::ingest
