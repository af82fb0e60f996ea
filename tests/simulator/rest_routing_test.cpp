// REST requests and upgrades by path: answers, limits, faults; and settings that are refused.
#include "simulator/fake_stage.hpp"

using namespace candled;
using namespace candled::simulator;

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
  settings.limits.connections = 3;
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
