// A heartbeat proves a connection and not a subscription: a market that falls silent on the stream while REST has its trades makes no quiet
// minute, loses nothing, and is said to be silent until it is alive again.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "candled/candles/candle_builder.hpp"
#include "candled/domain/unproven.hpp"
#include "candled/engine/verify.hpp"
#include "engine/made_markets.hpp"
#include "engine/small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

constexpr Duration minute = Duration::minutes(1);
using Plan = ingest::MadeMarkets::Plan;

struct Scene {
  Plan bitcoin{.trades_per_second = 0.9}, ether{.trades_per_second = 0.2};
  Duration lasts = Duration::minutes(20);
  unsigned seed = 1;
  Duration rest_down_from = Duration::days(1), rest_down_to = Duration::days(1);
  std::vector<ingest::MarketCursor> cursors = {};
  std::function<std::string(const std::string&)> spoil = [](const std::string& frame) { return frame; };
};

struct Heard {
  std::vector<Event> events;
  std::vector<Trade> bitcoin, ether;                  // that happened until shortly before the end
  std::vector<std::set<ingest::MarketState>> states;  // of ether, in each minute
  int trade_requests = 0, subscriptions = 0;
  std::int64_t silences = 0, foreign_id = 0;
  std::string log;
};

Heard listen(const Scene& scene) {
  net::MadeWorld world;
  ingest::MadeMarkets made(world, {{"BTC/USD", scene.bitcoin}, {"ETH/USD", scene.ether}}, scene.seed);
  made.rest_down_from = scene.rest_down_from;
  made.rest_down_to = scene.rest_down_to;
  made.spoil = scene.spoil;
  const std::filesystem::path log_file =
      std::filesystem::temp_directory_path() / fmt::format("candled_silent_{}.log", ::getpid());
  std::filesystem::remove(log_file);
  const MarketTable table = two_markets();
  ingest::FeedStatistics statistics(table);
  flow::Channel channel = flow::make_channel(1 << 18);
  Heard heard;
  {
    flow::Log log({flow::LogLevel::info, flow::LogFormat::text, log_file.string()});
    ingest::Feed feed(ingest::known_exchanges(),
                      {{ingest::made_exchange_settings()}, {Duration{}, Duration::days(7)}, {}}, table, scene.cursors,
                      std::move(channel.sender), log, statistics, world);
    heard.states.resize(static_cast<std::size_t>(scene.lasts / minute) + 1);
    made.each_second = [&] {
      heard.states[static_cast<std::size_t>(made.age() / minute)].insert(statistics.of(MarketId{1}).state_now());
    };
    const auto end = world.after(scene.lasts, [&feed] { feed.request_stop(); });
    feed.run();
    made.each_second = [] {};
  }
  while (std::optional<Event> event = channel.receiver.pop()) heard.events.push_back(std::move(*event));
  const auto early = [&](const std::vector<Trade>& all) {
    std::vector<Trade> kept;
    for (const Trade& trade : all) {
      if (trade.time < ingest::test_epoch + scene.lasts - Duration::seconds(90)) kept.push_back(trade);
    }
    return kept;
  };
  heard.bitcoin = early(made.trades("BTC/USD"));
  heard.ether = early(made.trades("ETH/USD"));
  heard.trade_requests = made.trade_requests;
  heard.subscriptions = made.subscriptions;
  heard.silences = statistics.of(MarketId{1}).silences.value();
  heard.foreign_id = statistics.of(MarketId{1}).foreign_id.value();
  std::ifstream file(log_file);
  heard.log.assign(std::istreambuf_iterator<char>(file), {});
  std::filesystem::remove(log_file);
  return heard;
}

// The candles of a market as they were closed, before any revision.
std::vector<Candle> closed_live(const std::vector<Event>& events, MarketId market) {
  candles::CandleBuilder builder({minute, Duration::seconds(1)});
  std::vector<Candle> closed;
  bool seen = false;
  for (const Event& event : events) {
    if (event.market() != market) continue;
    if (event.kind() == EventKind::sequence_gap) builder.add_sequence_gap();
    const bool trade = event.kind() == EventKind::trade;
    if (!trade && event.kind() != EventKind::watermark) continue;
    const Timestamp time = trade ? event.trade().time : event.watermark().time;
    const bool proven = trade || is_proven(event.watermark());
    if (!proven && !seen) continue;
    seen = true;
    while (const std::optional<Candle> candle = builder.close_due(time, proven)) closed.push_back(*candle);
    if (trade) builder.add(event.trade());
    if (!trade && proven) builder.prove(time);
  }
  return closed;
}

