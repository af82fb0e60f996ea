// FeatureRebuild: feature rows of one market rebuilt from its stored candles, oldest first, a slice at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

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
  // Reader and writer are not owned; the list is the one that the writer was opened with.
  //
  // Every row from the time on but those that a prediction was made on; behind the last one, notes that all of them are of this list.
  static FeatureRebuild of_all(const store::Reader& reader, store::JournalWriter& writer, const Market& market,
                               Timestamp from);
  // The rows from the time on that were made from stored candles, of which one has changed there.
  static FeatureRebuild of_revised(const store::Reader& reader, store::JournalWriter& writer, const Market& market,
                                   Timestamp from);

  // Makes the rows of the next so many candles and writes them in one transaction. True while there is more to do.
  Result<bool> step(std::size_t candles_max);

  std::int64_t rows() const { return rows_; }  // that changed so far
  // The share of the time between the first and the last candle, as they were at the first step.
  double part_done() const;
  const Market& market() const { return *market_; }

 private:
  using Write = std::function<Result<std::int64_t>(std::span<const store::StoredFeatures> rows)>;
  using Finish = std::function<Result<void>()>;
  FeatureRebuild(const store::Reader& reader, const store::JournalWriter& writer, const Market& market, Timestamp from,
                 Write write, Finish finish);

  const store::Reader* reader_;
  const Market* market_;
  Timestamp from_;
  Write write_;
  Finish finish_;
  features::FeatureSet set_;
  StoredHistory history_;
  Timestamp first_, last_;
  std::int64_t rows_ = 0;
  bool slice_owed_ = false;  // the slice at hand is not written yet
  bool begun_ = false;
};

}  // namespace candled::engine
