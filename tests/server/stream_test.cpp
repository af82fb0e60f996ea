// The event stream: what is told, to whom, and who is dropped.
#include <catch2/catch.hpp>

#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"
#include "server/running_server.hpp"
#include "server/stream_feed.hpp"

using namespace candled;
using namespace candled::tests;
using Catch::Contains;

namespace {

struct Feed {
  SmallJournal journal{"candled_stream_test"};
  store::ViewReader reader{journal.path(), [] { return true; }};
  server::Health health;
  server::ServerSources sources{{}, [this] { return health; }};
  server::StreamFeed feed{reader, sources};
  Duration now = Duration::seconds(100);

  std::string advance(Duration by = Duration::milliseconds(25)) {
    now = now + by;
    return feed.advance(now);
  }
};

std::string ids(const std::string& text) {
  std::string joined;
  for (std::size_t at = text.find("id: "); at != std::string::npos; at = text.find("id: ", at + 1)) {
    joined += (joined.empty() ? "" : " ") + text.substr(at + 4, text.find('\n', at) - at - 4);
  }
  return joined;
}

}  // namespace

TEST_CASE("rows are told at once, trades a few times a second") {
  Feed one;
  one.feed.start(one.now);
  CHECK(one.advance() == "");
  one.journal.commit(one.journal.trade(MarketId{0}, 1));
  CHECK(one.advance() == "");
  one.journal.commit(one.journal.trade(MarketId{0}, 2));
  CHECK(one.advance() == "");
  CHECK(one.advance(Duration::milliseconds(250)) ==
        "id: 2\nevent: trade\ndata: "
        "{\"market\":\"kraken:BTC/USD\",\"count\":2,\"last_trade_id\":2,\"time\":\"2025-02-19T21:20:02.123456789Z\","
        "\"price\":62807.1000000001,\"high\":62807.1000000001,\"low\":62807.1000000001,\"volume\":0.00000002,\"buy_"
        "volume\":0}\n\n");
  one.journal.commit(one.journal.candle(MarketId{0}, 0, CandleState::traded, "100"), one.journal.trade(MarketId{0}, 3));
  const std::string text = one.advance();
  CHECK(ids(text) == "3.1 3.2 3.3 3.4");
  CHECK_THAT(text,
             Contains("id: 3.1\nevent: candle\ndata: "
                      "{\"market\":\"kraken:BTC/USD\",\"interval\":\"1m\",\"open_time\":\"2025-02-19T21:20:00Z\""));
  CHECK_THAT(text, Contains("event: prediction\n") && Contains("event: equity\n"));
  CHECK(one.feed.events() == 5);
}

TEST_CASE("trades of any size are told exactly") {
  Feed one;
  one.feed.start(one.now);
  for (std::int64_t id = 1; id <= 9; ++id) {
    Trade trade = one.journal.trade(MarketId{0}, id).trade();
    trade.price = *Price::parse(id == 1 ? "5000000000.25" : id == 2 ? "0.000000000001" : "1");
    trade.quantity = *Quantity::parse("1523456789012.12345");
    one.journal.commit(Event::of(MarketId{0}, trade));
  }
  CHECK_THAT(one.advance(Duration::milliseconds(250)),
             Contains("\"high\":5000000000.25,\"low\":0.000000000001,\"volume\":13711111101109.11105,"));
}

TEST_CASE("a state that changes is told") {
  Feed one;
  one.feed.start(one.now);
  CHECK(one.advance(Duration::seconds(2)) == "");
  one.health.tell("writer_stalled", "no commit");
  CHECK(one.advance(Duration::seconds(2)) ==
        "id: 0\nevent: status\ndata: {\"status\":\"unhealthy\",\"problem\":\"writer_stalled: no commit\","
        "\"reasons\":[\"writer_stalled: no commit\"],\"problems\":[{\"reason\":\"writer_stalled\",\"market\":null,"
        "\"text\":\"no commit\"}],\"feed\":[],\"markets\":[]}\n\n");
}

