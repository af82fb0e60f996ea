// Comparison: what a replay makes against what stands in the tables; verify's eyes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/engine/settings.hpp"
#include "candled/engine/verify.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/recording.hpp"
#include "engine/row_walk.hpp"

namespace candled::engine {

class Comparison {
 public:
  // Both are not owned.
  Comparison(const store::Recording& recording, VerifyReport& report);
  // The feature lists of the file, by hash, with the versions of their formulas.
  void know(std::map<std::string, std::vector<std::string>> feature_lists) {
    recorded_lists_ = std::move(feature_lists);
  }
  // From here on events are of these settings (not owned); market i of theirs is market in_record[i] of the recording.
  void use(const EngineSettings& settings, std::vector<MarketId> in_record);

  void see(const Event& event);
  // Behind the last event: every row that was not reached is one too many.
  void finish();
  // A difference that is not of a row.
  void tell(FactCount& count, MarketId in_record, Timestamp time, const std::string& what);

 private:
  struct MarketRows {
    RowWalk<store::RecordedCandle> candles;
    RowWalk<store::RecordedFeatures> features;
    RowWalk<store::RecordedPrediction> predictions;
  };
  struct AccountRows {
    RowWalk<store::RecordedFill> fills;
    RowWalk<store::RecordedOrder> orders;
    RowWalk<store::RecordedEquity> equity;
  };

  void see_report(MarketId market, const CandleReport& made, const store::FeatureListRecord& list,
                  std::int64_t sequence);
  void see_features(MarketId market, const CandleReport& made, const store::FeatureListRecord& list,
                    std::int64_t sequence, bool is_unknown_now);
  // By column of the replay's list: the recorded list has the same feature there, of another version of its formula.
  std::vector<bool> of_other_formulas(const std::string& recorded_hash, const store::FeatureListRecord& list) const;
  // The recorded row, if there is one.
  template <class Row>
  std::optional<Row> compare(RowWalk<Row>& walk, FactCount& count, MarketId market, const Row& made,
                             const std::string& what);
  template <class Row>
  auto too_many(FactCount& count, MarketId market, std::string what);
  void note(MarketId market, Timestamp time, const std::string& what);
  AccountRows& account(MarketId market, const std::string& strategy);
  const std::string& strategy(StrategyId id) const { return settings_->strategies[index_of(id)].name; }

  const store::Recording& recording_;
  VerifyReport& report_;
  const EngineSettings* settings_ = nullptr;
  std::vector<MarketId> in_record_;
  std::vector<store::FeatureListRecord> lists_;  // by market of the settings
  std::map<std::string, std::vector<std::string>> recorded_lists_;
  std::vector<MarketRows> markets_;  // by market of the recording
  std::map<std::pair<MarketId, std::string>, AccountRows> accounts_;
};

}  // namespace candled::engine
