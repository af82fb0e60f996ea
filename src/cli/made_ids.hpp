// MadeIds: which trades without ids are stored already, with an id or without, and ids for those that are not.
//
// Such a trade is known by its content: time, price, quantity, side, and how many of these a file has. A stamp of whole units fits a finer
// one of the same unit, a side that is not known fits any (domain/made_id.hpp). What is stored keeps its id; a new one gets the first that is
// free from its microsecond on.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/trade.hpp"
#include "candled/domain/trade_content.hpp"
#include "candled/store/reader.hpp"

namespace candled::cli {

class MadeIds {
 public:
  struct Row {
    Trade trade;
    std::uint32_t file = 0;  // no two rows of one file are the same trade
  };
  enum class Stored : std::uint8_t { no, without_id, with_id };
  struct Settled {
    Trade trade;
    Stored stored = Stored::no;
  };

  // `reader` is not owned. What is stored later is not seen, but for what settle() gave out.
  MadeIds(const store::Reader& reader, const Market& market);

  // All imported trades of one microsecond; microseconds rise from call to call. Each keeps the id it has where that is free, but where
  // files were cut inside one stamp: what a file has in front of stored trades of the stamp goes in front of them. `last`: no more
  // will come. Returned by rising ids.
  std::vector<Settled> settle(const std::vector<Row>& group, bool last);

 private:
  struct Seen {
    Trade trade;
    std::vector<std::uint32_t> files = {};  // that have it
    bool is_new = false;
  };
  // Trades of about the time at hand, with ids or without.
  struct Around {
    std::deque<Seen> trades;
    // In the order of `trades`.
    std::unordered_map<PricedQuantity, std::deque<Seen*>, PricedQuantityHash> by_amount;
    void add(Seen seen);
    template <class Visit>
    void drop_before(Timestamp time, Visit visit);  // visit(trade): of each that goes
  };

  void move_to(Timestamp time);
  bool goes_on(std::uint32_t file) const { return file < begun_.size() && begun_[file]; }
  void note_begun(const std::vector<Row>& group);
  std::size_t count_in_front(const std::vector<Row>& group, const std::vector<Seen*>& same, bool last) const;
  std::optional<std::int64_t> ids_in_front(Timestamp stamp, std::size_t count) const;
  std::vector<std::int64_t> free_ids(const std::vector<Row>& group, const std::vector<std::size_t>& fresh,
                                     std::int64_t base, std::int64_t given_before) const;
  Seen* find_same(const Row& row);
  Seen* find_stamp(Around& around, const Row& row, bool with_id);

  const store::Reader& reader_;
  const Market& market_;
  Timestamp loaded_to_{INT64_MIN}, last_stored_{INT64_MIN};
  Duration page_;
  Around made_, own_;
  std::unordered_set<std::int64_t> taken_;  // ids of those in made_
  std::vector<bool> begun_;                 // files that had a row of an earlier microsecond
  std::int64_t given_to_ = INT64_MIN;
};

}  // namespace candled::cli
