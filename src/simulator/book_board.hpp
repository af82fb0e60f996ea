// BookBoard: what the subscribers of each market's order book have been shown, and the messages that show them the next state.
//
// A snapshot, then updates with the levels that changed, quantity 0 for one that is gone. Where clients cut their books to the depth, nothing
// is said of a level that was pushed beyond it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "simulator/book_message.hpp"
#include "simulator/simulated_market.hpp"

namespace candled::simulator {

class BookBoard {
 public:
  BookBoard(std::uint64_t seed, bool clients_cut) : seed_(seed), clients_cut_(clients_cut) {}

  // The state that subscribers of this depth have been shown; where there are none (`shared` false), the state of the last trade.
  BookMessage snapshot(const SimulatedMarket& market, std::size_t depth, bool shared, Timestamp now);
  // From the state shown to that of the market's last trade; nullopt when nothing changed, and for a dropped message.
  std::optional<BookMessage> update(const SimulatedMarket& market, std::size_t depth);

  // Faults: so many next messages (of the symbol, or of every market) are wrong, or are not sent.
  void spoil(const std::string& symbol, std::int64_t messages) { wrong_left_[symbol] += messages; }
  void drop(const std::string& symbol, std::int64_t messages) { unsent_left_[symbol] += messages; }
  void clear_faults();

 private:
  struct Shown {
    std::shared_ptr<const BookView> book;
    std::int64_t trade = 0;  // it stands around; 0: none yet
  };
  using Countdown = std::map<std::string, std::int64_t>;  // by symbol; "" stands for all
  static bool counts_down(Countdown& left, const std::string& symbol);
  Shown current(const SimulatedMarket& market, std::size_t depth);

  std::uint64_t seed_;
  bool clients_cut_;
  std::map<std::string, BookMaker> makers_;
  std::map<std::pair<std::string, std::size_t>, Shown> shown_;
  Countdown wrong_left_, unsent_left_;
};

}  // namespace candled::simulator
