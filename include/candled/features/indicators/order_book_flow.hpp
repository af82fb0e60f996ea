// What order books of several candles say. A candle without a book, or with one that was not known throughout, empties the
// window: a sum over it would be of something else. Source of the flow: candled/domain/book_facts.hpp.
#pragma once

#include <cstddef>

#include "candled/domain/book_facts.hpp"
#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

// Multi-level order-flow imbalance: of each of the best `levels` ranks the flow of a candle in units of the rank's mean depth,
// averaged over the ranks, summed over n candles. Warm-up: n candles.
class OrderBookFlow {
 public:
  OrderBookFlow(int levels, int n) : levels_(levels), flow_(n) {}

  void update(const Bar& bar) {
    if (bar.book == nullptr || !bar.book->whole) return clear();
    double flow = 0;
    int ranks = 0;
    for (int i = 0; i < levels_; ++i) {
      const BookRank& rank = bar.book->ranks[static_cast<std::size_t>(i)];
      if (rank.depth_mean <= 0) break;
      flow += rank.order_flow / rank.depth_mean;
      ++ranks;
    }
    flow_.update(ranks > 0 ? flow / ranks : 0);
  }
  bool ready() const { return flow_.ready(); }
  double value() const { return flow_.value(); }
  void clear() { flow_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    flow_.state(archive);
  }

 private:
  int levels_;
  RollingSum flow_;
};

// The last number of a book over its mean in the last n candles. Warm-up: n candles.
template <double (*Read)(const BookFacts&)>
class BookAgainstMean {
 public:
  explicit BookAgainstMean(int n) : sum_(n) {}

  void update(const Bar& bar) {
    if (bar.book == nullptr) return clear();
    last_ = Read(*bar.book);
    sum_.update(last_);
  }
  bool ready() const { return sum_.ready(); }
  double value() const { return ratio(last_, sum_.mean()); }
  void clear() { sum_.clear(); }

  template <class Archive>
  void state(Archive& archive) {
    sum_.state(archive);
    archive(last_);
  }

 private:
  RollingSum sum_;
  double last_ = 0;
};

// Base currency that stands in the best ten ranks of both sides at the close.
inline double standing_depth(const BookFacts& book) {
  double depth = 0;
  for (const BookRank& rank : book.ranks) depth += rank.bid.quantity.to_double() + rank.ask.quantity.to_double();
  return depth;
}
inline double book_updates(const BookFacts& book) { return book.updates; }

}  // namespace candled::features
