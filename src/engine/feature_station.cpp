#include "engine/feature_station.hpp"

#include "engine/stored_history.hpp"

namespace candled::engine {
namespace {

constexpr std::string_view station = "features";

}  // namespace

FeatureStation::FeatureStation(const EngineSettings& settings, flow::Receiver in, flow::Sender out)
    : Station(std::string(station), std::move(in), std::move(out)),
      markets_(settings.markets),
      names_(settings.features) {
  for (const Market& market : markets_) sets_.emplace_back(market.interval, names_);
}

Station::Step FeatureStation::pass(Event& event) {
  if (event.kind() == EventKind::candle) {
    CandleReport& report = event.report();
    features::FeatureSet& set = sets_[index_of(event.market())];
    // An import may have stored candles that lie ahead of the trades of a catch-up: their rows are in the file, and the indicators are
    // past this candle. A backtest brings rows that are stored along.
    const bool is_next = !set.last_open_time() || report.candle.open_time > *set.last_open_time();
    if (is_next && report.features.empty()) {
      const std::span<const double> row = set.update(report.candle, report.book ? &*report.book : nullptr);
      report.features.assign(row.begin(), row.end());
    }
  } else if (event.kind() == EventKind::checkpoint) {
    save(event.checkpoint());
  }
  emit(std::move(event));
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

std::int64_t FeatureStation::rebuild(const Market& market, const store::Reader& reader, std::int64_t sequence_max) {
  constexpr std::size_t candles_per_slice = 5'000;
  features::FeatureSet fresh(market.interval, names_);
  std::int64_t candles = 0;
  for (StoredHistory history(reader, market, sequence_max); history.next(candles_per_slice);) {
    history.for_each([&](const Candle& candle, const BookFacts* book) { fresh.update(candle, book); });
    candles += static_cast<std::int64_t>(history.candles().size());
  }
  sets_[index_of(market.id)] = std::move(fresh);
  return candles;
}

}  // namespace candled::engine
