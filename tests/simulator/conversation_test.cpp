// What a WebSocket client says and hears, and when trades are released to it.
#include "simulator/fake_stage.hpp"

using namespace candled;
using namespace candled::simulator;

TEST_CASE("conversation: status first, with an id beyond int64") {
  Stage stage(two_markets(1));
  REQUIRE(stage.link.frames.size() == 1);
  has(stage.link.frames[0],
      R"({"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","api_version":"v2",)"
      R"("connection_id":)");
  simdjson::dom::parser parser;
  const auto root = parser.parse(stage.link.frames[0]).value();
  CHECK(root["data"].at(0)["connection_id"].get_uint64().value() > std::uint64_t{INT64_MAX});
}

TEST_CASE("conversation: acks, refusals and their exact texts") {
  Stage stage(two_markets(1));
  const auto check = [&](const char* request, const char* part) { has(stage.ask(request), part); };
  check(R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":true},"req_id":11})",
        R"({"method":"subscribe","result":{"channel":"trade","snapshot":true,"symbol":"BTC/USD"},"success":true,)"
        R"("time_in":"2025-01-01T00:00:00.000000Z",)"
        R"("time_out":"2025-01-01T00:00:00.000045Z","req_id":11})");
  check(R"({"method":"subscribe","params":{"channel":"trade","symbol":["XBT/EUR"]},"req_id":-3})",
        R"({"error":"Currency pair not supported XBT/EUR","method":"subscribe","success":false,"symbol":"XBT/EUR",)"
        R"("time_in")");
  check(R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"]}})",
        R"("error":"Already subscribed")");
  check(R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":11}})",
        R"({"error":"Subscription depth not supported","method":"subscribe","success":false,"time_in")");
  check(
      R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10}})",
      R"({"method":"subscribe","result":{"channel":"book","depth":10,"snapshot":true,"symbol":"BTC/USD"},"success":true)");
  check(R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":25}})",
        R"("error":"Already subscribed")");
  check(R"({"method":"unsubscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":25}})",
        R"("error":"Subscription Not Found")");
  check(R"({"method":"unsubscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10}})",
        R"({"method":"unsubscribe","result":{"channel":"book","depth":10,"symbol":"BTC/USD"},"success":true)");
  check(R"({"method":"subscribe","params":{"channel":"weather","symbol":["BTC/USD"]}})",
        R"("error":"Subscription name invalid")");
  check(R"({"method":"ping","req_id":101})", R"({"method":"pong","time_in":)");
  check(R"({"method":"ping","req_id":101})", R"("req_id":101})");
  check(R"({"method":"unsubscribe","params":{"channel":"trade","symbol":["BTC/USD"]},"req_id":3})",
        R"({"method":"unsubscribe","result":{"channel":"trade","symbol":"BTC/USD"},"success":true)");
  check(R"({"method":"unsubscribe","params":{"channel":"trade","symbol":["BTC/USD"]},"req_id":3})",
        R"("success":false)");
  for (const char* bad :
       {"", "{", "[]", "7", R"({"method":"dance"})", R"({"method":"subscribe"})", R"({"method":"ping","req_id":"x"})",
        R"({"method":"subscribe","params":{"channel":"trade","symbol":"BTC/USD"}})",
        R"({"method":"subscribe","params":{"channel":"trade","symbol":[1]}})"}) {
    INFO(bad);
    check(bad, R"("error":"Malformed request")");
    stage.wall = stage.wall + Duration::seconds(1);
  }
}

TEST_CASE("conversation: one ack per symbol, in order") {
  Stage stage(two_markets(1));
  stage.ask(R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD","NO/PE","ETH/USD"]},"req_id":1})");
  REQUIRE(stage.link.frames.size() == 4);
  has(stage.link.frames[1], R"("symbol":"BTC/USD"},"success":true)");
  has(stage.link.frames[2], R"("error":"Currency pair not supported NO/PE")");
  has(stage.link.frames[3], R"("symbol":"ETH/USD"},"success":true)");
}

