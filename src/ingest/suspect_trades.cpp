#include "ingest/suspect_trades.hpp"

namespace candled::ingest {
namespace {

constexpr Duration stamp_disorder_max = Duration::seconds(5);  // between neighbours of one market

}  // namespace

// The next trade tells whether the row is broken or the clock is wrong; till then the trade waits.
void SuspectTrades::suspect(const StreamTrade& row, Duration arrived) {
  std::optional<Trade>& waiting = waiting_[row.market];
  if (waiting && row.trade.id > waiting->id && row.trade.time + stamp_disorder_max >= waiting->time) {
    stamps_trusted_ = true;
    context_.log.warning(
        "trades are stamped ahead of the exchange's clock, following them; is clock_rate right?",
        {{"exchange", context_.settings.name}, {"host", context_.host}, {"stamp", to_iso8601(row.trade.time)}});
    accept_(row.market, *waiting, arrived);
    waiting.reset();
    return accept_(row.market, row.trade, arrived);
  }
  waiting = row.trade;
  context_.clock.doubt();
}

// The trade behind a suspect is stamped as it should be: the suspect is a broken row. Its id is fetched over REST.
void SuspectTrades::settle(std::size_t market, Duration arrived) {
  std::optional<Trade>& waiting = waiting_[market];
  if (stamps_trusted_) {
    accept_(market, *waiting, arrived);
  } else {
    context_.evidence.bad(context_.host,
                          "trade " + std::to_string(waiting->id) + " stamped " + to_iso8601(waiting->time) +
                              ", beyond the exchange's clock",
                          "", 1, arrived);
  }
  waiting.reset();
}

// The clock was asked again: what it covers now was no broken row.
void SuspectTrades::release(Duration now) {
  const Timestamp limit = context_.clock.clock().believable_until(now);
  for (std::size_t market = 0; market < waiting_.size(); ++market) {
    std::optional<Trade>& waiting = waiting_[market];
    if (!waiting || (waiting->time > limit && !stamps_trusted_)) continue;
    context_.outlet.begin();
    accept_(market, *waiting, now);
    context_.outlet.flush();
    waiting.reset();
  }
}

}  // namespace candled::ingest
