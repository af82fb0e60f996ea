// Recording: what a live run recorded, read whole from one moment of the file: its head events in order, and by key the rows
// that came of them. For verify and backtests.
#pragma once

#include <cstdint>
#include <filesystem>
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
#include "candled/store/run_record.hpp"

namespace candled::store {

struct RecordedCandle {
  Candle candle;
  Timestamp closed;
  std::int64_t sequence = 0;  // of the head event that closed it; 0: made by an import or a revision
};

struct RecordedFeatures {
  std::string hash;
  std::vector<double> row;
  std::int64_t sequence = 0;  // 0: made anew later
};

struct RecordedPrediction {
  Prediction prediction;
  bool stale = false;
};

// Rows that head events made, by table.
struct RecordedCounts {
  std::int64_t candles = 0, features = 0, predictions = 0, fills = 0, equity_points = 0;
};

// One connection: use it from one thread at a time. Every call throws StoreError when the file cannot be read.
class Recording {
 public:
  // Markets are named by their table, as in the writer. The file must exist and be ours; what is committed later is not seen.
  Recording(const std::filesystem::path& path, MarketTable markets);
  ~Recording();
  Recording(Recording&&) noexcept;

  std::vector<RunRecord> runs() const;  // in the order in which they were made
  // The next head event in the order of their numbers; nullopt behind the last. Memory does not grow with the file.
  std::optional<RecordedEvent> next();

  // What stands in the tables under these keys.
  std::optional<RecordedCandle> candle(MarketId market, Timestamp open_time);
  std::optional<RecordedFeatures> features(MarketId market, Timestamp open_time);
  std::optional<RecordedPrediction> prediction(MarketId market, Timestamp open_time);
  std::optional<Fill> fill(MarketId market, const std::string& strategy, std::uint32_t number);
  std::optional<EquityPoint> equity(MarketId market, const std::string& strategy, Timestamp time);
  RecordedCounts counts();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