TEST_CASE("conversation: heartbeats once a second after the first subscription; idle clients are closed") {
  Stage stage(two_markets(1));
  const auto heartbeats = [&] {
    return std::count(stage.link.frames.begin(), stage.link.frames.end(), R"({"channel":"heartbeat"})");
  };
  const auto pass = [&](int seconds) {
    for (int i = 0; i < seconds * 10; ++i) {
      stage.wall = stage.wall + Duration::milliseconds(100);
      stage.exchange.tick(stage.wall);
    }
  };
  pass(59);
  CHECK(heartbeats() == 0);
  CHECK(stage.link.closed_with == 0);
  pass(2);
  CHECK(stage.link.closed_with == 1000);
  stage.connect();
  stage.subscribe();
  pass(120);
  CHECK(heartbeats() == 120);
  CHECK(stage.link.closed_with == 0);
}

TEST_CASE("conversation: too many messages") {
  Stage stage(two_markets(1));
  int refused = 0;
  for (int i = 0; i < 100; ++i)
    refused += stage.ask(R"({"method":"ping"})").find("Exceeded msg rate") != std::string::npos ? 1 : 0;
  CHECK(refused == 60);
}

TEST_CASE("snapshot: the last fifty of what is past, and the stream goes on behind it") {
  LocalExchangeSettings settings = two_markets(0);
  settings.history = Duration::minutes(10);
  for (const char* fault : {"", "snapshot_descending"}) {
    Stage stage(settings);
    if (*fault != 0) stage.fault(fault);
    stage.subscribe(R"("BTC/USD")", true);
    std::vector<std::int64_t> snapshot = stage.ids("BTC/USD", "snapshot");
    REQUIRE(snapshot.size() == 50);
    CHECK(std::is_sorted(snapshot.begin(), snapshot.end()) == (*fault == 0));
    const std::int64_t newest = std::max(snapshot.front(), snapshot.back());
    stage.run();
    CHECK(stage.ids("BTC/USD").front() == newest + 1);
    CHECK(stage.ids("ETH/USD").empty());
  }
}

TEST_CASE("release at speed 0: every trade once, in order, frames of at most fifty, several symbols in one") {
  Stage stage(two_markets(0));
  stage.subscribe();
  stage.run();
  CHECK(stage.exchange.tape_ended());
  CHECK(stage.ids("BTC/USD") == from_to(1, 3000));
  CHECK(stage.ids("ETH/USD") == from_to(1, 3000));
  CHECK(stage.exchange.statistics().trades_sent == 6000);
  bool mixed = false;
  for (const std::string& frame : stage.link.frames) {
    mixed = mixed || (frame.find("BTC/USD") != std::string::npos && frame.find("ETH/USD") != std::string::npos);
  }
  CHECK(mixed);
  CHECK(stage.link.frames.size() <= 3 + 6000 / 50);
}

TEST_CASE("release at speed 0 waits for readers, and for a subscriber") {
  Stage stage(two_markets(0));
  stage.exchange.begin_clock(stage.wall);
  stage.run();
  CHECK(stage.exchange.statistics().trades_released == 0);
  stage.subscribe();
  stage.link.queued = 100'000'000;
  stage.run();
  CHECK(stage.exchange.statistics().trades_released == 0);
  stage.link.queued = 0;
  stage.run();
  CHECK(stage.exchange.statistics().trades_released == 6000);
}

TEST_CASE("release at a pace: the clock stands until someone subscribes, then runs at its speed") {
  Stage stage(two_markets(60));
  stage.wall = Duration::seconds(100);
  stage.run();
  CHECK(to_iso8601(stage.exchange.now(stage.wall)) == "2025-01-01T00:00:00Z");
  stage.subscribe();
  stage.wall = stage.wall + Duration::seconds(5);
  CHECK(to_iso8601(stage.exchange.now(stage.wall)) == "2025-01-01T00:05:00Z");
  stage.run();
  const std::size_t seen = stage.ids("BTC/USD").size();
  CHECK(seen > 50);
  CHECK(seen < 1000);
  CHECK(stage.ids("BTC/USD") == from_to(1, static_cast<std::int64_t>(seen)));
  const Exchange::Next next = stage.exchange.advance(stage.wall);
  REQUIRE(next.at.has_value());
  CHECK(*next.at > stage.wall);
  stage.wall = *next.at + Duration::milliseconds(1);
  stage.run();
  CHECK(stage.ids("BTC/USD").size() + stage.ids("ETH/USD").size() ==
        static_cast<std::size_t>(stage.exchange.statistics().trades_sent));
}
