// Limits, control, pages of the API, and what every answer carries.
#include <catch2/catch.hpp>

#include "candled/flow/thread.hpp"
#include "server/compression.hpp"
#include "server/delivery.hpp"
#include "server/rate_limiter.hpp"
#include "server/running_server.hpp"

using namespace candled;
using namespace candled::server;
using namespace candled::tests;
using Catch::Contains;

namespace {

const std::string token(32, 't');

std::string post(const std::string& path, const std::string& fields = "Authorization: Bearer " + token + "\r\n") {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

}  // namespace

TEST_CASE("nothing is changed without a token, whatever is configured") {
  RunningServer open;
  CHECK(open.raw(post("/api/v1/pause", "")).status == 403);
  CHECK(open.raw(post("/api/v1/pause")).status == 403);
  CHECK_THAT(open.raw(post("/nowhere", "")).body, Contains("forbidden"));
  ServerSettings settings;
  settings.token = token;
  RunningServer running(settings);
  CHECK(running.raw(post("/api/v1/pause", "")).status == 401);
  CHECK(running.raw(post("/health", "")).status == 401);
  CHECK(running.asked.value() == 0);
  CHECK(running.raw(post("/api/v1/models/20251124_190000/promote")).body == "{\"done\":\"done 20251124_190000\"}\n");
  CHECK(running.raw(post("/api/v1/pause", "Content-Length: 0\r\nAuthorization: Bearer " + token + "\r\n")).status ==
        200);
  CHECK(running.asked.value() == static_cast<std::int64_t>(ControlAction::pause));
  CHECK(running.raw(post("/api/v1/resume")).status == 200);
  CHECK(running.asked.value() == static_cast<std::int64_t>(ControlAction::resume));
  CHECK_THAT(running.raw(post("/api/v1/rollback")).body,
             Contains(R"("code":"conflict","message":"there is nothing to go back to")"));
  for (const std::string model : {"..", "%2e%2e%2fetc", "a%20b", "", "x%2fy"}) {
    INFO(model);
    CHECK(running.raw(post("/api/v1/models/" + model + "/promote")).status == 404);
  }
  CHECK(running.raw(post("/health")).status == 405);
  CHECK(running.raw(post("/nowhere")).status == 404);
}

TEST_CASE("the card of a model is its own text") {
  RunningServer running;
  CHECK(running.get("/api/v1/models/20251124_190000").body == R"({"name":"20251124_190000"})");
  CHECK(running.get("/api/v1/models/20200101_000000").status == 404);
  CHECK(running.get("/api/v1/models/..%2f..%2fetc%2fpasswd").status == 404);
}

TEST_CASE("an address that asks too often waits") {
  RateLimiter limiter(10);
  Duration now = Duration::seconds(5);
  int allowed = 0;
  for (int i = 0; i < 100; ++i) allowed += limiter.allows("a", now) ? 1 : 0;
  CHECK(allowed == 20);
  CHECK(limiter.allows("b", now));
  now = now + Duration::milliseconds(100);
  CHECK(limiter.allows("a", now));
  CHECK_FALSE(limiter.allows("a", now));
  for (int i = 0; i < 100'000; ++i) limiter.allows(std::to_string(i), now);
  CHECK(limiter.addresses() <= 4'096);
  RateLimiter unlimited(0);
  for (int i = 0; i < 1'000; ++i) CHECK(unlimited.allows("a", now));

  ServerSettings settings;
  settings.requests_per_second = 5;
  RunningServer running(settings);
  Client client(running.server.port());
  for (int i = 0; i < 10; ++i) CHECK(client.get("/health").status == 200);
  const Answer answer = client.get("/health");
  CHECK(answer.status == 429);
  CHECK_THAT(answer.header, Contains("Retry-After: 1"));
  CHECK_THAT(answer.body, Contains("too_many_requests"));
}

TEST_CASE("the connection that waits longest makes room") {
  ServerSettings settings;
  settings.connections_max = 3;
  settings.idle_min = Duration::milliseconds(100);
  RunningServer running(settings);
  Client first(running.server.port()), second(running.server.port()), third(running.server.port());
  CHECK(second.get("/health").status == 200);
  CHECK(third.get("/health").status == 200);
  flow::pause(Duration::milliseconds(200));
  CHECK(running.get("/health").status == 200);
  CHECK(first.closed());
  CHECK(second.get("/health").status == 200);
  CHECK_THAT(second.get("/metrics").body, Contains("candled_http_evicted_connections_total 1\n"));
}

TEST_CASE("answers carry what keeps a browser safe") {
  RunningServer running;
  for (const std::string path : {"/health", "/metrics", "/nowhere", "/", "/openapi.json", "/api/v1/status"}) {
    INFO(path);
    const std::string header = running.get(path).header;
    for (const std::string field : {"X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
                                    "frame-ancestors 'none'", "default-src 'none'", "Referrer-Policy: no-referrer"}) {
      CHECK_THAT(header, Contains(field));
    }
    CHECK_THAT(header, !Contains("Access-Control") && !Contains("unsafe-inline"));
  }
  CHECK_THAT(running.get("/").header, Contains("Content-Type: text/html"));
  CHECK_THAT(running.get("/openapi.json").body, Catch::StartsWith("{") && Contains("\"openapi\": \"3.1.0\""));
}

TEST_CASE("what a client has is not sent again, and what is long is compressed") {
  Request request;
  Response long_one{200, std::string(5'000, 'a')};
  request.accept_encoding = "gzip";
  const Response sent = delivered(request, long_one);
  CHECK(sent.gzipped);
  CHECK(sent.body.size() < 100);
  const auto bytes =
      std::span(static_cast<const unsigned char*>(static_cast<const void*>(sent.body.data())), sent.body.size());
  CHECK(gunzip(bytes) == long_one.body);
  const auto etag = std::ranges::find(sent.headers, "ETag", [](const auto& h) { return h.first; });
  REQUIRE(etag != sent.headers.end());
  for (const std::string& tags : {etag->second, "\"x\", " + etag->second, etag->second.substr(2), std::string("*")}) {
    request.if_none_match = tags;
    CHECK(delivered(request, long_one).status == 304);
    CHECK(delivered(request, long_one).body.empty());
  }
  request.if_none_match = "\"x\"";
  CHECK(delivered(request, long_one).status == 200);
  request.accept_encoding = "br";
  CHECK(delivered(request, long_one).body == long_one.body);
  CHECK_FALSE(delivered({}, error_response(404, "no")).gzipped);
  for (const std::string yes : {"gzip", "br, gzip", "gzip;q=0.5", " gzip ; q=1"}) CHECK(accepts_gzip(yes));
  for (const std::string no : {"", "gzipx", "identity", "gzip;q=0", "gzip; q=0.000"}) CHECK_FALSE(accepts_gzip(no));
}

TEST_CASE("series of the API") {
  RunningServer running;
  running.journal.fill_up();
  const auto check = [&](const std::string& target, int status, const std::string& words) {
    INFO(target);
    const Answer answer = running.get(target);
    CHECK(answer.status == status);
    CHECK_THAT(answer.body, Contains(words));
  };
  check("/api/v1/candles?market=BTC-USD&interval=5m", 200,
        R"("interval":"5m","open_time":"2025-02-19T21:20:00Z","open":100,)");
  check("/api/v1/candles?market=BTC-USD&points=10&from=2025-02-19&to=2025-02-20", 200,
        R"("interval":"4h","open_time":"2025-02-19T20:00:00Z")");
  check("/api/v1/candles?interval=5m", 400, "several markets");
  check("/api/v1/candles?market=BTC-USD&interval=90s", 400, "not a multiple");
  check("/api/v1/candles?market=BTC-USD&interval=60d", 400, "not a multiple");
  check("/api/v1/candles?market=ETH-USD&interval=5m", 400, "not a multiple");
  check("/api/v1/candles?market=BTC-USD&interval=x", 400, "is not a duration");
  check("/api/v1/candles?market=BTC-USD&points=10", 400, "points needs a from");
  check("/api/v1/candles?market=BTC-USD&points=0&from=0", 400, "points '0'");
  check("/api/v1/candles?market=BTC-USD&cursor=x", 400, "cursor");
  check("/api/v1/candles?market=BTC-USD&from=yesterday", 400, "from 'yesterday' is not a time");
  check("/api/v1/candles?market=BTC-USD&from=1740000060&to=1740000120", 200, R"("open_time":"2025-02-19T21:21:00Z")");
  check("/api/v1/equity?market=BTC-USD&interval=1h", 400, "strategy=");
  check("/api/v1/equity?market=BTC-USD&strategy=wild&interval=1h", 200, R"("strategy":"wild")");
  check("/api/v1/indicators?market=BTC-USD", 200, R"("indicators":[])");
  check("/api/v1/indicators/rsi?market=BTC-USD", 404, "unknown indicator 'rsi'");
  check("/api/v1/strategies", 200,
        R"({"strategy":"calm","kind":"balanced","market":"kraken:BTC/USD","since":"2025-02-19T21:21:00Z")");
  check("/api/v1/markets", 200,
        R"({"market":"kraken:ETH/USD","exchange":"kraken","symbol":"ETH/USD","interval":"1h","feed":null)");
  check("/api/v1/config", 200, R"({"config":{}})");
}