TEST_CASE("who comes back goes on exactly behind what he saw") {
  Feed one;
  one.journal.fill_up();
  one.feed.start(one.now);
  CHECK(ids(one.feed.welcome("")) == "6");
  CHECK(ids(one.feed.welcome("6")) == "6");
  CHECK(ids(one.feed.welcome("5")) == "6.1 6");
  CHECK(ids(one.feed.welcome("4")) == "5.1 5.2 5.3 5.4 5.5 5.6 5.7 5.8 6.1 6");
  CHECK(ids(one.feed.welcome("5.6")) == "5.7 5.8 6.1 6");
  CHECK(ids(one.feed.welcome("5.8")) == "6.1 6");
  for (const std::string wrong : {"7", "x", "5.x", "5.", "-1", "5.1.1", "99999999999999999999"}) {
    INFO(wrong);
    CHECK_THAT(one.feed.welcome(wrong), Catch::StartsWith("id: 6\nevent: reset\n"));
  }
}

TEST_CASE("a stream over the wire") {
  server::ServerSettings settings;
  settings.heartbeat = Duration::milliseconds(100);
  RunningServer running(settings);
  Client client(running.server.port());
  client.send("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK_THAT(client.read_until("event: status\n"),
             Contains("Content-Type: text/event-stream\r\n") && Contains("Content-Security-Policy: "));
  const Duration before = flow::monotonic_now();
  running.journal.commit(running.journal.candle(MarketId{0}, 0, CandleState::traded, "100"),
                         running.journal.trade(MarketId{0}, 1));
  CHECK_THAT(client.read_until("event: candle\n"), Contains("id: 1.1\n"));
  CHECK(flow::monotonic_now() - before < Duration::milliseconds(500));
  client.read_until(": alive\n");
  CHECK_THAT(running.get("/metrics").body, Contains("candled_http_streams 1\n"));
}

TEST_CASE("nothing on the way keeps an event back") {
  RunningServer running;
  // As a browser asks, as a proxy does with its defaults, and by HEAD.
  for (const std::string request : {"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n",
                                    "GET /api/v1/stream HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n",
                                    "HEAD /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"}) {
    INFO(request);
    Client client(running.server.port());
    client.send(request + "\r\n");
    const std::string header = client.read_until("\r\n\r\n");
    CHECK_THAT(header, Contains("X-Accel-Buffering: no\r\n") && Contains("Cache-Control: no-store, no-transform\r\n"));
    CHECK_THAT(header, !Contains("Content-Encoding"));
  }
  CHECK_THAT(running.get("/health").header, !Contains("X-Accel-Buffering"));
}

TEST_CASE("no more streams than agreed") {
  server::ServerSettings settings;
  settings.streams_max = 1;
  RunningServer running(settings);
  Client first(running.server.port());
  first.send("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  first.read_until("event: status\n");
  CHECK(running.get("/api/v1/stream").status == 503);
  CHECK(running.get("/api/v1/stream?x=1").status == 400);
  CHECK(running.get("/health").status == 200);
}

TEST_CASE("a client that does not read is dropped, and nobody waits for it") {
  RunningServer running;
  Client slow(running.server.port()), quick(running.server.port());
  for (Client* client : {&slow, &quick}) client->send("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  quick.read_until("event: status\n");
  int minute = 0;
  std::string metrics;
  for (int i = 0; i < 100 && metrics.find("candled_http_dropped_streams_total 1\n") == std::string::npos; ++i) {
    std::vector<Event> events;
    for (int j = 0; j < 400; ++j)
      events.push_back(running.journal.candle(MarketId{0}, minute++, CandleState::traded, "100"));
    events.push_back(running.journal.trade(MarketId{0}, minute));
    running.journal.commit(std::move(events));
    quick.read_until("id: " + std::to_string(running.journal.sequence) + ".1600\n");
    metrics = running.get("/metrics").body;
  }
  CHECK_THAT(metrics, Contains("candled_http_dropped_streams_total 1\n") && Contains("candled_http_streams 1\n"));
}
