// BookMessage: one message of an order book, before a dialect writes it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "candled/domain/time.hpp"
#include "simulator/book_maker.hpp"

namespace candled::simulator {

struct BookMessage {
  const Instrument* instrument = nullptr;
  std::shared_ptr<const BookView> book = {};     // as it stands behind this message; of a snapshot: the whole of it
  std::vector<ShownLevel> bids = {}, asks = {};  // of an update: what changed, quantity 0 for a level that is gone
  // Ids of the trades that the book stood around before this message and stands around now: a numbering without gaps.
  std::int64_t from_trade = 0, to_trade = 0;
  Timestamp time = {};
  bool wrong = false;  // fault: what tells a client that its book is right (a checksum, an update id) is not
};

}  // namespace candled::simulator
