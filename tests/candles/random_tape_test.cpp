// Random tapes: the builder against a naive recomputation, and save/load at every event.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "candled/candles/aggregate.hpp"
#include "candles/tape.hpp"

namespace candled::candles::testing {
namespace {

constexpr CandleSettings settings{.interval = Duration::seconds(60), .grace = Duration::seconds(1)};

// Trades with bursts, equal stamps, small steps back, silence and watermarks; sequence gaps with the given chance in a thousand.
std::vector<TapeEvent> random_tape(unsigned seed, std::size_t events, unsigned sequence_gaps_per_mille) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  std::vector<TapeEvent> tape;
  Timestamp now = Timestamp{} + Duration::milliseconds(below(180'000));
  std::int64_t price = 1'000'000;
  std::int64_t id = 0;
  while (tape.size() < events) {
    switch (below(12)) {
      case 0: now = now + Duration::seconds(below(150)); break;  // silence
      case 1:
      case 2:
      case 3: break;  // the same stamp
      case 4:         // a boundary, or the instant at which the candle before it closes
        now = floor_to(now, settings.interval) + settings.interval + Duration::seconds(below(2));
        break;
      default: now = now + Duration::milliseconds(below(4'000)); break;
    }
    TapeEvent event;
    if (static_cast<unsigned>(below(1000)) < sequence_gaps_per_mille) {
      event.kind = TapeEvent::Kind::sequence_gap;
      tape.push_back(event);
      now = now + Duration::seconds(below(200));
    }
    event = {};
    event.time = now;
    if (below(5) == 0) {
      event.kind = TapeEvent::Kind::watermark;
    } else {
      if (below(8) == 0) event.time = now - Duration::milliseconds(below(3'000));  // some of these are late
      price = std::max<std::int64_t>(1, price + below(2001) - 1000);
      const Quantity quantity = Quantity::from_units(1 + below(1'000'000));
      const Side side = below(2) == 0 ? Side::buy : Side::sell;
      event.trade = {.id = ++id,
                     .time = event.time,
                     .received = now,
                     .price = Price::from_units(price),
                     .quantity = quantity,
                     .side = side};
    }
    tape.push_back(event);
  }
  return tape;
}

// What a person would compute with the whole tape on paper: which trades are late, which spans are sequence gaps, and then
// minute by minute.
struct Naive {
  std::map<std::int64_t, std::vector<Trade>> counted;  // by open time
  std::vector<std::int64_t> late;
  std::vector<std::pair<std::int64_t, std::int64_t>> sequence_gaps;  // open times of the first and last candle touched
  std::int64_t known_from = -1, engine = -1, proven = -1, first_candle = INT64_MAX;

  static std::int64_t open_of(std::int64_t t) { return t / settings.interval.ns * settings.interval.ns; }
  std::int64_t closed_before() const { return open_of(engine - settings.grace.ns); }  // open times below are closed

  explicit Naive(const std::vector<TapeEvent>& tape) {
    bool in_sequence_gap = false;
    std::int64_t sequence_gap_from = 0;
    for (const TapeEvent& event : tape) {
      if (event.kind == TapeEvent::Kind::sequence_gap) {
        if (!in_sequence_gap) sequence_gap_from = proven < 0 ? 0 : open_of(proven);
        in_sequence_gap = true;
        continue;
      }
      engine = std::max(engine, event.time.ns);
      proven = std::max(proven, event.time.ns);
      if (known_from < 0) known_from = event.time.ns;
      if (event.kind != TapeEvent::Kind::trade) continue;
      const std::int64_t open = open_of(event.time.ns);
      if (in_sequence_gap) sequence_gaps.emplace_back(sequence_gap_from, std::max(open, sequence_gap_from));
      in_sequence_gap = false;
      if (open < closed_before()) {
        late.push_back(event.trade.id);
        continue;
      }
      counted[open].push_back(event.trade);
      first_candle = std::min(first_candle, open);
    }
    if (in_sequence_gap) sequence_gaps.emplace_back(sequence_gap_from, INT64_MAX);
  }

  std::vector<Candle> candles() const {
    std::vector<Candle> all;
    Price last_close;
    for (std::int64_t open = first_candle; open < closed_before(); open += settings.interval.ns) {
      Candle c;
      c.open_time = {open};
      c.state = CandleState::quiet;
      bool gap = open < known_from;
      for (const auto& [from, to] : sequence_gaps) gap = gap || (from <= open && open <= to);
      if (const auto found = counted.find(open); found != counted.end()) {
        c.state = CandleState::traded;
        c.open = found->second.front().price;
        c.close = last_close = found->second.back().price;
        c.high = c.low = c.open;
        for (const Trade& trade : found->second) {
          c.high = std::max(c.high, trade.price);
          c.low = std::min(c.low, trade.price);
          c.volume += volume_of(trade.quantity);
          if (trade.side == Side::buy) c.buy_volume += volume_of(trade.quantity);
          ++c.trades;
        }
      } else if (!gap) {
        c.open = c.high = c.low = c.close = last_close;
      }
      if (gap) c.state = CandleState::gap;
      all.push_back(c);
    }
    return all;
  }
};

TEST_CASE("builder agrees with a naive recomputation on random tapes") {
  std::size_t late = 0, states[3] = {};
  for (unsigned seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    const std::vector<TapeEvent> tape = random_tape(seed, 400, seed % 3 == 0 ? 20 : 0);
    const Outcome outcome = run(CandleBuilder(settings), tape);
    const Naive naive(tape);
    REQUIRE(candles_text(outcome.candles) == candles_text(naive.candles()));
    REQUIRE(outcome.late == naive.late);
    late += naive.late.size();
    for (const Candle& candle : outcome.candles) ++states[static_cast<std::size_t>(candle.state)];
  }
  // The tapes do reach the cases that they are for.
  CHECK(late > 100);
  for (std::size_t count : states) CHECK(count > 500);
}

TEST_CASE("aggregate rebuilds what the builder made of a tape without sequence gaps") {
  for (unsigned seed = 1000; seed < 1100; ++seed) {
    INFO("seed " << seed);
    const std::vector<TapeEvent> tape = random_tape(seed, 400, 0);
    const Outcome outcome = run(CandleBuilder(settings), tape);
    if (outcome.candles.empty()) continue;
    std::vector<Trade> trades;
    for (const TapeEvent& event : tape) {
      const bool late = std::ranges::find(outcome.late, event.trade.id) != outcome.late.end();
      if (event.kind == TapeEvent::Kind::trade && !late) trades.push_back(event.trade);
    }
    const Timestamp from = outcome.candles.front().open_time;
    const Timestamp to = outcome.candles.back().open_time + settings.interval;
    const TimeRange before_known{from, tape.front().time};
    const std::span<const TimeRange> unknown(&before_known, tape.front().time > from ? 1U : 0U);
    const std::vector<Candle> rebuilt = aggregate({{from, to}, trades, unknown, Price{}}, settings.interval);
    REQUIRE(candles_text(rebuilt) == candles_text(outcome.candles));
  }
}

TEST_CASE("saved and loaded at every event, the builder makes the same candles and the same bytes") {
  const std::vector<TapeEvent> tape = random_tape(7, 1'500, 10);
  CandleBuilder straight(settings);
  CandleBuilder restored(settings);
  Outcome of_straight, of_restored;
  for (const TapeEvent& event : tape) {
    offer(straight, event, of_straight);
    StateWriter out;
    restored.save(out);
    const std::string bytes = out.take();
    CandleBuilder next(settings);
    StateReader in(bytes);
    REQUIRE(next.load(in));
    REQUIRE(in.at_end());
    restored = next;
    offer(restored, event, of_restored);
    StateWriter a, b;
    straight.save(a), restored.save(b);
    REQUIRE(a.take() == b.take());
  }
  REQUIRE(of_straight.candles.size() > 100);
  CHECK(of_straight.candles == of_restored.candles);
  CHECK(of_straight.late == of_restored.late);
}

TEST_CASE("a state that is cut short, changed or of another interval is refused and changes nothing") {
  CandleBuilder builder(settings);
  Outcome outcome;
  for (const TapeEvent& event : random_tape(9, 60, 10)) offer(builder, event, outcome);
  StateWriter out;
  builder.save(out);
  const std::string bytes = out.take();
  const auto state_of = [](const CandleBuilder& b) {
    StateWriter w;
    b.save(w);
    return w.take();
  };
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CandleBuilder other(settings);
    const std::string before = state_of(other);
    StateReader in(std::string_view(bytes).substr(0, size));
    REQUIRE_FALSE(other.load(in));
    REQUIRE(state_of(other) == before);
  }
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; ++i) {  // hostile bytes: refused or accepted, never worse
    std::string changed = bytes;
    changed[random() % changed.size()] = static_cast<char>(random());
    CandleBuilder other(settings);
    StateReader in(changed);
    (void)other.load(in);
  }
  CandleBuilder hourly({.interval = Duration::hours(1), .grace = Duration::seconds(1)});
  StateReader in(bytes);
  const Result<void> refused = hourly.load(in);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "candle state is for interval 1m, not 1h");
}

}  // namespace
}  // namespace candled::candles::testing
