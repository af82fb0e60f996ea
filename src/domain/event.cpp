#include "candled/domain/event.hpp"

namespace candled {

Event Event::of(MarketId market, const Trade& trade) {
  Event event;
  event.kind_ = EventKind::trade;
  event.market_ = market;
  event.payload_.trade = trade;
  return event;
}

Event Event::of(MarketId market, const Tick& tick) {
  Event event;
  event.kind_ = EventKind::tick;
  event.market_ = market;
  event.payload_.tick = tick;
  return event;
}

Event Event::hole(MarketId market, const Hole& hole) {
  Event event;
  event.kind_ = EventKind::hole;
  event.market_ = market;
  event.payload_.hole = hole;
  return event;
}

Event Event::hole_filled(MarketId market, const Hole& hole) {
  Event event = Event::hole(market, hole);
  event.kind_ = EventKind::hole_filled;
  return event;
}

Event Event::of(MarketId market, const Fill& fill) {
  Event event;
  event.kind_ = EventKind::fill;
  event.market_ = market;
  event.payload_.fill = fill;
  return event;
}

Event Event::of(const Pause& pause) {
  Event event;
  event.kind_ = EventKind::pause;
  event.payload_.pause = pause;
  return event;
}

Event Event::probe() {
  Event event;
  event.kind_ = EventKind::probe;
  return event;
}

Event Event::of(MarketId market, BookFacts* facts) {
  Event event;
  event.kind_ = EventKind::book;
  event.market_ = market;
  event.payload_.book = facts;
  return event;
}

Event Event::of(MarketId market, CandleReport* report) {
  Event event;
  event.kind_ = EventKind::candle;
  event.market_ = market;
  event.payload_.report = report;
  return event;
}

Event Event::of(Takeover* takeover) {
  Event event;
  event.kind_ = EventKind::takeover;
  event.payload_.takeover = takeover;
  return event;
}

Event Event::of(Checkpoint* checkpoint) {
  Event event;
  event.kind_ = EventKind::checkpoint;
  event.payload_.checkpoint = checkpoint;
  return event;
}

void Event::dispose() {
  switch (kind_) {
    case EventKind::book: delete payload_.book; break;
    case EventKind::candle: delete payload_.report; break;
    case EventKind::takeover: delete payload_.takeover; break;
    case EventKind::checkpoint: delete payload_.checkpoint; break;
    case EventKind::trade:
    case EventKind::tick:
    case EventKind::hole:
    case EventKind::hole_filled:
    case EventKind::pause:
    case EventKind::fill:
    case EventKind::probe: break;
  }
}

}  // namespace candled