std::set<std::int64_t> minutes_of(const std::vector<Trade>& trades) {
  std::set<std::int64_t> minutes;
  for (const Trade& trade : trades) minutes.insert(floor_to(trade.time, minute).ns);
  return minutes;
}

std::int64_t wrong_quiet(const std::vector<Candle>& candles, const std::vector<Trade>& happened) {
  const std::set<std::int64_t> traded = minutes_of(happened);
  return std::ranges::count_if(candles, [&](const Candle& candle) {
    return candle.state == CandleState::quiet && traded.contains(candle.open_time.ns);
  });
}

std::int64_t count_state(const std::vector<Candle>& candles, CandleState state) {
  return std::ranges::count(candles, state, &Candle::state);
}

// What the events become in the file: the last word on every candle, after revisions.
struct Stored {
  std::vector<Candle> candles;  // of ether
  std::vector<std::int64_t> ids;
  bool due = false;
};

Stored store_events(const std::vector<Event>& events, const std::string& name) {
  const auto path = fresh(name);
  Stored stored;
  {
    Session session(path, Run{});
    REQUIRE(recover(session).has_value());
    for (const Event& event : events) {
      while (session.conveyor.feed().full()) session.conveyor.poll();
      session.conveyor.feed().push(event.copy());
    }
    session.conveyor.feed().close();
    while (session.conveyor.poll()) {
    }
    stored.candles = session.reader.candles(MarketId{1}, {0}, {INT64_MAX});
    for (const Trade& trade : session.reader.trades_between(MarketId{1}, {0}, {INT64_MAX}))
      stored.ids.push_back(trade.id);
    stored.due = session.reader.revision_due(MarketId{1}).has_value();
  }
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, {}, {}});
  VerifyRequest request;
  request.database = path;
  request.settings = Session::make_settings(path, Run{});
  request.past = {[path](const std::string&) -> Result<EngineSettings> { return Session::make_settings(path, Run{}); },
                  [](const EngineSettings&) -> LoadModel {
                    return [](const std::string& model) -> Result<std::shared_ptr<const Predictor>> {
                      return model_named(model);
                    };
                  }};
  const Result<VerifyReport> report = verify(request, log);
  REQUIRE(report.has_value());
  INFO(report->first_difference);
  CHECK(report->differences() == 0);
  return stored;
}

void check_all_stored(const Stored& stored, const std::vector<Trade>& happened) {
  std::size_t missing = 0;
  for (const Trade& trade : happened) missing += std::ranges::find(stored.ids, trade.id) == stored.ids.end() ? 1U : 0U;
  CHECK(missing == 0);
  CHECK(std::set<std::int64_t>(stored.ids.begin(), stored.ids.end()).size() == stored.ids.size());
}

