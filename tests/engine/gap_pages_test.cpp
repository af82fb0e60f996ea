// A sequence gap that is filled page by page behind the live trades: its candles, in a few passes, and a record that verify believes, with and
// without deaths in between.
#include <catch2/catch.hpp>

#include "candled/engine/verify.hpp"
#include "small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

constexpr Timestamp start{1'735'689'600'000'000'000};
constexpr std::int64_t first_missing = 101, last_missing = 1'300;

// Two minutes up to the hole, all of whose trades are in the fourth; those behind it begin in the sixth.
Trade trade_of(std::int64_t id) {
  Trade trade;
  trade.id = id;
  trade.time = start + (id <= 100            ? Duration::milliseconds(id * 1'150)
                        : id <= last_missing ? Duration::minutes(3) + Duration::milliseconds((id - 100) * 40)
                                             : Duration::minutes(5) + Duration::seconds(id - last_missing));
  trade.received = trade.time + Duration::milliseconds(5);
  trade.price = Price::from_units((100'000 + id % 50) * Price::scale);
  trade.quantity = Quantity::from_units(1'000 + id);
  trade.side = id % 3 == 0 ? Side::buy : Side::sell;
  return trade;
}

void push(Session& session, Event event) { REQUIRE(session.conveyor.feed().try_push(std::move(event))); }
void push_trade(Session& session, std::int64_t id) { push(session, Event::of(MarketId{0}, trade_of(id))); }
void settle(Session& session) {
  while (session.conveyor.poll()) {
  }
}

VerifyReport verified(const std::filesystem::path& path) {
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, {}, {}});
  VerifyRequest request;
  request.database = path;
  request.settings = Session::make_settings(path, Run{});
  request.past = {[path](const std::string&) -> Result<EngineSettings> { return Session::make_settings(path, Run{}); },
                  [](const EngineSettings&) -> LoadModel {
                    return [](const std::string& name) -> Result<std::shared_ptr<const Predictor>> {
                      return model_named(name);
                    };
                  }};
  const Result<VerifyReport> report = verify(request, log);
  INFO((report ? "" : report.error().message));
  REQUIRE(report.has_value());
  return *report;
}

}  // namespace

TEST_CASE("a sequence gap that comes page by page ends in the candles of all trades, in a few passes") {
  for (const bool dies : {false, true}) {
    INFO((dies ? "with deaths" : "in one run"));
    const auto path = fresh("pages");
    auto session = std::make_unique<Session>(path, Run{});
    REQUIRE(recover(*session).has_value());
    push(*session, Event::of(MarketId{0}, Watermark{start, start}));
    for (std::int64_t id = 1; id < first_missing; ++id) push_trade(*session, id);
    const Timestamp detected = start + Duration::minutes(5);
    push(*session, Event::sequence_gap(MarketId{0}, SequenceGap{first_missing, last_missing, detected, {}}));
    std::int64_t live = last_missing;
    for (int i = 0; i < 200; ++i) push_trade(*session, ++live);
    settle(*session);
    REQUIRE(
        session->reader.candles(MarketId{0}, start + Duration::minutes(3), start + Duration::minutes(4)).at(0).state ==
        CandleState::gap);
    for (std::int64_t first = first_missing; first <= last_missing; first += 60) {
      const std::int64_t last = first + 59;
      for (std::int64_t id = first; id <= last; ++id) push_trade(*session, id);
      const bool word_is_lost = dies && first % 180 == 101;
      if (!word_is_lost) {
        push(*session,
             Event::sequence_gap_filled(
                 MarketId{0}, SequenceGap{first, last, detected + Duration::seconds(first), trade_of(last).time}));
      }
      settle(*session);
      if (dies && first % 120 == 101) {
        session.reset();
        session = std::make_unique<Session>(path, Run{});
        REQUIRE(recover(*session).has_value());
      }
      push_trade(*session, ++live);
      settle(*session);
    }
    session->conveyor.feed().close();
    settle(*session);
    CHECK(session->reader.cursor(MarketId{0}).open_sequence_gaps.empty());
    CHECK_FALSE(session->reader.revision_due(MarketId{0}).has_value());
    const std::vector<Candle> candles = session->reader.candles(MarketId{0}, start, start + Duration::minutes(6));
    REQUIRE(candles.size() >= 5);
    std::int64_t trades = 0;
    for (const Candle& candle : candles) {
      if (candle.open_time >= start + Duration::minutes(5)) break;
      CHECK(candle.state != CandleState::gap);
      if (!dies) CHECK(candle.revision <= 2);  // not once a page
      trades += candle.trades;
    }
    CHECK(trades == last_missing);
    session.reset();
    const VerifyReport report = verified(path);
    CHECK(report.first_difference.empty());
    CHECK(report.revised_candles.compared > 0);
  }
}
