// BookRecorder: turns the states of one order book into the facts of each candle interval.
//
// The owner first takes what is due, then shows the change:
//
//   while (std::optional<BookFacts> facts = recorder.close_due(time)) ...send it...
//   recorder.begin(book, time) after a snapshot, recorder.update(book) after an update, recorder.lost() when the book is wrong
//
// Only two-sided books may be shown. Pure; one thread at a time; owns no memory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "candled/domain/book_facts.hpp"

namespace candled {

class BookRecorder {
 public:
  // interval > 0 (aborts), that of the market's candles.
  explicit BookRecorder(Duration interval);

  // The book's clock has reached `time`. Returns the facts of the oldest interval that has ended by then and was not returned
  // yet; none for intervals at whose end the book was not known. A time that steps back is ignored. A jump over more than a
  // day of intervals means that nobody watched: the book counts as lost and the jump gives no facts.
  std::optional<BookFacts> close_due(Timestamp time);

  void begin(const OrderBook& book, Timestamp time);
  void update(const OrderBook& book);  // nothing happens unless knows()
  void lost();
  bool knows() const { return known_; }

 private:
  // The best ranks of the book as last shown; integers in the units of Price and Quantity.
  struct Side {
    std::array<BookLevel, BookFacts::ranks_max> levels{};
    std::size_t count = 0;
  };
  void show(const OrderBook& book);
  void count_state();
  void start_interval(Timestamp open_time, bool whole);
  BookFacts facts_of_interval() const;

  Duration interval_;
  Timestamp open_time_;   // of the interval at hand
  bool started_ = false;  // open_time_ means something
  bool known_ = false;    // sides hold the book
  bool whole_ = false;    // and have since the interval began
  Side bid_, ask_;
  std::uint32_t updates_ = 0;
  double states_ = 0;
  double spread_sum_ = 0;
  std::array<double, 3> imbalance_sum_{};
  std::array<double, BookFacts::ranks_max> flow_{}, depth_sum_{};  // units of Quantity
};

}  // namespace candled
