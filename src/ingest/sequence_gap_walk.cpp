#include "ingest/sequence_gap_walk.hpp"

#include <algorithm>

namespace candled::ingest {
namespace {

constexpr int empty_pages_max = 5;  // in a row, before it is believed: a trade behind the gap is known
// An exchange that answers with ever new pages of other trades is not answering what it is asked.
constexpr int pages_without_news_max = 200;

}  // namespace

SequenceGapWalk::SequenceGapWalk(const ExchangeDescriptor& exchange, IdRange missing, std::optional<PageStart> start,
                                 Timestamp guess)
    : exchange_(exchange), missing_(missing), locator_(missing.first, guess) {
  if (start) {
    page_from(*start);
  } else if (exchange.paging == Paging::by_id) {
    page_from({.last_id = missing.first - 1});
  }
}

void SequenceGapWalk::page_from(PageStart start) {
  start.known_id = missing_.last + 1;
  pager_ = make_pager(exchange_, start);
}

SequenceGapWalk::Step SequenceGapWalk::locate(const TradesPage& page) {
  const Timestamp probe = locator_.probe();
  switch (locator_.accept(page)) {
    case IdLocator::Verdict::ask_again: return {};
    case IdLocator::Verdict::nowhere: return {.ended = true};
    case IdLocator::Verdict::found: page_from({.from = probe, .last_id = missing_.first - 1});
  }
  return {};
}

SequenceGapWalk::Step SequenceGapWalk::accept(TradesPage& page) {
  if (!pager_) return locate(page);
  empty_pages_ = page.rows == 0 ? empty_pages_ + 1 : 0;
  const Pager::Step step = pager_->accept(page);
  const auto behind =
      std::ranges::find_if(step.trades, [this](const Trade& trade) { return trade.id > missing_.last; });
  const std::span<const Trade> trades = step.trades.first(static_cast<std::size_t>(behind - step.trades.begin()));
  pages_without_news_ = trades.empty() ? pages_without_news_ + 1 : 0;
  const bool at_end = !step.trades.empty() && step.trades.back().id >= missing_.last;
  if (step.caught_up && empty_pages_ > 0 && empty_pages_ < empty_pages_max) return {};
  return {trades, at_end || step.caught_up || step.stuck || pages_without_news_ > pages_without_news_max};
}

}  // namespace candled::ingest
