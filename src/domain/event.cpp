#include "candled/domain/event.hpp"

namespace candled {

Event Event::of(MarketId market, const Trade& trade) {
  Event event;
  event.kind_ = EventKind::trade;
  event.market_ = market;
  event.payload_.trade = trade;
  return event;
}

Event Event::of(MarketId market, const Watermark& watermark) {
  Event event;
  event.kind_ = EventKind::watermark;
  event.market_ = market;
  event.payload_.watermark = watermark;
  return event;
}

Event Event::sequence_gap(MarketId market, const SequenceGap& sequence_gap) {
  Event event;
  event.kind_ = EventKind::sequence_gap;
  event.market_ = market;
  event.payload_.sequence_gap = sequence_gap;
  return event;
}

Event Event::sequence_gap_filled(MarketId market, const SequenceGap& sequence_gap) {
  Event event = Event::sequence_gap(market, sequence_gap);
  event.kind_ = EventKind::sequence_gap_filled;
  return event;
}

Event Event::of(MarketId market, const Fill& fill) {
  Event event;
  event.payload_.fill = new Fill(fill);
  event.kind_ = EventKind::fill;
  event.market_ = market;
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

Event Event::of(std::unique_ptr<ModelSwap> model_swap) {
  Event event;
  event.payload_.model_swap = model_swap.release();
  event.kind_ = EventKind::model_swap;
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
    case EventKind::model_swap: same.payload_.model_swap = new ModelSwap(*payload_.model_swap); break;
    case EventKind::fill: same.payload_.fill = new Fill(*payload_.fill); break;
    case EventKind::checkpoint: same.payload_.checkpoint = new Checkpoint(*payload_.checkpoint); break;
    case EventKind::trade:
    case EventKind::watermark:
    case EventKind::sequence_gap:
    case EventKind::sequence_gap_filled:
    case EventKind::pause:
    case EventKind::probe: same.payload_ = payload_; break;
  }
  same.kind_ = kind_;  // behind the allocation, which may throw: until here it owns nothing
  return same;
}

void Event::free_owned() {
  switch (kind_) {
    case EventKind::book: delete payload_.book; break;
    case EventKind::candle: delete payload_.report; break;
    case EventKind::model_swap: delete payload_.model_swap; break;
    case EventKind::checkpoint: delete payload_.checkpoint; break;
    case EventKind::fill: delete payload_.fill; break;
    case EventKind::trade:
    case EventKind::watermark:
    case EventKind::sequence_gap:
    case EventKind::sequence_gap_filled:
    case EventKind::pause:
    case EventKind::probe: break;
  }
}

}  // namespace candled
