#include "engine/trading_station.hpp"

#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr std::string_view station = "trading";

}  // namespace

TradingStation::TradingStation(const EngineSettings& settings, flow::Receiver in, flow::Sender out,
                               EngineStatistics& statistics)
    : Station(std::string(station), std::move(in), std::move(out)),
      settings_(settings),
      markets_(settings.markets),
      statistics_(statistics) {
  for (const Market& market : markets_) desks_.push_back(desk_of(market));
  fills_.reserve(settings.strategies.size() * trading::PaperTrading::fills_per_event_max);
}

trading::PaperTrading TradingStation::desk_of(const Market& market) const {
  const std::size_t i = index_of(market.id);
  const trading::PaperSettings& paper =
      i < settings_.paper_of_market.size() ? settings_.paper_of_market[i] : settings_.paper;
  return {paper, settings_.strategies, market.interval};
}

void TradingStation::reset(MarketId market) {
  desks_[index_of(market)] = desk_of(markets_[index_of(market)]);
  desks_[index_of(market)].pause(paused_);
}

Station::Step TradingStation::pass(Event& event) {
  switch (event.kind()) {
    case EventKind::candle: {
      CandleReport& report = event.report();
      desks_[index_of(event.market())].on_candle(report, fills_);
      const bool replayed = report.cause_received_us == 0;
      if (report.prediction && !report.stale && !replayed) {
        statistics_.decision_latency.record_us(
            static_cast<std::uint32_t>(flow::monotonic_us() - report.cause_received_us));
      }
      break;
    }
    case EventKind::trade: desks_[index_of(event.market())].on_trade(event.trade(), fills_); break;
    case EventKind::sequence_gap:
      desks_[index_of(event.market())].on_sequence_gap(event.sequence_gap().proven_until);
      break;
    case EventKind::pause: pause(event.pause().paused); break;
    case EventKind::checkpoint: save(event.checkpoint()); break;
    default: break;
  }
  emit_fills(event);
  emit(std::move(event));
  return Step::passed;
}

void TradingStation::emit_fills(const Event& cause) {
  for (const Fill& fill : fills_) {
    Event event = Event::of(cause.market(), fill);
    event.sequence = cause.sequence;
    event.received_us = cause.received_us;
    statistics_.fills.add();
    emit(std::move(event));
  }
  fills_.clear();
}

void TradingStation::pause(bool paused) {
  paused_ = paused;
  for (trading::PaperTrading& desk : desks_) desk.pause(paused);
  statistics_.paused.set(paused ? 1 : 0);
}

void TradingStation::save(Checkpoint& checkpoint) const {
  StateWriter own;
  own(static_cast<std::uint8_t>(paused_));
  checkpoint.states.emplace_back(station, own.take());
  for (const Market& market : markets_) {
    StateWriter writer;
    desks_[index_of(market.id)].save(writer);
    checkpoint.states.emplace_back(state_name(station, market.name()), writer.take());
  }
}

Result<void> TradingStation::load(const Checkpoint& checkpoint) {
  for (const Market& market : markets_) {
    const std::string* state = find_state(checkpoint, state_name(station, market.name()));
    if (state == nullptr) continue;
    StateReader reader(*state);
    if (Result<void> loaded = desks_[index_of(market.id)].load(reader); !loaded) return loaded;
  }
  // Of the whole station, so that a market that is new in the config is paused with the others.
  if (const std::string* own = find_state(checkpoint, std::string(station))) {
    StateReader reader(*own);
    std::uint8_t paused = 0;
    reader(paused);
    if (!reader.at_end() || paused > 1) return refuse("the state of the pause is damaged");
    pause(paused == 1);
  }
  return {};
}

}  // namespace candled::engine
