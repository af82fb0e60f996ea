// StoredHistory: the stored candles of a market in time order, each with what the order book gave it, a slice at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "candled/domain/book_facts.hpp"
#include "candled/domain/candle.hpp"
#include "candled/domain/market.hpp"
#include "candled/store/reader.hpp"

namespace candled::engine {

class StoredHistory {
 public:
  // The reader is not owned. Only candles that were closed by a head event up to this number.
  StoredHistory(const store::Reader& reader, const Market& market, std::int64_t sequence_max = INT64_MAX)
      : reader_(reader), market_(market), sequence_max_(sequence_max) {}

  // Takes the next so many candles; false behind the last one.
  bool next(std::size_t candles_max) {
    candles_ = reader_.candles_after(market_.id, reached_, candles_max, sequence_max_);
    if (candles_.empty()) return false;
    reached_ = candles_.back().open_time;
    books_ = reader_.book_facts(market_.id, candles_.front().open_time, reached_ + market_.interval);
    return true;
  }
  const std::vector<Candle>& candles() const { return candles_; }

  // Calls work(candle, book) for each candle of the slice; the book is null where there was none.
  template <class Work>
  void for_each(Work work) const {
    auto book = books_.begin();
    for (const Candle& candle : candles_) {
      while (book != books_.end() && book->open_time < candle.open_time) ++book;
      const bool has_book = book != books_.end() && book->open_time == candle.open_time;
      work(candle, has_book ? &*book : nullptr);
    }
  }

 private:
  const store::Reader& reader_;
  const Market& market_;
  std::int64_t sequence_max_;
  Timestamp reached_{INT64_MIN};
  std::vector<Candle> candles_;
  std::vector<BookFacts> books_;
};

}  // namespace candled::engine
