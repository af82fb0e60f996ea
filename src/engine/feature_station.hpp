// Feature station: adds the feature row of each closed candle.
#pragma once

#include <string>
#include <vector>

#include "candled/engine/settings.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/store/reader.hpp"
#include "engine/station.hpp"

namespace candled::engine {

class FeatureStation : public Station {
 public:
  FeatureStation(const EngineSettings& settings, flow::Receiver in, flow::Sender out);
  // An absent state or one of another feature list is refused; rebuild() from the stored candles then makes it again.
  Result<void> load(const Checkpoint& checkpoint, const Market& market);
  void save(Checkpoint& checkpoint) const;
  // A fresh feature set that has seen the stored candles, closed by a head event up to this number; returns how many. All of them:
  // a recursive feature forgets its first candle after some hundred, but its last bits later than that.
  std::int64_t rebuild(const Market& market, const store::Reader& reader, std::int64_t sequence_max);

 private:
  Step pass(Event& event) override;

  const MarketTable& markets_;
  const std::vector<std::string>& names_;   // of the features
  std::vector<features::FeatureSet> sets_;  // by market
};

}  // namespace candled::engine
