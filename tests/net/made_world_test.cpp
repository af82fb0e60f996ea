// The room in a made-up world: no socket, no real time. What a whole hour of it does is the same every time.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "candled/net/backoff.hpp"
#include "candled/net/fetch.hpp"
#include "candled/net/rest_client.hpp"
#include "candled/net/websocket_session.hpp"
#include "net/made_world.hpp"

namespace candled::net {
namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
constexpr Duration seconds(std::int64_t n) { return Duration::seconds(n); }

// Answers each whole request with the text that the test gives, in small pieces.
class Script final : public MadeBytes {
 public:
  explicit Script(std::function<std::string(const std::string&)> answer) : answer_(std::move(answer)) {}
  void take(const std::string& bytes) override {
    const std::string text = answer_(bytes);
    if (text.empty()) return;  // silence
    for (std::size_t at = 0; at < text.size(); at += 7) send(text.substr(at, 7));
    if (text.find("Connection: close") != std::string::npos) end();
  }

 private:
  std::function<std::string(const std::string&)> answer_;
};

std::string http(unsigned status, std::string_view body, std::string_view headers = "") {
  return fmt::format("HTTP/1.1 {} Something\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers, body);
}

// A client with all that it depends on.
struct Scene {
  MadeWorld world;
  Loop loop{world};
  RandomSource random_source{1};
  flow::Log log{{flow::LogLevel::error, flow::LogFormat::text, ""}};
  flow::Counter requests, failures;
  std::shared_ptr<HostLimiter> limiter = std::make_shared<HostLimiter>(ms(1200));
  RestClient client{
      {loop, random_source, log, requests, failures}, *parse_url("http://exchange.test:80/0/public"), "", limiter};
  int connections = 0;

  void answer_with(std::function<std::string(const std::string&)> answer) {
    world.byte_peers["80"] = [this, answer = std::move(answer)] {
      ++connections;
      return std::make_unique<Script>(answer);
    };
  }
  void run(std::function<Task<void>()> work) {
    loop.spawn(work());
    loop.run(seconds(1));
  }
};

RestResult<void> ok_only(const RestAnswer& answer) {
  if (answer.status == 200) return {};
  const auto kind = answer.status == 429 ? RestError::Kind::rate_limited : RestError::Kind::transient;
  return std::unexpected(RestError{kind, fmt::format("HTTP status {}", answer.status), answer.retry_after});
}

}  // namespace

TEST_CASE(
    "made world: answers of every status reach the judge with headers and body, over one connection, at the host's "
    "pace") {
  Scene scene;
  std::vector<std::string> asked;
  scene.answer_with([&](const std::string& request) {
    asked.push_back(request);
    if (asked.size() == 1) return http(200, "{\"time\":1}", "X-Left: 7\r\n");
    if (asked.size() == 2) return http(429, "slow down", "retry-after: 30\r\n");
    return http(418, "teapot");
  });
  std::vector<std::string> seen;
  std::vector<Duration> sent;
  RestJudge judge = [&](const RestAnswer& answer) {
    seen.push_back(fmt::format("{} {} {}", answer.status, answer.body, header_of(answer.headers, "x-left")));
    sent.push_back(answer.sent);
    CHECK(answer.received >= answer.sent + scene.world.latency);
    return ok_only(answer);
  };
  scene.run([&]() -> Task<void> {
    for (const char* target : {"/Time", "/Trades?pair=X", "/Late"}) {
      RestRequest request{target, "something"};
      RestResult<void> done = co_await scene.client.call(std::move(request), judge);
      CHECK(done.has_value() == (std::string_view(target) == "/Time"));
    }
  });
  CHECK(seen == std::vector<std::string>{"200 {\"time\":1} 7", "429 slow down ", "418 teapot "});
  REQUIRE(sent.size() == 3);
  CHECK(sent[1] - sent[0] >= ms(1200));
  CHECK(sent[1] - sent[0] < ms(1300));
  CHECK(sent[2] - sent[1] >= seconds(30));  // as the server asked
  CHECK(sent[2] - sent[1] < seconds(31));
  CHECK(scene.connections == 1);
  CHECK(scene.requests.value() == 3);
  CHECK(scene.failures.value() == 2);
  CHECK(asked[1].starts_with("GET /0/public/Trades?pair=X HTTP/1.1\r\nHost: exchange.test\r\n"));
  CHECK(asked[1].ends_with("\r\n\r\n"));
}

TEST_CASE("made world: a POST carries its body and headers on a connection of its own") {
  Scene scene;
  std::vector<std::string> asked;
  scene.answer_with([&](const std::string& request) {
    asked.push_back(request);
    return http(200, "");
  });
  scene.run([&]() -> Task<void> {
    RestRequest first{"/a", "a"};
    RestResult<void> done = co_await scene.client.call(std::move(first), ok_only);
    RestRequest post{
        "/hook", "alert", RestRequest::Method::post, "{\"text\":\"hi\"}", {{"Content-Type", "application/json"}}};
    done = co_await scene.client.call(std::move(post), ok_only);
    CHECK(done.has_value());
  });
  REQUIRE(asked.size() == 2);
  CHECK(asked[1].starts_with("POST /0/public/hook HTTP/1.1\r\n"));
  CHECK(asked[1].find("Content-Type: application/json\r\n") != std::string::npos);
  CHECK(asked[1].find("Content-Length: 13\r\n") != std::string::npos);
  CHECK(asked[1].ends_with("\r\n\r\n{\"text\":\"hi\"}"));
  CHECK(scene.connections == 2);
}

TEST_CASE(
    "made world: silence, a long body, a cut and an unknown host end as errors, in the time of the request's own "
    "limits") {
  Scene scene;
  std::string what;
  scene.answer_with([&](const std::string&) -> std::string {
    if (what == "silence") return "";
    if (what == "long") return http(200, std::string(2000, 'x'));
    return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nshort";
  });
  std::vector<std::string> errors;
  const auto ask = [&]() -> Task<void> {
    for (const char* kind : {"silence", "long", "cut"}) {
      what = kind;
      const Duration before = scene.world.now();
      RestRequest request{"/x", kind};
      request.limits = {seconds(3), 1000};
      RestResult<void> done = co_await scene.client.call(std::move(request), ok_only);
      REQUIRE_FALSE(done.has_value());
      CHECK(done.error().kind == RestError::Kind::transient);
      errors.push_back(done.error().message);
      if (what == "silence") CHECK(scene.world.now() - before >= seconds(3));
      CHECK(scene.world.now() - before < seconds(10));
    }
    scene.world.hosts.clear();
    RestRequest request{"/x", "nowhere"};
    RestResult<void> done = co_await scene.client.call(std::move(request), ok_only);
    errors.push_back(done.error().message);
  };
  scene.run(ask);
  REQUIRE(errors.size() == 4);
  CHECK(errors[0] == "exchange.test: timed out");
  CHECK(errors[1] == "exchange.test: body limit exceeded");
  CHECK(errors[2] == "exchange.test: partial message");
  CHECK(errors[3] == "cannot find host exchange.test: Host not found");
}

TEST_CASE(
    "made world: a connection that the server closed while it was idle is asked for anew, once, without a failure") {
  Scene scene;
  int requests = 0;
  MadeBytes* line = nullptr;
  scene.world.byte_peers["80"] = [&]() -> std::unique_ptr<MadeBytes> {
    ++scene.connections;
    auto peer = std::make_unique<Script>([&](const std::string&) {
      ++requests;
      return http(200, "ok");
    });
    line = peer.get();
    return peer;
  };
  scene.run([&]() -> Task<void> {
    RestRequest first{"/a", "a"}, second{"/b", "b"};
    RestResult<void> done = co_await scene.client.call(std::move(first), ok_only);
    CHECK(done.has_value());
    line->end();
    co_await scene.loop.sleep(seconds(60));
    done = co_await scene.client.call(std::move(second), ok_only);
    CHECK(done.has_value());
  });
  CHECK(scene.connections == 2);
  CHECK(scene.failures.value() == 0);
}

TEST_CASE(
    "made world: a WebSocket carries messages both ways, is refused with what the server states, and can be cut") {
  struct Echo final : MadeMessages {
    void take(const std::string& message) override {
      if (message == "bye") return cut();
      send("you said " + message);
    }
  };
  MadeWorld world;
  world.message_peers["443"] = [] { return std::make_unique<Echo>(); };
  world.refusals["444"] = {"refused", 429U, {{"Retry-After", "17"}}};
  Loop loop(world);
  std::vector<std::string> heard;
  const auto talk = [&]() -> Task<void> {
    auto refused = co_await open_websocket(loop, *parse_url("wss://exchange.test:444/v2"), "", 1 << 20);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().http_status == 429U);
    CHECK(refused.error().retry_after == seconds(17));
    auto opened = co_await open_websocket(loop, *parse_url("wss://exchange.test/v2"), "", 1 << 20);
    REQUIRE(opened.has_value());
    for (const char* text : {"one", "two", "bye"}) {
      Result<void> written = co_await (*opened)->write(text);
      CHECK(written.has_value());
      Result<std::string_view> message = co_await (*opened)->read();
      heard.push_back(message ? std::string(*message) : message.error().message);
    }
  };
  loop.spawn(talk());
  loop.run(seconds(1));
  CHECK(heard == std::vector<std::string>{"you said one", "you said two", "Connection reset by peer"});
}

