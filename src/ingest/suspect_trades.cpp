#include "ingest/suspect_trades.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace candled::ingest {

namespace {

constexpr std::size_t simulation_from = 10'000;  // trades that wait for one Time answer

}  // namespace

Timestamp SuspectTrades::limit(Duration now) const {
  const ExchangeClock& clock = context_.clock.clock();
  const Timestamp wall = context_.loop.wall_now();
  return simulation_ ? clock.possible_until(now, wall) : clock.stamp_limit(now, wall);
}

void SuspectTrades::suspect(const StreamTrade& row, Duration arrived) {
  std::vector<Suspect>& waiting = waiting_[row.market];
  context_.markets[row.market].flow->doubt();
  waiting.push_back({row.trade, arrived});
  if (++waiting_count_ >= simulation_from) simulation_ = true;
  if (waiting.size() == 1) context_.clock.doubt();
}

void SuspectTrades::refuse_below(const StreamTrade& row, Duration now) {
  std::vector<Suspect>& waiting = waiting_[row.market];
  for (const Suspect& one : waiting) {
    if (one.trade.id < row.trade.id) refuse(row.market, one.trade, now);
  }
  waiting_count_ -= std::erase_if(waiting, [&row](const Suspect& one) { return one.trade.id < row.trade.id; });
}

void SuspectTrades::refuse(std::size_t market, const Trade& trade, Duration now) {
  MarketFlow& flow = *context_.markets[market].flow;
  context_.evidence.bad(context_.host,
                        fmt::format("trade {} of {} stamped {}, ahead of the exchange's clock", trade.id,
                                    flow.market().name(), to_iso8601(trade.time)),
                        "", 1, now);
  flow.doubt();
}

void SuspectTrades::look(Duration now) {
  const ExchangeClock& clock = context_.clock.clock();
  const Timestamp believed = limit(now);
  for (std::size_t market = 0; market < waiting_.size(); ++market) {
    if (waiting_[market].empty()) continue;
    std::vector<Suspect> still;
    context_.outlet.begin();
    const std::vector<Suspect> waiting = std::exchange(waiting_[market], {});
    for (const Suspect& one : waiting) {
      const bool answered = clock.answered_at() && *clock.answered_at() > one.arrived;
      if (one.trade.time <= believed) {
        accept_(market, one.trade, now);
      } else if (answered || now - one.arrived > context_.settings.hold_back) {
        refuse(market, one.trade, now);
      } else {
        still.push_back(one);
      }
    }
    context_.outlet.flush();
    waiting_count_ -= waiting.size() - still.size();
    waiting_[market] = std::move(still);
  }
}

}  // namespace candled::ingest
