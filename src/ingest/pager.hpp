// Pager: a walk through the trades of one market over REST, page by page, forwards or backwards. Pure: the caller fetches.
//
//   pager->next() -> fetch that page -> pager->accept(page) -> new trades; until caught_up or stuck
//
// An exchange pages by time or by id; each has a pager of its own for either direction (time_pager.hpp, id_pager.hpp,
// backward_pager.hpp), and make_pager() takes the right one. Where a walk starts with what the exchange does not page by,
// that is searched for first (id_locator.hpp, time_locator.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/trade.hpp"
#include "candled/ingest/exchange_descriptor.hpp"
#include "ingest/sequence_tracker.hpp"

namespace candled::ingest {

// One answer of the exchange.
struct TradesPage {
  std::vector<Trade> trades;      // rows that could be read, in the order of the exchange
  std::size_t rows = 0;           // all rows
  std::size_t bad_rows = 0;       // those that could not be read
  std::optional<Timestamp> last;  // the exchange's cursor for the next page, where it gives one that makes sense
  std::string problem;            // of the first bad row

  void clear();
};

// What to ask for. An exchange takes what it pages by, and gives its newest page where that is absent.
struct PageRequest {
  std::optional<Timestamp> since =
      {};  // by time: the trades after it; whether a trade at it belongs to them does not matter
  std::optional<IdRange> ids = {};  // by id: these, at most page_rows_max of them
};

// Where a walk begins.
struct PageStart {
  Timestamp from = {};                       // no trade before this
  std::optional<std::int64_t> last_id = {};  // only ids above this one; none: whatever comes first
  bool jump_allowed = false;  // the first trade may leave a gap above last_id: it is reported without asking again
  std::optional<std::int64_t> first_id =
      {};  // by id, where the walk does not begin above last_id: no trade from `from` on is below
  std::optional<std::int64_t> known_id =
      {};  // a trade of this id exists: where a page finds nothing below it, there is nothing
};

// Where a walk backwards begins: below before_id, or before a time where that is not known. It ends at `from`, or above last_id.
struct BackwardStart {
  Timestamp before = {};
  std::optional<std::int64_t> before_id = {};  // by id: needed
  Timestamp from = {};
  std::optional<std::int64_t> last_id = {};
};

class Pager {
 public:
  virtual ~Pager() = default;

  virtual PageRequest next() const = 0;

  struct Step {
    std::span<const Trade> trades = {};   // new, ascending ids, without a jump; valid until the next accept()
    std::optional<IdRange> missing = {};  // between what came before and these: the exchange does not have them
    bool caught_up = false;               // there was nothing new
    bool stuck = false;  // the exchange gives the same known page whatever it is asked for; nothing more can be had now
  };
  virtual Step accept(TradesPage& page) = 0;
};

std::unique_ptr<Pager> make_pager(const ExchangeDescriptor& exchange, const PageStart& start);
std::unique_ptr<Pager> make_pager(const ExchangeDescriptor& exchange, const BackwardStart& start);

// Puts the rows in id order, each once.
void sort_rows(std::vector<Trade>& rows);

}  // namespace candled::ingest
