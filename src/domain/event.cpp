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

Event Event::of(MarketId market, std::unique_ptr<BookFacts> facts) {
  Event event;
  event.payload_.book = facts.release();
  event.kind_ = EventKind::book;
  event.market_ = market;
  return event;
}

Event Event::of(MarketId market, std::unique_ptr<CandleReport> report) {
  Event event;
  event.payload_.report = report.release();
  event.kind_ = EventKind::candle;
  event.market_ = market;
  return event;
}

Event Event::of(std::unique_ptr<Takeover> takeover) {
  Event event;
  event.payload_.takeover = takeover.release();
  event.kind_ = EventKind::takeover;
  return event;
}

Event Event::of(std::unique_ptr<Checkpoint> checkpoint) {
  Event event;
  event.payload_.checkpoint = checkpoint.release();
  event.kind_ = EventKind::checkpoint;
  return event;
}

Event Event::copy() const {
  Event same;
  same.sequence = sequence;
  same.received_us = received_us;
  same.market_ = market_;
  switch (kind_) {
    case EventKind::book: same.payload_.book = new BookFacts(*payload_.book); break;
    case EventKind::candle: same.payload_.report = new CandleReport(*payload_.report); break;
    case EventKind::takeover: same.payload_.takeover = new Takeover(*payload_.takeover); break;
    case EventKind::checkpoint: same.payload_.checkpoint = new Checkpoint(*payload_.checkpoint); break;
    case EventKind::trade:
    case EventKind::tick:
    case EventKind::hole:
    case EventKind::hole_filled:
    case EventKind::pause:
    case EventKind::fill:
    case EventKind::probe: same.payload_ = payload_; break;
  }
  same.kind_ = kind_;  // behind the allocation, which may throw: until here it owns nothing
  return same;
}

void Event::free_owned() {
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