TEST_CASE("made world: an hour of an exchange that is down passes at once, and every hour is the same") {
  const auto hour = [] {
    MadeWorld world;
    Loop loop(world);
    RandomSource random_source(world.random());
    Backoff backoff;
    const Duration began = world.now();
    const auto dial = [&]() -> Task<void> {
      while (!loop.stopping()) {
        co_await loop.sleep(backoff.delay(loop.now(), random_source));
        backoff.attempt(loop.now());
        auto opened = co_await open_websocket(loop, *parse_url("wss://exchange.test/v2"), "", 1 << 20);
        if (!opened) backoff.lost();
      }
    };
    const auto end = [&]() -> Task<void> {
      co_await loop.sleep(Duration::hours(1));
      loop.request_stop();
    };
    loop.spawn(dial());
    loop.spawn(end());
    loop.run(seconds(1));
    CHECK(world.now() - began >= Duration::hours(1));
    CHECK(world.now() - began < Duration::hours(1) + seconds(2));
    return world.dialled;
  };
  const std::vector<Duration> dialled = hour();
  CHECK(dialled.size() > 60);
  CHECK(dialled.size() < 600);
  for (std::size_t i = 10; i < dialled.size(); ++i) CHECK(dialled[i] - dialled[i - 10] >= seconds(60));
  CHECK(hour() == dialled);
}

