// SequenceGapWalk: a walk over the ids of one recorded sequence gap over REST, a request at a time, wherever in time they lie. Pure: the caller
// fetches.
//
//   walk.next() -> fetch that page -> walk.accept(page) -> trades of the gap; until ended
//
// A request that failed is made again by asking next() once more: nothing of the walk is lost.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "ingest/id_locator.hpp"
#include "ingest/pager.hpp"

namespace candled::ingest {

class SequenceGapWalk {
 public:
  // missing: the ids. start: of a walk whose first trade is the first of them, where it is known; else one is searched for from `guess` on, any
  // time near them.
  SequenceGapWalk(const ExchangeDescriptor& exchange, IdRange missing, std::optional<PageStart> start, Timestamp guess);

  PageRequest next() const { return pager_ ? pager_->next() : PageRequest{locator_.probe(), {}}; }

  struct Step {
    std::span<const Trade> trades = {};  // of the gap, ascending ids, without a jump; valid until the next accept()
    bool ended = false;                  // no more of them can be had now
  };
  Step accept(TradesPage& page);

 private:
  Step locate(const TradesPage& page);
  void page_from(PageStart start);

  const ExchangeDescriptor& exchange_;
  IdRange missing_;
  IdLocator locator_;
  std::unique_ptr<Pager> pager_;  // null while the start is searched for
  int pages_without_news_ = 0;
  int empty_pages_ = 0;  // in a row
};

}  // namespace candled::ingest
