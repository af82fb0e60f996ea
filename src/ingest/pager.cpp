#include "ingest/pager.hpp"

#include <algorithm>

#include "ingest/backward_pager.hpp"
#include "ingest/id_pager.hpp"
#include "ingest/time_pager.hpp"

namespace candled::ingest {

void TradesPage::clear() {
  trades.clear();
  rows = bad_rows = 0;
  last.reset();
  problem.clear();
}

void sort_rows(std::vector<Trade>& rows) {
  if (!std::ranges::is_sorted(rows, {}, &Trade::id)) std::ranges::stable_sort(rows, {}, &Trade::id);
  const auto repeated = std::ranges::unique(rows, {}, &Trade::id);
  rows.erase(repeated.begin(), repeated.end());
}

std::unique_ptr<Pager> make_pager(const ExchangeDescriptor& exchange, const PageStart& start) {
  if (exchange.paging == Paging::by_id)
    return std::make_unique<IdPager>(start, exchange.page_rows_max, exchange.numbers);
  return std::make_unique<TimePager>(start, exchange.page_rows_max, exchange.numbers);
}

std::unique_ptr<Pager> make_pager(const ExchangeDescriptor& exchange, const BackwardStart& start) {
  if (exchange.paging == Paging::by_id) {
    return std::make_unique<BackwardIdPager>(start, exchange.page_rows_max, exchange.numbers);
  }
  return std::make_unique<BackwardTimePager>(start, exchange.page_rows_max, exchange.numbers);
}

}  // namespace candled::ingest
