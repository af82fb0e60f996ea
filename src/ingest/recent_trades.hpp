// RecentTrades: the newest trades of one market that passed, to tell one that is sent again from another trade that carries a number which
// is stored already (of another exchange, of another simulation, of a broken row). Pure; owns no heap memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "candled/domain/trade.hpp"

namespace candled::ingest {

class RecentTrades {
 public:
  enum class Verdict {
    repeat,   // the same trade
    foreign,  // it cannot be a trade of this sequence
    old,      // nothing speaks against it; it passed too long ago to be compared
  };

  // The last one that is stored, whose content is not known.
  void start_behind(std::int64_t id, Timestamp time) { last_id_ = id, last_time_ = time; }

  void passed(const Trade& trade) {
    last_id_ = trade.id, last_time_ = trade.time;
    slot(trade.id) = {trade.id, trade.time, trade.price, trade.quantity};
  }

  // Of a trade whose id is not above the last one. Ids and times rise together, but for disorder_max.
  Verdict judge(const Trade& trade) const {
    const Passed& known = slots_[index(trade.id)];
    if (known.id == trade.id && known.time.ns != 0) {
      const bool same = known.price == trade.price && known.quantity == trade.quantity &&
                        trade.time < known.time + rounding && known.time < trade.time + rounding;
      return same ? Verdict::repeat : Verdict::foreign;
    }
    return trade.id <= last_id_ && trade.time > last_time_ + disorder_max ? Verdict::foreign : Verdict::old;
  }

  static constexpr Duration disorder_max = Duration::seconds(5);  // of the stamps of neighbours

 private:
  static constexpr std::size_t kept = 256;
  static constexpr Duration rounding = Duration::milliseconds(1);  // REST and the stream round times differently
  struct Passed {
    std::int64_t id = 0;
    Timestamp time;
    Price price;
    Quantity quantity;
  };
  static std::size_t index(std::int64_t id) { return static_cast<std::uint64_t>(id) % kept; }
  Passed& slot(std::int64_t id) { return slots_[index(id)]; }

  std::array<Passed, kept> slots_{};
  std::int64_t last_id_ = INT64_MIN;
  Timestamp last_time_;
};

}  // namespace candled::ingest
