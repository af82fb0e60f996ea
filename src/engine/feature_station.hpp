// Feature station: adds the feature row of each closed candle.
#pragma once

#include <string>
#include <vector>

#include "candled/engine/settings.hpp"
#include "candled/features/feature_set.hpp"
#include "engine/station.hpp"

namespace candled::engine {

class FeatureStation : public Station {
 public:
  FeatureStation(const EngineSettings& settings, flow::Receiver in, flow::Sender out);
  // An absent state or one of another feature list is refused; rebuild() from the stored candles then makes it anew.
  Result<void> load(const Checkpoint& checkpoint, const Market& market);
  // Feeds stored candles of a market in time order into a fresh feature set.
  void rebuild(MarketId market, std::span<const Candle> candles);

 private:
  Step pass(Event& event) override;
  void save(Checkpoint& checkpoint) const;

  const MarketTable& markets_;
  const std::vector<std::string>& names_;  // of the features
  std::vector<features::FeatureSet> sets_;  // by market
  std::vector<Timestamp> last_open_times_;  // of the last candle in each, since the start or the rebuild
};

}  // namespace candled::engine
