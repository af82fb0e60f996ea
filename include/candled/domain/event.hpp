// Event: what travels on the conveyor, 64 bytes, moved and never copied by accident.
//
// Five kinds (book, model swap, checkpoint, candle, fill) own an object beside those bytes; whoever holds the event owns it, and it is freed
// with the event. A trade allocates nothing. A moved-from event is a probe.
//
// Head events (trade, watermark, sequence gap, filled gap, book, model swap, pause, checkpoint) enter at the head and are numbered there.
// A station creates derived events (candle, fill) while it handles a head event. They carry that event's number and travel before it, so
// a head event closes its group: the journal commits only after one, and a crash leaves whole groups. A probe is neither: it decides
// nothing and is not stored; it shows the watchdog that every station still moves.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "candled/domain/book_facts.hpp"
#include "candled/domain/candle_report.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/model_swap.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/trade.hpp"

namespace candled {

enum class EventKind : std::uint8_t {
  trade,
  watermark,
  sequence_gap,
  sequence_gap_filled,
  book,
  model_swap,
  pause,
  checkpoint,
  candle,
  fill,
  probe
};

// Watermark: proof that the feed of one market was alive, and complete up to this time of the exchange's clock.
struct Watermark {
  Timestamp time;
  Timestamp received;
  // Set by the candle station when the watermark closed a candle or proved where the record begins; such watermarks are stored.
  bool decisive = false;
};

// Sequence gap: trade ids that the exchange did not deliver in time. `sequence gap` comes before the first trade after the gap; `hole_filled`
// follows the late trades that fill it.
struct SequenceGap {
  std::int64_t first_missing_id = 0;
  std::int64_t last_missing_id = 0;
  Timestamp detected;      // ingest's clock
  Timestamp proven_until;  // set by the candle station: the feed was complete up to here; 0 before that
};

// From here on paper trading opens no position, or does so again.
struct Pause {
  bool paused = false;
  Timestamp asked;  // the machine's clock, for people; decides nothing
};

class Event {
 public:
  Event() = default;
  Event(Event&& other) noexcept
      : sequence(other.sequence),
        received_us(other.received_us),
        market_(other.market_),
        kind_(std::exchange(other.kind_, EventKind::probe)),
        payload_(other.payload_) {}
  Event& operator=(Event&& other) noexcept {
    if (this == &other) return *this;
    dispose();
    sequence = other.sequence;
    received_us = other.received_us;
    market_ = other.market_;
    kind_ = std::exchange(other.kind_, EventKind::probe);
    payload_ = other.payload_;
    return *this;
  }
  ~Event() { dispose(); }
  static Event of(MarketId market, const Trade& trade);
  static Event of(MarketId market, const Watermark& watermark);
  static Event sequence_gap(MarketId market, const SequenceGap& sequence_gap);
  static Event sequence_gap_filled(MarketId market, const SequenceGap& sequence_gap);
  static Event of(MarketId market, const Fill& fill);
  static Event of(const Pause& pause);
  static Event probe();
  // The next four own the object, which is never null.
  static Event of(MarketId market, std::unique_ptr<BookFacts> facts);
  static Event of(MarketId market, std::unique_ptr<CandleReport> report);
  static Event of(std::unique_ptr<ModelSwap> model_swap);
  static Event of(std::unique_ptr<Checkpoint> checkpoint);
  // An equal event, with its own object.
  Event copy() const;

  EventKind kind() const { return kind_; }
  bool is_head() const { return kind_ < EventKind::candle; }
  MarketId market() const { return market_; }  // meaningless for model swap, pause and checkpoint

  const Trade& trade() const { return check(EventKind::trade), payload_.trade; }
  Trade& trade() { return check(EventKind::trade), payload_.trade; }
  const Watermark& watermark() const { return check(EventKind::watermark), payload_.watermark; }
  Watermark& watermark() { return check(EventKind::watermark), payload_.watermark; }
  const SequenceGap& sequence_gap() const {
    if (kind_ != EventKind::sequence_gap && kind_ != EventKind::sequence_gap_filled)
      invariant_failed("event is not a hole");
    return payload_.sequence_gap;
  }
  SequenceGap& sequence_gap() { return const_cast<SequenceGap&>(std::as_const(*this).sequence_gap()); }
  const Fill& fill() const { return check(EventKind::fill), *payload_.fill; }
  const Pause& pause() const { return check(EventKind::pause), payload_.pause; }
  const BookFacts& book() const { return check(EventKind::book), *payload_.book; }
  BookFacts& book() { return check(EventKind::book), *payload_.book; }
  const CandleReport& report() const { return check(EventKind::candle), *payload_.report; }
  CandleReport& report() { return check(EventKind::candle), *payload_.report; }
  const ModelSwap& model_swap() const { return check(EventKind::model_swap), *payload_.model_swap; }
  ModelSwap& model_swap() { return check(EventKind::model_swap), *payload_.model_swap; }
  const Checkpoint& checkpoint() const { return check(EventKind::checkpoint), *payload_.checkpoint; }
  Checkpoint& checkpoint() { return check(EventKind::checkpoint), *payload_.checkpoint; }

  std::int64_t sequence = 0;      // number of the head event, from 1; 0 before the head has numbered it
  std::uint32_t received_us = 0;  // monotonic clock in microseconds modulo 2^32; only differences mean something

 private:
  void check(EventKind kind) const {
    if (kind_ != kind) invariant_failed("event is of another kind");
  }
  bool owns() const {
    return kind_ == EventKind::book || kind_ == EventKind::model_swap || kind_ == EventKind::checkpoint ||
           kind_ == EventKind::candle || kind_ == EventKind::fill;
  }
  void dispose() {
    if (owns()) free_owned();
  }
  void free_owned();

  MarketId market_{};
  EventKind kind_ = EventKind::watermark;
  union Payload {
    Payload() : watermark() {}
    Trade trade;
    Watermark watermark;
    SequenceGap sequence_gap;
    Fill* fill;
    Pause pause;
    BookFacts* book;
    CandleReport* report;
    ModelSwap* model_swap;
    Checkpoint* checkpoint;
  } payload_;
};

static_assert(sizeof(Event) == 64);
static_assert(std::is_nothrow_move_constructible_v<Event> && !std::is_copy_constructible_v<Event>);

}  // namespace candled
