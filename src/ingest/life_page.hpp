// What one page of trades says about a market that is silent on the stream. Pure.
#pragma once

#include <optional>

#include "candled/domain/trade.hpp"
#include "candled/ingest/exchange_descriptor.hpp"
#include "ingest/pager.hpp"

namespace candled::ingest {

// The last trade that is here; no id: none ever was.
struct LastKnown {
  std::optional<std::int64_t> id;
  Timestamp time;
};

struct LifePage {
  enum class Verdict {
    nothing_more,  // it ends with the last trade that is here
    more,          // it has trades behind that one: `trade` is the first
    foreign,       // it has trades of later time whose ids cannot belong to what is here: `trade` is one
    unclear,       // a row cannot be read, or the page does not reach to the last trade that is here
  };
  Verdict verdict = Verdict::unclear;
  Trade trade = {};
};

// The page that shows whether there is a trade behind the last one.
PageRequest ask_behind(const ExchangeDescriptor& exchange, const LastKnown& last);
LifePage read_behind(const ExchangeDescriptor& exchange, const LastKnown& last, const TradesPage& page);

}  // namespace candled::ingest
