// BookBoard: what the subscribers of each market's order book have been shown, and the frames that show them the next state.
//
// As Kraken does it: a snapshot, then updates with the levels that changed, quantity 0 for one that is gone, nothing for one that
// was pushed beyond the depth, and the CRC32 of the best ten of each side behind the update. Some messages name a price twice or
// remove a level that is not there, which the protocol allows.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "simulator/book_maker.hpp"
#include "simulator/link.hpp"
#include "simulator/simulated_market.hpp"

namespace candled::simulator {

constexpr std::array<std::size_t, 5> book_depths{10, 25, 100, 500, 1000};

class BookBoard {
 public:
  explicit BookBoard(std::uint64_t seed) : seed_(seed) {}

  // The state that subscribers of this depth have been shown; where there are none (`shared` false), the state of the last trade.
  Frame snapshot(const SimulatedMarket& market, std::size_t depth, bool shared, Timestamp now);
  // From the state shown to that of the market's last trade; null when nothing changed. A dropped message is null, too.
  Frame update(const SimulatedMarket& market, std::size_t depth);

  // Faults: so many next messages (of the symbol, or of every market) have a wrong checksum, or are not sent.
  void spoil(const std::string& symbol, std::int64_t messages) { wrong_left_[symbol] += messages; }
  void drop(const std::string& symbol, std::int64_t messages) { unsent_left_[symbol] += messages; }
  void clear_faults();

 private:
  using Countdown = std::map<std::string, std::int64_t>;  // by symbol; "" stands for all
  static bool counts_down(Countdown& left, const std::string& symbol);
  const BookMaker& maker(const SimulatedMarket& market);
  BookView current(const SimulatedMarket& market, std::size_t depth);

  std::uint64_t seed_;
  std::map<std::string, BookMaker> makers_;
  std::map<std::pair<std::string, std::size_t>, BookView> shown_;
  Countdown wrong_left_, unsent_left_;
};

}  // namespace candled::simulator
