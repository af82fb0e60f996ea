#include "engine/candle_station.hpp"

#include <algorithm>

#include "candled/domain/unproven.hpp"

namespace candled::engine {
namespace {

constexpr std::string_view station = "candles";
// While a catch-up of days is poured in, the live book runs ahead of the candles; what is older than this many goes without.
constexpr std::size_t waiting_books_max = 10'080;  // a week of minutes

}  // namespace

CandleStation::CandleStation(const EngineSettings& settings, flow::Receiver in, flow::Sender out,
                             EngineStatistics& statistics)
    : Station(std::string(station), std::move(in), std::move(out)),
      markets_(settings.markets),
      grace_(settings.grace),
      statistics_(statistics) {
  for (const Market& market : markets_) states_.push_back({candles::CandleBuilder({market.interval, settings.grace})});
}

Station::Step CandleStation::pass(Event& event) {
  switch (event.kind()) {
    case EventKind::trade: return pass_trade(event);
    case EventKind::watermark: return pass_watermark(event);
    case EventKind::sequence_gap: pass_sequence_gap(event); break;
    case EventKind::book: pass_book(event); break;
    case EventKind::checkpoint: save(event.checkpoint()); break;
    default: break;
  }
  emit(std::move(event));
  return Step::passed;
}

bool CandleStation::close_due(const Event& cause, Timestamp time, Timestamp received, bool proven) {
  MarketState& state = states_[index_of(cause.market())];
  const Duration interval = markets_[index_of(cause.market())].interval;
  while (const std::optional<Candle> candle = state.builder.close_due(time, proven)) {
    auto report = std::make_unique<CandleReport>();
    report->candle = *candle;
    report->end = candle->open_time + interval;
    report->decision_time = report->end + grace_;
    report->closed = received;
    report->cause_received_us = cause.received_us;
    give_book(cause.market(), *report);
    Event event = Event::of(cause.market(), std::move(report));
    event.sequence = cause.sequence;
    event.received_us = cause.received_us;
    state.closed_by_cause = true;
    statistics_.candles.add();
    if (candle->state == CandleState::quiet) statistics_.quiet_candles.add();
    if (candle->state == CandleState::gap) statistics_.gap_candles.add();
    emit(std::move(event));
    if (has_backlog()) return false;
  }
  return true;
}

// Trades with ids that come to an open candle of trades without them tell it anew, and the journal replaces those (store's
// TradeReplacement): the candle is unknown until it is revised, and never counts a trade twice.
void CandleStation::note_numbering(MarketState& state, const Trade& trade, Duration interval) {
  const Timestamp open_time = floor_to(trade.time, interval);
  const auto noted = std::ranges::find(state.made_in, open_time);
  if (trade.id >= 0) {
    if (noted == state.made_in.end()) return;
    state.builder.begin_again(trade.time);
    *noted = Timestamp{};
  } else if (noted == state.made_in.end()) {
    Timestamp& oldest = *std::ranges::min_element(state.made_in);
    oldest = std::max(oldest, open_time);
  }
}

Station::Step CandleStation::pass_trade(Event& event) {
  Trade& trade = event.trade();
  if (!close_due(event, trade.time, trade.received)) return Step::again;
  MarketState& state = states_[index_of(event.market())];
  note_numbering(state, trade, markets_[index_of(event.market())].interval);
  // Our own export says of a trade that it came late; that stays true when it is imported again, in its place this time.
  if (state.builder.add(trade) == candles::TradeFate::late) trade.late = true;
  state.seen = true;
  state.last_trade_id = std::max(state.last_trade_id, trade.id);
  state.closed_by_cause = false;
  statistics_.trades.add();
  if (trade.late) statistics_.late_trades.add();
  emit(std::move(event));
  return Step::passed;
}

Station::Step CandleStation::pass_watermark(Event& event) {
  Watermark& watermark = event.watermark();
  MarketState& state = states_[index_of(event.market())];
  const bool proven = is_proven(watermark);
  // What is not proven begins no record.
  if ((proven || state.seen) && !close_due(event, watermark.time, received_at(watermark), proven)) return Step::again;
  // Ingest says so of the first proof behind watermarks without one.
  watermark.decisive = watermark.decisive || state.closed_by_cause || (proven && !state.seen);
  state.closed_by_cause = false;
  if (proven) {
    state.builder.prove(watermark.time);
    state.seen = true;
  }
  emit(std::move(event));
  return Step::passed;
}

void CandleStation::pass_sequence_gap(Event& event) {
  MarketState& state = states_[index_of(event.market())];
  SequenceGap& sequence_gap = event.sequence_gap();
  if (sequence_gap.first_missing_id < state.last_trade_id)
    return;  // found in the past by a backfill: the present is whole
  // A watermark that closed nothing is not stored, but may be the last that was proven: the sequence gap carries it to the replay.
  if (sequence_gap.proven_until == Timestamp{}) {
    sequence_gap.proven_until = state.builder.proven_until();
  } else {
    close_due(
        event, sequence_gap.proven_until,
        sequence_gap.detected);  // closes nothing: a watermark that closes is stored; it moves the builder's clock
    state.builder.prove(sequence_gap.proven_until);
  }
  state.builder.add_sequence_gap();
}

void CandleStation::pass_book(Event& event) {
  MarketState& state = states_[index_of(event.market())];
  BookFacts& facts = event.book();
  facts.late = state.closed_to && facts.open_time < *state.closed_to;
  if (facts.late) {
    statistics_.late_books.add();
    return;
  }
  if (!state.books.empty() && facts.open_time <= state.books.back().open_time)
    return;  // the first of an interval counts
  if (state.books.size() == waiting_books_max) state.books.pop_front();
  state.books.push_back(facts);
}

void CandleStation::give_book(MarketId market, CandleReport& report) {
  MarketState& state = states_[index_of(market)];
  state.closed_to = report.end;
  while (!state.books.empty() && state.books.front().open_time < report.candle.open_time) state.books.pop_front();
  if (!state.books.empty() && state.books.front().open_time == report.candle.open_time) {
    report.book = state.books.front();
    state.books.pop_front();
    state.book_followed = true;
  } else if (state.book_followed) {
    statistics_.candles_without_book.add();
  }
}

void CandleStation::save(Checkpoint& checkpoint) const {
  for (const Market& market : markets_) {
    StateWriter writer;
    writer(states_[index_of(market.id)].seen);
    writer(states_[index_of(market.id)].last_trade_id);
    states_[index_of(market.id)].builder.save(writer);
    const std::deque<BookFacts>& books = states_[index_of(market.id)].books;
    writer(states_[index_of(market.id)].closed_to.value_or(Timestamp{INT64_MIN}));
    writer(std::vector<BookFacts>(books.begin(), books.end()));
    for (const Timestamp open_time : states_[index_of(market.id)].made_in) writer(open_time);
    checkpoint.states.emplace_back(state_name(station, market.name()), writer.take());
  }
}

Result<void> CandleStation::load(const Checkpoint& checkpoint) {
  for (const Market& market : markets_) {
    const std::string* state = find_state(checkpoint, state_name(station, market.name()));
    if (state == nullptr) continue;  // a market that is new in the config
    StateReader reader(*state);
    reader(states_[index_of(market.id)].seen);
    reader(states_[index_of(market.id)].last_trade_id);
    if (Result<void> loaded = states_[index_of(market.id)].builder.load(reader); !loaded) return loaded;
    Timestamp closed_to;
    std::vector<BookFacts> books;
    reader(closed_to);
    reader(books);
    if (!reader.at_end()) {  // a state of before it was noted has none
      for (Timestamp& open_time : states_[index_of(market.id)].made_in) reader(open_time);
    }
    if (!reader.at_end()) return refuse("the candle state of " + market.name() + " has the wrong length");
    if (closed_to.ns != INT64_MIN) states_[index_of(market.id)].closed_to = closed_to;
    states_[index_of(market.id)].books.assign(books.begin(), books.end());
  }
  return {};
}

}  // namespace candled::engine
