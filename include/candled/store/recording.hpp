// Recording: what live runs recorded, from one snapshot of the file: their head events in order, and the rows that they caused, each
// table in the order in which it was written. For verify. Memory does not grow with the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/prediction.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trading.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/record_stream.hpp"
#include "candled/store/run_record.hpp"

namespace candled::store {

// `sequence`: the head event that caused the row; 0: an import, a backfill or a later revision did.
struct RecordedCandle {
  Candle candle;
  Timestamp closed;
  std::int64_t sequence = 0;
};
struct RecordedFeatures {
  Timestamp open_time;
  std::string hash;
  std::vector<double> row;
  std::int64_t sequence = 0;
};
struct RecordedPrediction {
  Timestamp open_time;
  Prediction prediction;
  bool stale = false;
  std::int64_t sequence = 0;
};
// The strategy's id is not set in the next three.
struct RecordedFill {
  Fill fill;
  std::int64_t sequence = 0;
};
struct RecordedOrder {
  OrderRecord order;
  std::int64_t sequence = 0;
};
struct RecordedEquity {
  EquityPoint point;
  std::int64_t sequence = 0;
};

// The next row of a table; nullopt after the last. Must not outlive its Recording.
template <class Row>
using Rows = std::function<std::optional<Row>()>;

// One connection: use it from one thread at a time. Every call throws StoreError when the file cannot be read.
class Recording {
 public:
  // The file must exist and be ours; what is committed later is not seen.
  explicit Recording(const std::filesystem::path& path);
  ~Recording();
  Recording(Recording&&) noexcept;

  // All that the file knows; a MarketId below is a place in this list.
  const MarketTable& markets() const;
  const std::vector<std::string>& strategies() const;
  std::int64_t last_sequence() const;
  std::vector<RunRecord> runs()
      const;  // in the order in which they were made; of the states, those that were rebuilt or reset
  // Which part of the record is gone, in a few words; empty: none.
  std::string missing_part() const;
  RecordBounds bounds(MarketId market) const;

  // All head events. The stream shares this snapshot.
  RecordStream events(RecordStream::KeepGoing keep_going = {}) const;

  Rows<RecordedCandle> candles(MarketId market) const;                              // by open time
  Rows<RecordedFeatures> features(MarketId market) const;                           // by open time
  Rows<RecordedPrediction> predictions(MarketId market) const;                      // by open time
  Rows<RecordedFill> fills(MarketId market, const std::string& strategy) const;     // as made
  Rows<RecordedOrder> orders(MarketId market, const std::string& strategy) const;   // by decided_on
  Rows<RecordedEquity> equity(MarketId market, const std::string& strategy) const;  // by time

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
