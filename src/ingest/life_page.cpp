#include "ingest/life_page.hpp"

#include "ingest/recent_trades.hpp"

namespace candled::ingest {
namespace {

// REST rounds a time differently than the stream; the last trade itself must be on the page.
constexpr Duration step_back = Duration::milliseconds(1);

}  // namespace

PageRequest ask_behind(const ExchangeDescriptor& exchange, const LastKnown& last) {
  if (exchange.paging == Paging::by_time) return {last.time - step_back, {}};
  if (!last.id) return {};
  return {{}, IdRange{*last.id, *last.id + static_cast<std::int64_t>(exchange.page_rows_max) - 1}};
}

LifePage read_behind(const ExchangeDescriptor& exchange, const LastKnown& last, const TradesPage& page) {
  const Trade* more = nullptr;
  const Trade* foreign = nullptr;
  bool reached = !last.id;
  for (const Trade& trade : page.trades) {
    const bool behind = last.id ? trade.id > *last.id : trade.time >= last.time;
    if (behind && (more == nullptr || trade.id < more->id)) more = &trade;
    if (last.id && trade.id < *last.id && trade.time > last.time + RecentTrades::disorder_max) foreign = &trade;
    reached = reached || trade.id == last.id;
  }
  if (foreign != nullptr) return {LifePage::Verdict::foreign, *foreign};
  if (more != nullptr) return {LifePage::Verdict::more, *more};
  const bool whole = page.bad_rows == 0 && page.rows < exchange.page_rows_max;
  return {reached && whole ? LifePage::Verdict::nothing_more : LifePage::Verdict::unclear, {}};
}

}  // namespace candled::ingest
