#include "engine/feature_station.hpp"

namespace candled::engine {
namespace {

constexpr std::string_view station = "features";

}  // namespace

FeatureStation::FeatureStation(const EngineSettings& settings, flow::Receiver in, flow::Sender out)
    : Station(std::string(station), std::move(in), std::move(out)), markets_(settings.markets), names_(settings.features) {
  for (const Market& market : markets_) sets_.emplace_back(market.interval, names_);
  last_open_times_.resize(markets_.size(), Timestamp{INT64_MIN});
}

Station::Step FeatureStation::pass(Event& event) {
  if (event.kind() == EventKind::candle) {
    CandleReport& report = event.report();
    Timestamp& last = last_open_times_[index_of(event.market())];
    // An import may have stored candles that lie ahead of the trades of a catch-up: their rows are in the file, and the indicators are
    // past this candle.
    if (report.candle.open_time > last) {
      last = report.candle.open_time;
      const std::span<const double> row = sets_[index_of(event.market())].update(report.candle);
      report.features.assign(row.begin(), row.end());
    }
  } else if (event.kind() == EventKind::checkpoint) {
    save(event.checkpoint());
  }
  emit(event);
  return Step::passed;
}

void FeatureStation::save(Checkpoint& checkpoint) const {
  for (const Market& market : markets_) {
    StateWriter writer;
    sets_[index_of(market.id)].save(writer);
    checkpoint.states.emplace_back(state_name(station, market.name()), writer.take());
  }
}

Result<void> FeatureStation::load(const Checkpoint& checkpoint, const Market& market) {
  const std::string* state = find_state(checkpoint, state_name(station, market.name()));
  if (state == nullptr) return refuse("no feature state of " + market.name() + " is stored");
  StateReader reader(*state);
  return sets_[index_of(market.id)].load(reader);
}

void FeatureStation::rebuild(MarketId market, std::span<const Candle> candles) {
  features::FeatureSet fresh(markets_[index_of(market)].interval, names_);
  for (const Candle& candle : candles) fresh.update(candle);
  if (!candles.empty()) last_open_times_[index_of(market)] = candles.back().open_time;
  sets_[index_of(market)] = std::move(fresh);
}

}  // namespace candled::engine
