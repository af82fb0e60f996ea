// FeatureRebuild: the feature rows of one market made anew from its stored candles, oldest first, a slice at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
#include "engine/stored_history.hpp"

namespace candled::engine {

class FeatureRebuild {
 public:
  // Reader and writer are lent; the list is the one that the writer was opened with.
  FeatureRebuild(const store::Reader& reader, store::JournalWriter& writer, const Market& market);

  // Makes the rows of the next so many candles and writes them in one transaction; behind the last one, notes that all rows of
  // the market are of this list. True while there is more to do.
  Result<bool> step(std::size_t candles_max);

  std::int64_t rows() const { return rows_; }
  // The share of the time between the first and the last candle, as they were at the first step.
  double part_done() const;
  const Market& market() const { return market_; }

 private:
  const store::Reader& reader_;
  store::JournalWriter& writer_;
  const Market& market_;
  features::FeatureSet set_;
  StoredHistory history_;
  Timestamp first_, last_;
  std::int64_t rows_ = 0;
  bool slice_owed_ = false;  // the slice at hand is not written yet
  bool begun_ = false;
};

}  // namespace candled::engine
