// The exchange without sockets: conversation, release of trades, faults, REST routing. Wall time is what the test says.
#include <catch2/catch.hpp>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <simdjson.h>

#include "simulator/exchange.hpp"
#include "simulator/rest.hpp"

using namespace candled;
using namespace candled::simulator;

namespace {

class FakeLink final : public Link {
 public:
  void send(Frame frame) override { frames.push_back(*frame); }
  void cut() override { was_cut = true; }
  void close(std::uint16_t code, std::string) override { closed_with = code; }
  std::size_t queued_bytes() const override { return queued; }

  std::vector<std::string> frames;
  std::size_t queued = 0;
  bool was_cut = false;
  int closed_with = 0;
};

LocalExchangeSettings two_markets(double speed, std::int64_t trades = 3000) {
  LocalExchangeSettings settings;
  settings.markets = {{"BTC/USD", SyntheticMarket{.seed = 1, .first_id = 1, .trades_max = trades}},
                      {"ETH/USD", SyntheticMarket{.seed = 1, .first_id = 1, .trades_max = trades}}};
  settings.speed = speed;
  settings.limits.rest_calls_per_second = 0;
  settings.limits.connections_per_ten_minutes = 0;
  return settings;
}

// One exchange and one client.
struct Stage {
  explicit Stage(LocalExchangeSettings settings) : exchange(settings, open_markets(settings).value()) { connect(); }

  void connect() {
    session.reset();
    link = FakeLink();
    session = std::make_unique<Session>(exchange, link, wall);
    session->open(wall);
  }
  std::string ask(const std::string& message) {
    const std::size_t before = link.frames.size();
    session->receive(message, wall);
    return link.frames.size() > before ? link.frames[before] : std::string();
  }
  void subscribe(const char* symbols = R"("BTC/USD","ETH/USD")", bool snapshot = false) {
    ask(std::string(R"({"method":"subscribe","params":{"channel":"trade","symbol":[)") + symbols +
        R"(],"snapshot":)" + (snapshot ? "true" : "false") + "}}");
  }
  void fault(const char* text) {
    exchange.faults().schedule(parse_fault(text).value());
    exchange.advance(wall);
  }
  // Runs the tape to its end, or as long as it goes without wall time passing.
  void run() {
    while (exchange.advance(wall).again) {
    }
  }
  // Ids of one symbol in all update frames, in order.
  std::vector<std::int64_t> ids(std::string_view symbol, std::string_view type = "update") {
    std::vector<std::int64_t> out;
    simdjson::dom::parser parser;
    for (const std::string& frame : link.frames) {
      const simdjson::dom::element root = parser.parse(frame).value();
      std::string_view channel, kind;
      if (root["channel"].get(channel) != simdjson::SUCCESS || channel != "trade") continue;
      if (root["type"].get(kind) != simdjson::SUCCESS || kind != type) continue;
      const simdjson::dom::array rows = root["data"].get_array().value();
      for (auto row : rows) {
        if (row["symbol"].get_string().value() == symbol) out.push_back(row["trade_id"].get_int64().value());
      }
    }
    return out;
  }
  std::string rest(const char* target) { return answer_rest(exchange, target, "127.0.0.1", wall).body; }

  Duration wall{};
  Exchange exchange;
  FakeLink link;
  std::unique_ptr<Session> session;
};

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}

std::vector<std::int64_t> from_to(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> ids;
  for (std::int64_t id = first; id <= last; ++id) ids.push_back(id);
  return ids;
}

}  // namespace

TEST_CASE("conversation: status first, with an id beyond int64") {
  Stage stage(two_markets(1));
  REQUIRE(stage.link.frames.size() == 1);
  has(stage.link.frames[0], R"({"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","api_version":"v2","connection_id":)");
  simdjson::dom::parser parser;
  const auto root = parser.parse(stage.link.frames[0]).value();
  CHECK(root["data"].at(0)["connection_id"].get_uint64().value() > std::uint64_t{INT64_MAX});
}

