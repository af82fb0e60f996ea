#include "ingest/id_locator.hpp"

#include <algorithm>

namespace candled::ingest {

IdLocator::Verdict IdLocator::accept(const TradesPage& page) {
  if (++probes_ > probes_max) return Verdict::nowhere;
  if (lies(page)) return Verdict::ask_again;
  for (const Trade& trade : page.trades) newest_ = std::max(newest_, trade.time);
  const auto [least, most] = std::ranges::minmax_element(page.trades, {}, &Trade::id);
  const bool behind = page.trades.empty() || least->id > id_;
  if (behind) {
    if (probe_.ns <= 0) return Verdict::nowhere;
    behind_ = probe_;
  } else {
    before_ = probe_;
    const bool near = id_ - most->id <= pages_between_max * std::ssize(page.trades);
    if (near || (behind_ && *behind_ - *before_ <= near_enough)) return Verdict::found;
  }
  if (!before_) {
    probe_ = std::max(Timestamp{}, probe_ - step_);
    step_ = step_ * 4;
  } else if (!behind_) {
    // The guess was too early and there is more behind its page: go on from the page's end.
    probe_ = most->time - Duration::nanoseconds(1000);
  } else if (*behind_ - *before_ <= near_enough) {
    probe_ = *before_;
  } else {
    probe_ = *before_ + Duration{(*behind_ - *before_).ns / 2};
  }
  return Verdict::ask_again;
}

}  // namespace candled::ingest
