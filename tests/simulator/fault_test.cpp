// Faults on the stream strike exactly where they were asked to.
#include "simulator/fake_stage.hpp"

using namespace candled;
using namespace candled::simulator;

TEST_CASE("faults: drop strikes exactly where it was asked to, and REST has what the stream lost") {
  LocalExchangeSettings settings = two_markets(0);
  settings.markets.pop_back();
  settings.faults.faults = {parse_fault("drop?trades=20&at_trade=1000").value(),
                            parse_fault("drop?trades=1&every_trades=700").value()};
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
  stage.subscribe();  // too late: this connection is over
  CHECK(stage.session->client().trades == 0);
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

TEST_CASE("faults: stall is silence, then a sequence gap") {
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
  CHECK(stage.ids("ETH/USD").size() == 3030);
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