TEST_CASE("conversation: acks, refusals and their exact texts") {
  Stage stage(two_markets(1));
  const auto check = [&](const char* request, const char* part) { has(stage.ask(request), part); };
  check(R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":true},"req_id":11})",
        R"({"method":"subscribe","result":{"channel":"trade","snapshot":true,"symbol":"BTC/USD"},"success":true,"time_in":"2025-01-01T00:00:00.000000Z","time_out":"2025-01-01T00:00:00.000045Z","req_id":11})");
  check(R"({"method":"subscribe","params":{"channel":"trade","symbol":["XBT/EUR"]},"req_id":-3})",
        R"({"error":"Currency pair not supported XBT/EUR","method":"subscribe","success":false,"symbol":"XBT/EUR","time_in")");
  check(R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"]}})", R"("error":"Already subscribed")");
  check(R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":11}})",
        R"({"error":"Subscription depth not supported","method":"subscribe","success":false,"time_in")");
  check(R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10}})", R"("error":"Subscription name invalid")");
  check(R"({"method":"ping","req_id":101})", R"({"method":"pong","time_in":)");
  check(R"({"method":"ping","req_id":101})", R"("req_id":101})");
  check(R"({"method":"unsubscribe","params":{"channel":"trade","symbol":["BTC/USD"]},"req_id":3})",
        R"({"method":"unsubscribe","result":{"channel":"trade","symbol":"BTC/USD"},"success":true)");
  check(R"({"method":"unsubscribe","params":{"channel":"trade","symbol":["BTC/USD"]},"req_id":3})", R"("success":false)");
  for (const char* bad : {"", "{", "[]", "7", R"({"method":"dance"})", R"({"method":"subscribe"})", R"({"method":"ping","req_id":"x"})",
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
  const auto heartbeats = [&] { return std::count(stage.link.frames.begin(), stage.link.frames.end(), R"({"channel":"heartbeat"})"); };
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
  for (int i = 0; i < 100; ++i) refused += stage.ask(R"({"method":"ping"})").find("Exceeded msg rate") != std::string::npos ? 1 : 0;
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
  CHECK(stage.ids("BTC/USD").size() + stage.ids("ETH/USD").size() == static_cast<std::size_t>(stage.exchange.statistics().trades_sent));
}

TEST_CASE("faults: drop strikes exactly where it was asked to, and REST has what the stream lost") {
  LocalExchangeSettings settings = two_markets(0);
  settings.markets.pop_back();
  settings.faults.faults = {parse_fault("drop?trades=20&at_trade=1000").value(), parse_fault("drop?trades=1&every_trades=700").value()};
  Stage stage(settings);
  stage.subscribe(R"("BTC/USD")");
  stage.run();
  std::vector<std::int64_t> expected;
  for (std::int64_t id = 1; id <= 3000; ++id) {
    if ((id <= 1000 || id > 1020) && !(id > 1 && (id - 1) % 700 == 0)) expected.push_back(id);
  }
  CHECK(stage.ids("BTC/USD") == expected);
  CHECK(stage.exchange.statistics().trades_unseen == 24);
  CHECK(has(stage.rest("/0/public/Trades?pair=XBTUSD&since=0&count=1000"), ",1000]"));
  const std::int64_t ns = stage.exchange.markets()[0].history[999].time.ns;
  CHECK(has(stage.rest(("/0/public/Trades?pair=XBTUSD&since=" + std::to_string(ns - 1)).c_str()), ",1010]"));
}

TEST_CASE("faults: random ones follow the seed") {
  const auto lost = [](std::uint64_t seed) {
    LocalExchangeSettings settings = two_markets(0);
    settings.faults = {seed, {parse_fault("drop?probability=0.01").value()}};
    Stage stage(settings);
    stage.subscribe();
    stage.run();
    return stage.ids("BTC/USD");
  };
  CHECK(lost(1) == lost(1));
  CHECK(lost(1) != lost(2));
  CHECK(lost(1).size() < 3000);
  CHECK(lost(1).size() > 2900);
}

TEST_CASE("faults: drop and stall of one symbol leave the other alone") {
  Stage stage(two_markets(0));
  stage.exchange.faults().schedule(parse_fault("drop?symbol=ETH/USD&trades=5&at_trade=100").value());
  stage.exchange.faults().schedule(parse_fault("stall_symbol?symbol=BTC/USD&trades=1000&at_trade=200").value());
  stage.subscribe();
  stage.run();
  CHECK(stage.ids("ETH/USD").size() == 2995);
  CHECK(stage.ids("BTC/USD").size() == 2000);
}

TEST_CASE("faults: cut, with trades lost meanwhile and upgrades reset") {
  Stage stage(two_markets(0));
  stage.exchange.faults().schedule(parse_fault("cut?seconds=5&trades=40&at_trade=1000").value());
  stage.subscribe();
  while (!stage.link.was_cut) stage.exchange.advance(stage.wall);
  CHECK(answer_upgrade(stage.exchange, "/v2", "127.0.0.1", stage.wall).reset);
  stage.session.reset();
  stage.run();
  CHECK(stage.exchange.statistics().trades_released == 1040);
  stage.wall = stage.wall + Duration::seconds(6);
  CHECK_FALSE(answer_upgrade(stage.exchange, "/v2", "127.0.0.1", stage.wall).reset);
  CHECK(answer_upgrade(stage.exchange, "/v1", "127.0.0.1", stage.wall).refuse_with == 404);
  stage.connect();
  stage.subscribe();
  stage.run();
  CHECK(stage.ids("BTC/USD").size() + stage.ids("ETH/USD").size() == 6000 - 1040);
}

TEST_CASE("faults: stall is silence, then a hole") {
  Stage stage(two_markets(60));
  stage.subscribe();
  stage.wall = Duration::seconds(10);
  stage.run();
  stage.fault("stall?seconds=20");
  const std::size_t frames = stage.link.frames.size();
  for (int i = 0; i < 19; ++i) {
    stage.wall = stage.wall + Duration::seconds(1);
    stage.exchange.tick(stage.wall);
    stage.run();
  }
  CHECK(stage.ask(R"({"method":"ping"})").empty());
  CHECK(stage.link.frames.size() == frames);
  stage.wall = stage.wall + Duration::seconds(2);
  stage.exchange.tick(stage.wall);
  stage.run();
  CHECK(stage.link.frames.size() > frames);
  CHECK(stage.exchange.statistics().trades_unseen > 100);
}

TEST_CASE("faults: maintenance, message rate, repeat, exponents, bad frames") {
  Stage stage(two_markets(0));
  stage.exchange.faults().schedule(parse_fault("exponent?trades=10").value());
  stage.exchange.faults().schedule(parse_fault("repeat?trades=30&at_trade=500").value());
  stage.subscribe();
  stage.run();
  CHECK(stage.ids("BTC/USD").size() == 3030);
  CHECK(std::set<std::int64_t>{}.size() + stage.ids("ETH/USD").size() == 3030);
  CHECK(std::count_if(stage.link.frames.begin(), stage.link.frames.end(),
                      [](const std::string& f) { return f.find("e+0") != std::string::npos; }) == 1);
  const auto last = [&](const char* fault) {
    stage.fault(fault);
    return stage.link.frames.back();
  };
  has(last("message_rate"), R"({"error":"Exceeded msg rate")");
  for (const char* frame : {"truncated", "wrong_types", "unknown_channel", "empty_data", "not_json"}) {
    CHECK_FALSE(last((std::string("bad_frame?frame=") + frame).c_str()).empty());
  }
  CHECK(last("bad_frame?frame=huge").size() > 20 * 1024 * 1024);
  has(last("maintenance?seconds=3"), R"("system":"maintenance")");
  CHECK(stage.link.closed_with == 1001);
  has(stage.rest("/0/public/SystemStatus"), R"("status":"maintenance")");
  stage.connect();
  CHECK(stage.link.closed_with == 1001);
  stage.wall = stage.wall + Duration::seconds(4);
  stage.connect();
  CHECK(stage.link.closed_with == 0);
  has(stage.rest("/0/public/SystemStatus"), R"("status":"online")");
}

TEST_CASE("REST: errors have HTTP 200 and Kraken's words") {
  Stage stage(two_markets(1));
  const auto check = [&](const char* target, const char* body) {
    INFO(target);
    CHECK(stage.rest(target) == body);
  };
  check("/0/public/Trades?pair=NOPE", R"({"error":["EQuery:Unknown asset pair"]})");
  check("/0/public/AssetPairs?pair=XBTUSD,NOPE", R"({"error":["EQuery:Unknown asset pair"]})");
  check("/0/public/Trades?pair=XBTUSD&since=x", R"({"error":["EGeneral:Invalid arguments:since"]})");
  check("/0/public/Trades?pair=XBTUSD&count=1001", R"({"error":["EGeneral:Invalid arguments:count"]})");
  check("/0/public/OHLC?pair=XBTUSD&interval=2", R"({"error":["EGeneral:Invalid arguments:interval"]})");
  check("/0/public/Nonsense", R"({"error":["EGeneral:Unknown method"]})");
  check("/0/public/Trades?pair=XXBTZUSD", R"({"error":[],"result":{"XXBTZUSD":[],"last":"0"}})");
  check("/0/public/Trades?pair=BTC%2FUSD", R"({"error":[],"result":{"XXBTZUSD":[],"last":"0"}})");
  check("/0/public/Time", R"({"error":[],"result":{"unixtime":1735689600,"rfc1123":"Wed, 01 Jan 25 00:00:00 +0000"}})");
}

TEST_CASE("REST: the pace is limited, per address") {
  LocalExchangeSettings settings = two_markets(1);
  settings.limits.rest_calls_per_second = 1;
  settings.limits.rest_burst = 3;
  Stage stage(settings);
  const std::string limited = R"({"error":["EAPI:Rate limit exceeded"]})";
  for (int i = 0; i < 3; ++i) CHECK(stage.rest("/0/public/Time") != limited);
  CHECK(stage.rest("/0/public/Time") == limited);
  CHECK(answer_rest(stage.exchange, "/0/public/Time", "10.0.0.9", stage.wall).body != limited);
  stage.wall = stage.wall + Duration::milliseconds(1100);
  CHECK(stage.rest("/0/public/Time") != limited);
  CHECK(stage.rest("/0/public/Time") == limited);
}

TEST_CASE("REST faults last as long as asked") {
  LocalExchangeSettings settings = two_markets(0);
  settings.history = Duration::minutes(30);
  Stage stage(settings);
  stage.fault("rest_error?requests=2");
  CHECK(answer_rest(stage.exchange, "/0/public/Time", "a", stage.wall).status == 520);
  CHECK(answer_rest(stage.exchange, "/0/public/Time", "a", stage.wall).content_type == "text/html; charset=UTF-8");
  CHECK(answer_rest(stage.exchange, "/0/public/Time", "a", stage.wall).status == 200);
  stage.fault("rest_limit?seconds=5");
  has(stage.rest("/0/public/Time"), "EAPI:Rate limit exceeded");
  stage.wall = stage.wall + Duration::seconds(6);
  has(stage.rest("/0/public/Time"), "unixtime");
  stage.fault("rest_slow?requests=1&amount=250");
  CHECK(answer_rest(stage.exchange, "/0/public/Time", "a", stage.wall).delay == Duration::milliseconds(250));
  stage.fault("rest_down?requests=1");
  CHECK(answer_rest(stage.exchange, "/0/public/Time", "a", stage.wall).reset);
  const auto rows = [&] {
    const std::string page = stage.rest("/0/public/Trades?pair=XBTUSD&since=0");
    return std::count(page.begin(), page.end(), '[') - 2;
  };
  const auto all = rows();
  stage.fault("rest_short?amount=7");
  CHECK(rows() == 7);
  stage.exchange.clear_faults();
  stage.fault("rest_lag?amount=1500");
  CHECK(rows() < all);
  CHECK(rows() > 0);
  stage.exchange.clear_faults();
  CHECK(rows() == all);
}

TEST_CASE("connections: a ban after too many, with the status that was asked for") {
  LocalExchangeSettings settings = two_markets(1);
  settings.limits.connections_per_ten_minutes = 3;
  Stage stage(settings);
  const auto status = [&] { return answer_upgrade(stage.exchange, "/v2", "a", stage.wall).refuse_with; };
  for (int i = 0; i < 3; ++i) CHECK(status() == 0);
  CHECK(status() == 429);
  stage.wall = stage.wall + Duration::minutes(9);
  CHECK(status() == 429);
  stage.wall = stage.wall + Duration::minutes(2);
  CHECK(status() == 0);
  stage.fault("ban?seconds=10&amount=403");
  CHECK(status() == 403);
}

TEST_CASE("operator: status and faults by HTTP paths") {
  Stage stage(two_markets(0));
  stage.subscribe();
  CHECK(answer_operator(stage.exchange, false, "/simulator/cut", stage.wall).answer.status == 405);
  CHECK(answer_operator(stage.exchange, true, "/simulator/explode", stage.wall).answer.status == 400);
  CHECK(answer_operator(stage.exchange, true, "/simulator/stop", stage.wall).stop);
  CHECK(answer_operator(stage.exchange, true, "/simulator/cut?seconds=5", stage.wall).answer.status == 200);
  CHECK(stage.link.was_cut);
  simdjson::dom::parser parser;
  const std::string status = answer_operator(stage.exchange, false, "/simulator/status", stage.wall).answer.body;
  const auto root = parser.parse(status).value();
  CHECK(root["faults"].get_int64().value() == 1);
  CHECK(root["subscriptions"].get_int64().value() == 0);
  CHECK(root["connections"].get_int64().value() == 1);
  CHECK(std::string(root["markets"].at(1)["symbol"].get_string().value()) == "ETH/USD");
}

TEST_CASE("settings that make no sense are refused by name") {
  const auto check = [](LocalExchangeSettings settings, const char* part) {
    const auto opened = LocalExchange::open(std::move(settings));
    REQUIRE_FALSE(opened.has_value());
    INFO(opened.error().message);
    CHECK(opened.error().message.find(part) != std::string::npos);
  };
  LocalExchangeSettings settings = two_markets(1);
  settings.markets[1].symbol = "BTC/USD";
  check(settings, "BTC/USD is named twice");
  settings.markets[1].symbol = "ETHUSD";
  check(settings, "'ETHUSD'");
  settings = two_markets(-1);
  check(settings, "speed");
  settings = two_markets(1);
  settings.markets.clear();
  check(settings, "markets");
  settings = two_markets(1);
  settings.tls = true;
  settings.certificate_file = "/nowhere.pem";
  check(settings, "/nowhere.pem");
  settings = two_markets(1);
  settings.listen_address = "not-an-address";
  check(settings, "not-an-address");
  settings = two_markets(1);
  settings.faults.faults = {parse_fault("drop?symbol=SOL/USD").value()};
  check(settings, "SOL/USD");
}
