// Where the record of trades begins or ends within a minute, that minute is never told from the trades: a file's candle stays, without one it is
// unknown. Candles of files in front of the record's end do not move it.
#include <catch2/catch.hpp>
#include <vector>

#include "candled/domain/made_id.hpp"
#include "candled/engine/revision.hpp"
#include "candled/engine/verify.hpp"
#include "candled/store/import_writer.hpp"
#include "small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

constexpr Timestamp start{1'735'689'600'000'000'000};
constexpr Duration minute = Duration::minutes(1);
constexpr MarketId market{0};

Candle of_file(int at) {
  Candle candle;
  candle.open_time = start + minute * at;
  candle.open = candle.close = Price::from_units(90'000 * Price::scale);
  candle.high = Price::from_units(90'001 * Price::scale);
  candle.low = Price::from_units(89'999 * Price::scale);
  candle.volume = volume_of(Quantity::from_units(Quantity::scale * 3 / 2));
  candle.trades = 3;
  candle.buy_volume_known = false;
  return candle;
}

void import_candles(Session& session, const std::filesystem::path& path, int count) {
  store::ImportWriter beside(path, session.settings.markets);
  std::vector<store::CandleImport> rows;
  for (int i = 0; i < count; ++i) rows.push_back({of_file(i), {}, false});
  REQUIRE(beside.write_candles(market, feature_lists(session.settings.markets)[0].hash, rows).has_value());
}

void push(Session& session, Event event) {
  REQUIRE(session.conveyor.feed().try_push(std::move(event)));
  while (session.conveyor.poll()) {
  }
}

void push_trades(Session& session, int from_second, int to_second, bool ids) {
  for (int second = from_second; second < to_second; second += 5) {
    Trade trade;
    trade.time = trade.received = start + Duration::seconds(second) + Duration::milliseconds(500);
    trade.id = ids ? 1'000 + second / 5 : made_id_from(trade.time);
    trade.price = Price::from_units((94'000 + second % 3) * Price::scale);
    trade.quantity = Quantity::from_units(Quantity::scale / 100);
    push(session, Event::of(market, trade));
  }
}

void push_proof(Session& session, int second) {
  const Timestamp time = start + Duration::seconds(second);
  push(session, Event::of(market, Watermark{time, time}));
}

void finish(Session& session) {
  session.conveyor.feed().close();
  while (session.conveyor.poll()) {
  }
}

// By minute: f of a file, t of trades, ? unknown, q quiet, - none.
std::string told(const store::Reader& reader, int minutes) {
  std::string text(static_cast<std::size_t>(minutes), '-');
  for (const Candle& candle : reader.candles(market, start, start + minute * minutes)) {
    char& letter = text[static_cast<std::size_t>((candle.open_time - start) / minute)];
    letter = candle.state == CandleState::gap     ? '?'
             : candle.state == CandleState::quiet ? 'q'
             : candle.tape.known                  ? 't'
                                                  : 'f';
    if (letter == 'f') CHECK(candle.volume == of_file(0).volume);
  }
  return text;
}

std::string first_difference(const std::filesystem::path& path) {
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
  return report ? report->first_difference : report.error().message;
}

void revise_all(Session& session) {
  REQUIRE(
      revise_candles(session.reader, session.writer, session.settings.markets[0], start - minute, Timestamp{INT64_MAX})
          .has_value());
}

}  // namespace

TEST_CASE("minutes that trades cover in part stay a file's candles, in either order, with ids and without") {
  for (const bool ids : {true, false}) {
    for (const bool candles_first : {true, false}) {
      INFO((ids ? "with ids" : "without ids") << (candles_first ? ", candles first" : ", trades first"));
      const auto path = fresh("partial_minutes");
      {
        Session session(path, Run{});
        REQUIRE(recover(session).has_value());
        if (candles_first) import_candles(session, path, 10);
        push_trades(session, 150, 350, ids);
        finish(session);
        if (!candles_first) {
          CHECK(told(session.reader, 10) == "--?tt-----");
          import_candles(session, path, 10);
        }
        revise_all(session);
        CHECK(told(session.reader, 10) == "fffttfffff");
      }
      CHECK(first_difference(path) == "");
    }
  }
}

TEST_CASE("where a live record begins behind a file's candles, its first minute is not told from the trades") {
  for (const bool ids : {true, false}) {
    for (const int candles : {0, 3, 10}) {
      INFO((ids ? "with ids" : "without ids") << ", candles of a file up to minute " << candles);
      const auto path = fresh("partial_start");
      {
        Session session(path, Run{});
        REQUIRE(recover(session).has_value());
        import_candles(session, path, candles);
        push_trades(session, 150, 350, ids);
        push_proof(session, 410);
        finish(session);  // looks at what is due
        const std::string wanted = candles == 0 ? "--?ttt----" : candles == 3 ? "fffttt----" : "ffftttffff";
        CHECK(told(session.reader, 10) == wanted);
        revise_all(session);
        CHECK(told(session.reader, 10) == wanted);
      }
      CHECK(first_difference(path) == "");
    }
  }
}

TEST_CASE("what continues a record tells the minute it had ended in") {
  for (const bool ids : {true, false}) {
    INFO((ids ? "with ids" : "without ids"));
    const auto path = fresh("partial_continued");
    {
      Session session(path, Run{});
      REQUIRE(recover(session).has_value());
      import_candles(session, path, 10);
      push_trades(session, 150, 350, ids);
      finish(session);
      revise_all(session);
      CHECK(told(session.reader, 10) == "fffttfffff");
    }
    {
      Session session(path, Run{});
      REQUIRE(recover(session).has_value());
      push_trades(session, 350, 385, ids);
      finish(session);
      revise_all(session);
      CHECK(told(session.reader, 10) == "ffftttffff");
    }
    CHECK(first_difference(path) == "");
  }
}

TEST_CASE("the first revised candle behind a file's has the same ticks as its replay") {
  const auto path = fresh("partial_ticks");
  {
    Session session(path, Run{});
    REQUIRE(recover(session).has_value());
    import_candles(session, path, 10);
    push_proof(session, 120);
    push_trades(session, 120, 360, true);
    push_proof(session, 370);
    finish(session);
    CHECK(told(session.reader, 10) == "ffttttffff");
  }
  CHECK(first_difference(path) == "");
}

TEST_CASE("wherever a record begins and ends, no partial minute is told from its trades") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    const bool ids = random() % 2 == 0, proof = random() % 2 == 0, candles_first = random() % 2 == 0;
    const int from = static_cast<int>(random() % 80) * 5, to = from + 5 + static_cast<int>(random() % 40) * 5;
    INFO("round " << round << ": " << from << " to " << to << (ids ? ", ids" : "") << (proof ? ", proof" : ""));
    const auto path = fresh("partial_any");
    Session session(path, Run{});
    REQUIRE(recover(session).has_value());
    if (candles_first) import_candles(session, path, 11);
    push_trades(session, from, to, ids);
    int known_to = proof ? to + static_cast<int>(random() % 100) : to - 5;
    if (proof && known_to % 60 < 10) known_to += 10;  // behind the grace of the minute before
    if (proof) push_proof(session, known_to);
    finish(session);
    if (!candles_first) import_candles(session, path, 11);
    revise_all(session);
    const std::string text = told(session.reader, 11);
    for (int at = 0; at < 11; ++at) {
      const bool covered = at * 60 > from && (at + 1) * 60 <= known_to;
      INFO("minute " << at << " of " << text);
      const char letter = text[static_cast<std::size_t>(at)];
      if (!covered) CHECK(letter == 'f');
      if (covered && at * 60 >= to) CHECK((letter == 'f' || letter == 'q'));
      if (covered && at * 60 < to) CHECK(letter == 't');
    }
  }
}