TEST_CASE(
    "made world: a stop cuts waits, look-ups and requests short; what does not end is dropped with all that it holds") {
  MadeWorld world;
  world.latency = Duration::hours(2);  // nobody answers in this test's time
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = held;
  int ended = 0;
  Loop loop(world);
  const auto sleeper = [&]() -> Task<void> {
    co_await loop.sleep(Duration::hours(5));
    ++ended;
  };
  const auto dialler = [&]() -> Task<void> {
    auto opened = co_await open_websocket(loop, *parse_url("wss://exchange.test/v2"), "", 1 << 20);
    CHECK_FALSE(opened.has_value());
    ++ended;
  };
  struct Never {
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<>) const {}
    void await_resume() const {}
  };
  const auto stubborn = [](std::shared_ptr<int> mine) -> Task<void> {
    Never never;
    co_await never;
    ++*mine;
  };
  const auto stopper = [&]() -> Task<void> {
    co_await loop.sleep(seconds(5));
    loop.request_stop();
  };
  loop.spawn(sleeper());
  loop.spawn(dialler());
  loop.spawn(stubborn(std::move(held)));
  loop.spawn(stopper());
  const Duration began = world.now();
  loop.run(seconds(1));
  CHECK(ended == 2);
  CHECK(world.now() - began == seconds(6));  // 5, and the grace for the stubborn one
  CHECK(watched.expired());
}

TEST_CASE("made world: one request without a client of its own") {
  MadeWorld world;
  world.byte_peers["80"] = [] { return std::make_unique<Script>([](const std::string&) { return http(404, "no"); }); };
  const Result<Fetched> got = fetch(world, *parse_url("http://exchange.test"), {"/x", "x"});
  REQUIRE(got.has_value());
  CHECK(got->status == 404);
  CHECK(got->body == "no");
  const Result<Fetched> nobody = fetch(world, *parse_url("http://exchange.test:81"), {"/x", "x"});
  REQUIRE_FALSE(nobody.has_value());
  CHECK(nobody.error().message == "cannot connect to exchange.test:81: Connection refused");
}

}  // namespace candled::net