bool was(const Heard& heard, ingest::MarketState state, std::size_t from, std::size_t to) {
  for (std::size_t m = from; m < to; ++m) {
    if (heard.states[m].contains(state)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a market whose stream dies makes no quiet minute; its trades come over REST; a new subscription heals it") {
  Scene scene;
  scene.ether.silent_from = Duration::minutes(5);
  const Heard heard = listen(scene);
  INFO(heard.log);
  CHECK(wrong_quiet(closed_live(heard.events, MarketId{1}), heard.ether) == 0);
  CHECK(wrong_quiet(closed_live(heard.events, MarketId{0}), heard.bitcoin) == 0);
  const Stored stored = store_events(heard.events, "silent");
  check_all_stored(stored, heard.ether);
  CHECK(wrong_quiet(stored.candles, heard.ether) == 0);
  CHECK(heard.silences == 1);
  CHECK(heard.subscriptions == 3);
  CHECK(was(heard, ingest::MarketState::silent, 5, 9));
  CHECK_FALSE(was(heard, ingest::MarketState::silent, 10, 20));
  CHECK(heard.log.find("silent while REST has trades") != std::string::npos);
  CHECK(heard.log.find("alive again") != std::string::npos);
}

TEST_CASE("a stream that stays dead is asked for over REST each minute, and stays unwell") {
  Scene scene;
  scene.ether.silent_from = Duration::minutes(5);
  scene.ether.silent_to = Duration::minutes(15);
  scene.ether.cured_by_subscription = false;
  const Heard heard = listen(scene);
  INFO(heard.log);
  CHECK(wrong_quiet(closed_live(heard.events, MarketId{1}), heard.ether) == 0);
  check_all_stored(store_events(heard.events, "dead"), heard.ether);
  for (std::size_t m = 8; m < 15; ++m) CHECK(heard.states[m].contains(ingest::MarketState::silent));
  CHECK_FALSE(was(heard, ingest::MarketState::silent, 17, 20));
  CHECK(heard.trade_requests < 60);
}

TEST_CASE("a liquid market costs no request, a quiet one a few and ever fewer, and its minutes are quiet at once") {
  Scene scene;
  scene.ether.dead_from = Duration::minutes(5);
  scene.lasts = Duration::minutes(60);
  const Heard heard = listen(scene);
  INFO(heard.log);
  const std::vector<Candle> closed = closed_live(heard.events, MarketId{1});
  CHECK(count_state(closed, CandleState::gap) <= 1);  // the first one is partial
  CHECK(count_state(closed, CandleState::quiet) >= 50);
  CHECK(heard.trade_requests >= 5);
  CHECK(heard.trade_requests <= 9);  // after 1, 2, 4, 8, 15, 15 minutes
  CHECK(heard.states[30].contains(ingest::MarketState::quiet));
  CHECK(heard.silences == 0);
}

TEST_CASE("while REST does not answer a silent minute is a gap, and is quiet when it does") {
  Scene scene;
  scene.ether.dead_from = Duration::minutes(5);
  scene.rest_down_from = Duration::minutes(4);
  scene.rest_down_to = Duration::minutes(12);
  const Heard heard = listen(scene);
  INFO(heard.log);
  const std::vector<Candle> closed = closed_live(heard.events, MarketId{1});
  CHECK(count_state(closed, CandleState::gap) >= 4);
  CHECK(was(heard, ingest::MarketState::unproven, 7, 12));
  const Stored stored = store_events(heard.events, "rest_down");
  check_all_stored(stored, heard.ether);
  CHECK(count_state(stored.candles, CandleState::gap) <= 1);
  CHECK(count_state(stored.candles, CandleState::quiet) >= 12);
}

TEST_CASE("while REST does not answer and the stream is dead no minute is quiet, and all are revised") {
  Scene scene;
  scene.ether.silent_from = Duration::minutes(5);
  scene.rest_down_from = Duration::minutes(4);
  scene.rest_down_to = Duration::minutes(12);
  const Heard heard = listen(scene);
  INFO(heard.log);
  CHECK(wrong_quiet(closed_live(heard.events, MarketId{1}), heard.ether) == 0);
  const Stored stored = store_events(heard.events, "both_down");
  check_all_stored(stored, heard.ether);
  CHECK(wrong_quiet(stored.candles, heard.ether) == 0);
  CHECK(count_state(stored.candles, CandleState::gap) <= 1);
}

TEST_CASE("what is unproven at a crash stays so, and is revised after the next start") {
  Scene scene;
  scene.ether.dead_from = Duration::minutes(5);
  scene.rest_down_from = Duration::minutes(4);
  scene.lasts = Duration::minutes(12);
  const Heard heard = listen(scene);
  const auto path = fresh("unproven_crash");
  const auto gaps = [](Session& session) {
    return count_state(session.reader.candles(MarketId{1}, {0}, {INT64_MAX}), CandleState::gap);
  };
  std::int64_t before = 0;
  {
    Session session(path, Run{});
    REQUIRE(recover(session).has_value());
    for (const Event& event : heard.events) {
      while (session.conveyor.feed().full()) session.conveyor.poll();
      session.conveyor.feed().push(event.copy());
    }
    session.conveyor.feed().flush();
    while (session.conveyor.poll()) {
    }
    before = gaps(session);
    CHECK(before >= 4);
    CHECK(session.reader.unproven_from(MarketId{1}).has_value());
  }
  Session session(path, Run{});
  REQUIRE(recover(session).has_value());
  while (session.conveyor.poll()) {
  }
  CHECK(gaps(session) == before);
  CHECK(session.reader.revision_due(MarketId{1}).has_value());
  const Timestamp proof = ingest::test_epoch + Duration::minutes(12);
  Watermark watermark{proof, proof, true};
  session.conveyor.feed().push(Event::of(MarketId{1}, watermark));
  watermark.time = watermark.received = proof + Duration::seconds(1);
  session.conveyor.feed().push(Event::of(MarketId{1}, watermark));
  session.conveyor.feed().close();
  while (session.conveyor.poll()) {
  }
  CHECK(gaps(session) <= 1);
  CHECK_FALSE(session.reader.revision_due(MarketId{1}).has_value());
}

TEST_CASE("ids of another exchange: no minute is quiet, the market says so with both ids") {
  Scene scene;
  scene.cursors.resize(2);
  scene.cursors[1].last_id = 4'210'000'000;
  scene.cursors[1].last_time = ingest::test_epoch - Duration::hours(3);
  const Heard heard = listen(scene);
  INFO(heard.log);
  CHECK(count_state(closed_live(heard.events, MarketId{1}), CandleState::quiet) == 0);
  // Until the first of its trades nothing spoke against it.
  for (const Event& event : heard.events) {
    if (event.market() == MarketId{1} && event.kind() == EventKind::watermark &&
        event.watermark().time > heard.ether.front().time)
      CHECK_FALSE(is_proven(event.watermark()));
  }
  for (std::size_t m = 2; m < 20; ++m) CHECK(heard.states[m].contains(ingest::MarketState::foreign));
  CHECK(heard.foreign_id > 0);
  CHECK(heard.log.find("last_stored_id=4210000000") != std::string::npos);
  CHECK(heard.log.find("cannot belong") == heard.log.rfind("cannot belong"));
}

TEST_CASE("stored times ahead of the exchange's clock are told, until they no longer are") {
  Scene scene;
  scene.cursors.resize(2);
  scene.cursors[1].last_id = 999;
  scene.cursors[1].last_time = ingest::test_epoch - Duration::minutes(1);
  scene.cursors[1].newest = ingest::test_epoch + Duration::minutes(8);
  const Heard heard = listen(scene);
  INFO(heard.log);
  CHECK(heard.states[3].contains(ingest::MarketState::ahead));
  CHECK_FALSE(was(heard, ingest::MarketState::ahead, 9, 20));
  CHECK(heard.log.find("ahead of the exchange's clock") != std::string::npos);
}

TEST_CASE("a snapshot whose rows cannot be read proves nothing, and a row that cannot be read makes no quiet minute") {
  Scene scene;
  scene.ether.snapshot_unreadable = true;
  scene.ether.trades_per_second = 0.03;
  // Every tenth trade of ether comes with a quantity that no trade has.
  int told = 0;
  scene.spoil = [&told](std::string frame) {
    const std::size_t at = frame.find("\"qty\":");
    if (frame.find("ETH/USD") != std::string::npos && ++told % 10 == 0) frame.insert(at + 6, "-");
    return frame;
  };
  scene.lasts = Duration::minutes(60);
  const Heard heard = listen(scene);
  INFO(heard.log);
  CHECK(wrong_quiet(closed_live(heard.events, MarketId{1}), heard.ether) == 0);
  const Stored stored = store_events(heard.events, "unreadable");
  check_all_stored(stored, heard.ether);
  CHECK(wrong_quiet(stored.candles, heard.ether) == 0);
}

TEST_CASE("whatever dies and comes back, nothing is lost and no minute stays quiet in which something traded") {
  std::int64_t silences = 0, quiet = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    const auto minutes = [&](int from, int to) {
      return Duration::seconds(std::uniform_int_distribution(from * 60, to * 60)(random));
    };
    Scene scene;
    scene.seed = seed;
    scene.ether.trades_per_second = std::array{0.5, 0.1, 0.02, 0.005}[random() % 4];
    scene.ether.silent_from = minutes(1, 15);
    scene.ether.silent_to = scene.ether.silent_from + minutes(1, 20);
    scene.ether.cured_by_subscription = random() % 2 == 0;
    scene.ether.dead_from = minutes(3, 20);
    scene.ether.dead_to = scene.ether.dead_from + minutes(1, 8);
    if (random() % 3 == 0) {
      scene.rest_down_from = minutes(2, 15);
      scene.rest_down_to = scene.rest_down_from + minutes(1, 5);
    }
    scene.lasts = Duration::minutes(45);
    const Heard heard = listen(scene);
    INFO("seed " << seed << "\n" << heard.log);
    const Stored stored = store_events(heard.events, "whatever");
    // What happened in the last quarter of an hour may not have been asked for yet.
    std::vector<Trade> asked = heard.ether;
    std::erase_if(asked, [](const Trade& trade) { return trade.time > ingest::test_epoch + Duration::minutes(28); });
    check_all_stored(stored, asked);
    CHECK(wrong_quiet(stored.candles, asked) == 0);
    silences += heard.silences;
    quiet += count_state(stored.candles, CandleState::quiet);
  }
  CHECK(silences > 10);
  CHECK(quiet > 100);
}
