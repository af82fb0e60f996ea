// RowReader: the candles of one market in time order, each with the feature row that is stored for it, a slice at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/book_facts.hpp"
#include "candled/domain/candle.hpp"
#include "candled/domain/market.hpp"

namespace candled::store {

struct CandleWithRow {
  Candle candle;
  std::optional<BookFacts> book;     // the order book's facts
  std::int64_t candle_sequence = 0;  // of the head event that closed it; 0: imported, or written by a revision
  std::string hash;                  // of the feature list; empty: no row is stored
  std::vector<double> features;
  std::int64_t row_sequence = 0;  // 0: computed from stored candles, not live
};

// One connection: use it from one thread at a time. Throws StoreError like Reader.
class RowReader {
 public:
  RowReader(const std::filesystem::path& path, const Market& market);
  ~RowReader();

  std::int64_t candle_count() const;
  // The next so many; empty after the last one.
  std::vector<CandleWithRow> next(std::size_t count_max);
  // From where on rows computed from stored candles are due to be rebuilt because a candle changed.
  std::optional<Timestamp> features_due() const;
  // The same again from the first candle on.
  void begin_again();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
