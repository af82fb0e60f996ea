#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "server/running_server.hpp"

using namespace candled;
using namespace candled::tests;
using Catch::Contains;

TEST_CASE("health follows the feed") {
  RunningServer running;
  running.journal.fill_up();
  const Answer well = running.get("/health");
  CHECK(well.status == 200);
  CHECK_THAT(well.body,
             Contains(R"("status":"ok")") && Contains(R"("last_sequence":6)") && Contains(R"("last_commit":"20)"));
  CHECK_THAT(well.body, Contains(R"("feed":[{"market":"kraken:BTC/USD","state":"live"}])"));
  CHECK_THAT(well.body, Contains(R"("markets":[{"market":"kraken:BTC/USD","state":"quiet"}])"));
  running.feed_lost.raise();
  const Answer ill = running.get("/health");
  CHECK(ill.status == 503);
  CHECK_THAT(ill.body, Contains(R"("status":"unhealthy","problem":"exchange_silent: no frame for 9 s",)"
                                R"("reasons":["exchange_silent: no frame for 9 s"])"));
  CHECK_THAT(ill.body, Contains(R"("problems":[{"reason":"exchange_silent","market":"kraken:BTC/USD",)"
                                R"("text":"no frame for 9 s"}])"));
  CHECK_THAT(ill.body, Contains(R"("markets":[{"market":"kraken:BTC/USD","state":"disconnected"}])"));
}

TEST_CASE("metrics are Prometheus text and count the answers") {
  RunningServer running;
  running.get("/nothing");
  const Answer answer = running.get("/metrics");
  CHECK(answer.status == 200);
  CHECK_THAT(answer.header, Contains("Content-Type: text/plain; version=0.0.4"));
  CHECK_THAT(answer.body, Contains("# TYPE candled_trades_total counter\ncandled_trades_total 41\n"));
  CHECK_THAT(answer.body, Contains("candled_http_responses_total{code=\"404\"} 1\n"));
}

TEST_CASE("the newest prediction of a symbol") {
  RunningServer running;
  CHECK(running.get("/predictions/BTC-USD").status == 404);
  running.journal.fill_up();
  const std::string newest =
      R"("market":"kraken:BTC/USD","open_time":"2025-02-19T21:21:00Z","horizon":"1m","probability_up":0.625,)"
      R"("signal":"buy","model":"20251124_190000","outcome":null,"stale":0,"confidence":0.625,"contributions":null,"expired":0)";
  for (const std::string path : {"BTC-USD", "BTC/USD", "BTC%2FUSD", "kraken:BTC-USD"}) {
    INFO(path);
    CHECK_THAT(running.get("/predictions/" + path).body,
               Catch::StartsWith("{" + newest + R"(,"predictions":[{)" + newest));
  }
  const Answer both = running.get("/predictions/BTC-USD?limit=9");
  CHECK_THAT(both.body, Contains("{" + newest + R"(,"predictions":[{)" + newest + "},{"));
  CHECK_THAT(both.body, Contains(R"("outcome":1)"));
  const Answer unknown = running.get("/predictions/DOGE-USD");
  CHECK(unknown.status == 404);
  CHECK_THAT(
      unknown.body,
      Contains(
          R"({"error":{"code":"not_found","message":"unknown market 'DOGE-USD': there are kraken:BTC/USD, kraken:ETH/USD"}})"));
}

TEST_CASE("status shows markets, last candles and the champion") {
  RunningServer running;
  CHECK_THAT(running.get("/api/v1/status").body, Contains(R"("champion":null)") && Contains(R"("last_candle":null)"));
  running.journal.fill_up();
  const Answer answer = running.get("/api/v1/status");
  CHECK(answer.status == 200);
  CHECK_THAT(answer.body,
             Contains(R"("last_sequence":6)") &&
                 Contains(R"("champion":"20251124_190000","champion_created":"2025-02-19T21:20:00Z","models":1)"));
  CHECK_THAT(
      answer.body,
      Contains(R"({"market":"kraken:BTC/USD","interval":"1m","feed":"live","first_trade_id":1,"last_trade_id":3)"));
  CHECK_THAT(
      answer.body,
      Contains(R"("last_candle":{"market":"kraken:BTC/USD","interval":"1m","open_time":"2025-02-19T21:22:00Z")"));
  CHECK_THAT(answer.body, Contains(R"("fills":3,"open_gaps":1)"));
}

TEST_CASE("every view, newest first") {
  RunningServer running;
  running.journal.fill_up();
  const auto check = [&](const std::string& target, const std::string& begin) {
    INFO(target);
    const Answer answer = running.get(target);
    CHECK(answer.status == 200);
    CHECK_THAT(answer.header, Contains("Content-Type: application/json"));
    CHECK_THAT(answer.body, Catch::StartsWith(begin));
    CHECK_THAT(answer.body, Catch::EndsWith("}\n"));
  };
  check("/api/v1/trades?market=BTC-USD", R"({"trades":[{"market":"kraken:BTC/USD","trade_id":3,)");
  check("/api/v1/candles?market=kraken:BTC/USD&limit=1",
        R"({"candles":[{"market":"kraken:BTC/USD","interval":"1m","open_time":"2025-02-19T21:22:00Z","open":null,)");
  check("/api/v1/predictions", R"({"predictions":[{"market":"kraken:BTC/USD","open_time":"2025-02-19T21:21:00Z")");
  check("/api/v1/fills?strategy=wild", R"({"fills":[{"strategy":"wild","market":"kraken:BTC/USD","number":1,)");
  check("/api/v1/equity?strategy=wild&market=ETH-USD", R"({"equity":[{"strategy":"wild","market":"kraken:ETH/USD",)");
  check("/api/v1/models", R"({"models":[{"model":"20251124_190000","kind":"gbdt",)");
  check("/api/v1/gaps", R"({"gaps":[{"market":"kraken:BTC/USD","first_missing_id":4,"last_missing_id":8,)");
  check("/api/v1/fills?strategy=nobody", R"({"fills":[],"next":null})");
  CHECK_THAT(running.get("/api/v1/models").body, Contains(R"("metrics":{"n":12})"));
}

TEST_CASE("wrong questions get one clear answer") {
  RunningServer running;
  running.journal.fill_up();
  const auto check = [&](const std::string& target, int status, const std::string& message) {
    INFO(target);
    const Answer answer = running.get(target);
    CHECK(answer.status == status);
    CHECK_THAT(answer.body, Contains(message));
    CHECK_THAT(answer.body, Catch::StartsWith("{\"error\":{\"code\":\""));
  };
  for (const std::string path : {"/api/v1/candles/", "/api", "/index.html/", "/../etc/passwd",
                                 "/%2e%2e/%2e%2e/etc/passwd", "/health/x", "//health"}) {
    check(path, 404, "no such path");
  }
  check("/api/v1/candles?limit=0", 400, "limit '0' is not a whole number from 1 to 5000");
  check("/api/v1/candles?limit=5001", 400, "limit '5001'");
  check("/api/v1/candles?limit=1e3", 400, "limit '1e3'");
  check("/api/v1/candles?limit=", 400, "limit ''");
  check("/api/v1/candles?limit=99999999999999999999", 400, "limit");
  check("/api/v1/candles?limit=1&limit=2", 400, "parameter 'limit' comes twice");
  check("/api/v1/candles?strategy=x", 400,
        "unknown parameter 'strategy': there are market, interval, points, from, to, limit, cursor");
  check("/health?x", 400, "unknown parameter 'x': there are none here");
  check("/api/v1/candles?market=", 404, "unknown market ''");
  check("/predictions/", 404, "unknown market ''");
  check("/predictions/BTC-USD'%20OR%201=1;--", 404, "unknown market 'BTC-USD' OR 1=1;--'");
  check("/api/v1/fills?strategy=x&market=%22%5C%3Cscript%3E", 404, R"(unknown market '\"\\<script>')");
  check("/predictions/%00", 400, "only printable ASCII");
  check("/predictions/%f0%9f", 400, "only printable ASCII");
  check("/predictions/%4", 400, "two hexadecimal digits");
  check("/predictions/%zz", 400, "two hexadecimal digits");
  check("/" + std::string(2'000, 'a'), 400, "longer than 1024");
  check("http://localhost/health", 400, "a path begins with '/'");
  CHECK(running.get("/api/v1/fills?strategy=x';DROP%20TABLE%20fill;--").body == "{\"fills\":[],\"next\":null}\n");
  CHECK_THAT(running.get("/api/v1/fills").body, Contains("\"number\":2"));
}

TEST_CASE("numbers that no integer of the file holds are answered with all their digits") {
  RunningServer running;
  for (std::uint32_t minute = 0; minute < 2; ++minute) {
    Event candle = running.journal.candle(MarketId{0}, static_cast<int>(minute), CandleState::traded, "0.000000000001");
    CandleReport& report = candle.report();
    report.candle.volume = *Volume::parse("12345678901234567.000000000012345");
    Tape& tape = report.candle.tape;
    tape.known = true;
    tape.largest = *Quantity::parse("1523456789012.12345");
    tape.turnover = *Money::parse("98765432109876543210.5");
    for (EquityPoint& point : report.equity) {
      point.cash = *Money::parse("123456789012345678.00000001");
      point.position = *Amount::parse("98765432109876543210.00000001");
      point.price = *Price::parse("5000000000.25");
      point.equity = *Money::parse("123456789012345679");
    }
    Trade trade = running.journal.trade(MarketId{0}, minute + 1).trade();
    trade.price = *Price::parse("0.000000000001");
    trade.quantity = *Quantity::parse("1523456789012.12345");
    running.journal.commit(std::move(candle), Event::of(MarketId{0}, trade));
  }
  const auto check = [&](const std::string& path, const std::vector<std::string>& parts) {
    const Answer answer = running.get(path);
    CHECK(answer.status == 200);
    for (const std::string& part : parts) CHECK_THAT(answer.body, Contains(part));
  };
  check("/api/v1/trades?market=BTC-USD", {"\"price\":0.000000000001,", "\"quantity\":1523456789012.12345,"});
  check("/api/v1/candles?market=BTC-USD", {"\"close\":0.000000000001,", "\"volume\":12345678901234567.000000000012345,",
                                           "\"largest\":1523456789012.12345,", "\"turnover\":98765432109876543210.5,"});
  check("/api/v1/candles?market=BTC-USD&interval=1h",
        {"\"volume\":24691357802469134.00000000002469,", "\"turnover\":197530864219753086421,"});
  check("/api/v1/equity?market=BTC-USD&strategy=calm",
        {"\"cash\":123456789012345678.00000001,", "\"position\":98765432109876543210.00000001,",
         "\"price\":5000000000.25,"});
  check("/api/v1/strategies", {"\"position\":98765432109876543210.00000001,", "\"equity\":123456789012345679,"});
  check("/metrics", {});
}

TEST_CASE("the largest amounts and the farthest times are answered like any others") {
  RunningServer running;
  for (std::uint32_t minute = 0; minute < 3; ++minute) {
    Event candle = running.journal.candle(MarketId{0}, static_cast<int>(minute), CandleState::traded, "0.0000123");
    Candle& c = candle.report().candle;
    c.volume = c.buy_volume = Volume::from_usual_units(INT64_MAX);
    c.tape.largest = Quantity::from_units(INT64_MAX);
    c.tape.turnover = Money::from_units(INT64_MAX);
    c.tape.known = true;
    Fill fill = running.journal.fill(StrategyId{0}, minute + 1).fill();
    fill.fee = Money::from_units(INT64_MAX);
    running.journal.commit(std::move(candle), Event::of(MarketId{0}, fill),
                           running.journal.trade(MarketId{0}, minute + 1));
  }
  const Answer candles = running.get("/api/v1/candles?market=BTC-USD&interval=1h&limit=3");
  CHECK(candles.status == 200);
  for (const std::string name : {"volume", "buy_volume", "turnover"})
    CHECK_THAT(candles.body, Contains("\"" + name + "\":276701161105.64327421,"));
  CHECK_THAT(running.get("/api/v1/strategies").body, Contains("\"fees\":276701161105.64327421,"));
  CHECK(running.get("/metrics").status == 200);
  CHECK(running.get("/api/v1/status", "Accept: text/plain\r\n").status == 200);

  // Both ends of what 64 bits hold, as a time, and as each number of a cursor.
  const std::string first = "-9223372036.854775807", last = "9223372036.854775807";
  const std::string lowest = "-9223372036854775808", low = "-9223372036854775807", highest = "9223372036854775807";
  const std::vector<std::string> stretches{"from=" + first, "to=" + first, "from=" + first + "&to=" + last,
                                           "from=" + last, "from=" + last + "&to=" + first};
  std::vector<std::string> cursors;
  for (const std::string& number : {low, std::string("0"), highest}) {
    for (const std::string& other : {low, highest}) {
      cursors.push_back("cursor=" + number + "." + other + "." + other);
      cursors.push_back("cursor=" + other + "." + number + ".-1");
    }
  }
  for (const std::string path :
       {"trades?market=BTC-USD", "candles?market=BTC-USD", "predictions?limit=2", "fills?limit=2", "equity?limit=2",
        "gaps?limit=2", "models?limit=2", "candles?market=BTC-USD&interval=30d",
        "equity?market=BTC-USD&strategy=calm&interval=30d"}) {
    for (const std::vector<std::string>* list : {&std::as_const(stretches), &std::as_const(cursors)}) {
      for (const std::string& question : *list) {
        INFO(path << " " << question);
        CHECK(running.get("/api/v1/" + std::string(path) + "&" + question).status == 200);
      }
    }
    CHECK(running.get("/api/v1/" + std::string(path) + "&cursor=0." + lowest + ".0").status == 400);
  }
  for (const std::string& stretch : stretches) {
    if (!stretch.starts_with("from")) continue;
    INFO(stretch);
    CHECK(running.get("/api/v1/candles?market=BTC-USD&points=10&" + stretch).status == 200);
  }
  const std::string all = running.get("/api/v1/candles?market=BTC-USD").body;
  CHECK(running.get("/api/v1/candles?market=BTC-USD&from=" + first + "&to=" + last).body == all);
}
