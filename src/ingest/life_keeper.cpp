#include "ingest/life_keeper.hpp"

#include <algorithm>

namespace candled::ingest {
namespace {

constexpr Duration idle = Duration::hours(1);
constexpr Duration look_again = Duration::milliseconds(100);  // while somebody waits and may not be asked for yet

}  // namespace

// The one that waits longest of those that may be asked for.
MarketFlow* LifeKeeper::next(std::optional<Timestamp> time, Duration now) {
  MarketFlow* longest = nullptr;
  for (LinkMarket& market : markets_) {
    MarketFlow& flow = *market.flow;
    if (!time || !flow.may_ask_for_life(*time, now)) continue;
    if (longest == nullptr || flow.waiting_since() < longest->waiting_since()) longest = &flow;
  }
  return longest;
}

bool LifeKeeper::anybody_waits() const {
  return std::ranges::any_of(markets_, [](const LinkMarket& market) { return market.flow->waits_for_life(); });
}

bool LifeKeeper::repairing() const {
  return std::ranges::any_of(markets_, [](const LinkMarket& market) { return market.flow->repairing(); });
}

net::Task<void> LifeKeeper::keep() {
  while (!loop_.stopping()) {
    if (!anybody_waits()) {
      co_await wanted_.wait(idle);
      continue;
    }
    const Duration now = loop_.now();
    const std::optional<Timestamp> asked = clock_.passed(now);
    MarketFlow* const flow = next(asked, now);
    if (flow == nullptr || repairing() || !rest_.has_spare(now)) {
      co_await loop_.sleep(std::max(look_again, rest_.spare_wait(now)));
      continue;
    }
    rest_.spend_spare(now);
    RestResult<void> got = co_await rest_.ask_trades(flow->rest_name(), flow->life_request(), page_);
    if (loop_.stopping()) co_return;
    if (got) flow->life_answered(page_, *asked, loop_.now());
  }
}

}  // namespace candled::ingest
