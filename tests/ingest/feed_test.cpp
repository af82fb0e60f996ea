// The whole feed against a scripted server over real sockets: what leaves it, in which order, and what the log says.
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "candled/flow/clock.hpp"
#include "candled/ingest/feed.hpp"
#include "candled/ingest/history.hpp"
#include "ingest_fixtures.hpp"
#include "scripted_server.hpp"

namespace candled::ingest {
namespace {

constexpr std::int64_t exchange_second = 1'762'795'200;  // test_epoch

std::string status_frame() { return R"({"channel":"status","type":"update","data":[{"system":"online"}]})"; }
std::string heartbeat() { return R"({"channel":"heartbeat"})"; }
std::string ack(const std::string& symbol) {
  return R"({"method":"subscribe","result":{"channel":"trade","snapshot":true,"symbol":")" + symbol + R"("},"success":true})";
}

std::vector<Trade> trades_between(std::int64_t first, std::int64_t last) {
  std::vector<Trade> trades;
  for (std::int64_t id = first; id <= last; ++id) trades.push_back(trade_of(id));
  return trades;
}

// REST that knows the trades up to `newest` but for some; `since` is exclusive, pages are short.
struct RestBook {
  std::atomic<std::int64_t> newest{0};
  std::int64_t without_first = 0, without_last = -1;
  std::size_t page_rows = 7;
  std::atomic<int> trade_requests{0};

  Reply operator()(const std::string& target) {
    if (target.starts_with("/0/public/Time")) {
      return {200, fmt::format(R"({{"error":[],"result":{{"unixtime":{},"rfc1123":"x"}}}})", exchange_second)};
    }
    if (target.starts_with("/0/public/AssetPairs")) {
      return {200, R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD"},)"
                   R"("XETHZUSD":{"altname":"ETHUSD","wsname":"ETH/USD"}}})"};
    }
    ++trade_requests;
    const std::int64_t since = std::stoll(target.substr(target.find("since=") + 6));
    std::vector<Trade> rows;
    for (std::int64_t id = 1; id <= newest && rows.size() < page_rows; ++id) {
      const Trade trade = trade_of(id);
      if (trade.time.ns > since && (id < without_first || id > without_last)) rows.push_back(trade);
    }
    const std::int64_t last = rows.empty() ? since : rows.back().time.ns;
    return {200, rest_page(rows, std::to_string(last))};
  }
};

// What came out, as words: trades as id ranges, "tick", "[first-last]" holes, "filled[first-last]".
struct Collected {
  std::string words;
  std::int64_t last_id = 0;
  std::int64_t ticks = 0;
  Timestamp first_tick, tick_max;
  bool tick_overtook = false;
  std::int64_t run_first = 0;

  void end_run() {
    if (run_first == 0) return;
    words += run_first == last_id ? fmt::format("{} ", last_id) : fmt::format("{}-{} ", run_first, last_id);
    run_first = 0;
  }
  void add(const Event& event) {
    if (event.kind() == EventKind::trade) {
      const Trade& trade = event.trade();
      if (trade.id > last_id && trade.time < tick_max) tick_overtook = true;
      if (run_first == 0 || trade.id != last_id + 1) {
        end_run();
        run_first = trade.id;
      }
      last_id = trade.id;
    } else if (event.kind() == EventKind::tick) {
      if (ticks++ == 0) first_tick = event.tick().time;
      tick_max = std::max(tick_max, event.tick().time);
    } else {
      end_run();
      const Hole& hole = event.hole();
      words += fmt::format("{}[{}-{}] ", event.kind() == EventKind::hole ? "" : "filled", hole.first_missing_id, hole.last_missing_id);
    }
  }
};

struct Scene {
  ServerScript script;
  std::vector<std::string> symbols = {"BTC/USD"};
  std::vector<MarketCursor> cursors;
  Duration on_start;
  Duration hold_back = Duration::seconds(10);
  Duration watchdog = Duration::seconds(5);
  std::string ca_file;
  std::string host = "127.0.0.1";
  std::size_t capacity = 1024;
  Duration reader_sleeps;  // before the first event is taken
  std::function<bool(const Collected&, const FeedStatistics&)> until;
};

struct Outcome {
  std::vector<Collected> markets;
  std::string log;
  int connections = 0;
  std::int64_t bad = 0, reconnects = 0, duplicates = 0;
  Duration stop_time;
  bool reached = false;
};

std::string scratch(const std::string& name) {
  return (std::filesystem::temp_directory_path() / fmt::format("candled_ingest_{}_{}", ::getpid(), name)).string();
}

Outcome play(Scene scene) {
  const bool tls = !scene.script.certificate_file.empty();
  ScriptedServer server(scene.script);
  ExchangeSettings exchange;
  exchange.websocket_url = fmt::format("{}://{}:{}/v2", tls ? "wss" : "ws", scene.host, server.port());
  exchange.rest_url = fmt::format("{}://{}:{}/0/public", tls ? "https" : "http", scene.host, server.port());
  exchange.ca_file = scene.ca_file;
  exchange.rest_interval = Duration::milliseconds(10);
  exchange.hold_back = scene.hold_back;
  exchange.watchdog = scene.watchdog;
  MarketTable table;
  for (const std::string& symbol : scene.symbols) {
    table.push_back({MarketId{static_cast<std::uint16_t>(table.size())}, "kraken", symbol, Duration::minutes(1)});
  }
  const std::string log_file = scratch("log");
  std::filesystem::remove(log_file);
  flow::Log log({flow::LogLevel::debug, flow::LogFormat::text, log_file});
  FeedStatistics statistics(table.size());
  flow::Channel channel = flow::make_channel(scene.capacity);
  Feed feed({{exchange}, {scene.on_start, Duration::days(7)}}, table, scene.cursors, std::move(channel.sender), log, statistics);
  std::thread ingest([&feed] { feed.run(); });
  Outcome outcome;
  outcome.markets.resize(table.size());
  std::this_thread::sleep_for(std::chrono::nanoseconds(scene.reader_sleeps.ns));
  const Duration deadline = flow::monotonic_now() + Duration::seconds(15);
  Duration asked;
  while (!channel.receiver.finished()) {
    while (const Event* event = channel.receiver.front()) {
      outcome.markets[index_of(event->market())].add(*event);
      channel.receiver.pop();
    }
    channel.receiver.release();
    if (asked.ns == 0) {
      outcome.reached = scene.until(outcome.markets.front(), statistics);
      if (outcome.reached || flow::monotonic_now() > deadline) {
        asked = flow::monotonic_now();
        feed.request_stop();
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ingest.join();
  outcome.stop_time = flow::monotonic_now() - asked;
  for (Collected& market : outcome.markets) market.end_run();
  outcome.connections = server.connections();
  outcome.bad = statistics.bad_frames.value();
  outcome.reconnects = statistics.reconnects.value();
  outcome.duplicates = statistics.markets.front().duplicates.value();
  std::ifstream file(log_file);
  outcome.log.assign(std::istreambuf_iterator<char>(file), {});
  std::filesystem::remove(log_file);
  INFO(outcome.log);
  CHECK(outcome.reached);
  CHECK(outcome.stop_time < Duration::milliseconds(1'500));
  return outcome;
}

// Greets, waits for the subscription, acknowledges, and goes on as the test says.
std::function<void(Line&, int)> subscribed(std::function<void(Line&, int)> then) {
  return [then](Line& line, int connection) {
    std::string text;
    line.send(status_frame());
    if (!line.read(text) || text.find("\"subscribe\"") == std::string::npos) return line.cut();
    line.send(ack("BTC/USD"));
    then(line, connection);
  };
}

void beat(Line& line, int times) {
  for (int i = 0; i < times && line.send(heartbeat()); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

auto trades_up_to(std::int64_t id) {
  return [id](const Collected& market, const FeedStatistics&) { return market.last_id >= id; };
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("feed: snapshot in any order, duplicates, a refused market, ticks behind the trades") {
  RestBook book;
  Scene scene;
  scene.symbols = {"BTC/USD", "FOO/BAR", "XBT/EUR"};
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int) {
    line.send(R"({"error":"Currency pair not supported FOO/BAR","method":"subscribe","success":false,"symbol":"FOO/BAR"})");
    std::vector<Trade> snapshot = trades_between(100, 149);
    std::ranges::reverse(snapshot);
    line.send(stream_frame(snapshot, "snapshot"));
    line.send(stream_frame(trades_between(145, 152)));
    line.send(stream_frame({trade_of(154), trade_of(153)}));
    beat(line, 40);
  });
  scene.until = [](const Collected& market, const FeedStatistics&) { return market.ticks >= 2; };
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets[0].words == "100-154 ");
  CHECK(outcome.duplicates == 5);
  CHECK(outcome.markets[1].words.empty());
  CHECK(outcome.connections == 1);
  CHECK(contains(outcome.log, "market=kraken:FOO/BAR"));
  CHECK(contains(outcome.log, "market=kraken:XBT/EUR"));
  CHECK(contains(outcome.log, "it is called BTC/EUR there"));
}

TEST_CASE("feed: a hole is repaired from REST before later trades pass") {
  RestBook book;
  book.newest = 131;
  Scene scene;
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int) {
    line.send(stream_frame(trades_between(101, 110), "snapshot"));
    line.send(stream_frame(trades_between(131, 135)));
    beat(line, 200);
  });
  scene.until = trades_up_to(135);
  CHECK(play(std::move(scene)).markets[0].words == "101-135 ");
}

TEST_CASE("feed: what REST does not have either is recorded, exactly") {
  RestBook book;
  book.newest = 131;
  book.without_first = 115;
  book.without_last = 120;
  Scene scene;
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int) {
    line.send(stream_frame(trades_between(101, 110), "snapshot"));
    line.send(stream_frame({trade_of(117), trade_of(131)}));
    beat(line, 300);
  });
  scene.until = trades_up_to(131);
  CHECK(play(std::move(scene)).markets[0].words == "101-114 [115-116] 117 [118-120] 121-131 ");
}

TEST_CASE("feed: when REST does not answer, the hole is recorded in time and filled at the next start") {
  Scene scene;
  scene.hold_back = Duration::seconds(1);
  scene.script.rest = [](const std::string&) { return Reply{520, "<html>busy</html>"}; };
  scene.script.stream = subscribed([](Line& line, int) {
    line.send(stream_frame(trades_between(101, 110), "snapshot"));
    line.send(stream_frame(trades_between(131, 135)));
    beat(line, 200);
  });
  scene.until = trades_up_to(135);
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets[0].words == "101-110 [111-130] 131-135 ");
  CHECK(outcome.markets[0].ticks == 0);  // without the exchange's time nothing is proven
  CHECK(contains(outcome.log, "HTTP status 520"));

  RestBook book;
  book.newest = 140;
  Scene next;
  next.cursors = {{135, trade_of(135).time, {Hole{111, 130, trade_of(136).time, {}}}}};
  next.script.rest = [&book](const std::string& target) { return book(target); };
  next.script.stream = subscribed([](Line& line, int) {
    line.send(stream_frame(trades_between(134, 138), "snapshot"));
    beat(line, 300);
  });
  next.until = [](const Collected& market, const FeedStatistics&) { return market.words.find("filled") != std::string::npos; };
  CHECK(play(std::move(next)).markets[0].words == "136-138 111-130 filled[111-130] ");
}

TEST_CASE("feed: lost connections are made again and what was missed is fetched") {
  RestBook book;
  book.newest = 160;
  Scene scene;
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int connection) {
    line.send(stream_frame(trades_between(101 + connection * 20, 110 + connection * 20), "snapshot"));
    if (connection < 2) return line.cut();
    beat(line, 200);
  });
  scene.until = trades_up_to(150);
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets[0].words == "101-150 ");
  CHECK(outcome.connections == 3);
  CHECK(outcome.reconnects == 2);
}

TEST_CASE("feed: without a snapshot REST proves that nothing was missed, and only then ticks come") {
  RestBook book;
  book.newest = 160;
  Scene scene;
  scene.cursors = {{150, trade_of(150).time, {}}};
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int) { beat(line, 400); });
  scene.until = [](const Collected& market, const FeedStatistics&) { return market.ticks >= 2; };
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets[0].words == "151-160 ");
}

TEST_CASE("feed: a fresh market starts with the history, whole from an aligned time on") {
  RestBook book;
  book.newest = 40'000;
  Scene scene;
  scene.on_start = Duration::minutes(1);
  scene.script.rest = [&book](const std::string& target) {
    Reply reply = book(target);
    return reply;
  };
  scene.script.stream = subscribed([](Line& line, int) {
    line.send(stream_frame(trades_between(58, 70), "snapshot"));
    beat(line, 400);
  });
  scene.until = trades_up_to(70);
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets[0].words.starts_with("1-"));
  CHECK(outcome.markets[0].first_tick == test_epoch - Duration::minutes(1));
  CHECK(outcome.markets[0].ticks >= 1);
}

TEST_CASE("feed: silence, an endless frame and garbage cost at most the connection") {
  RestBook book;
  book.newest = 120;
  Scene scene;
  scene.watchdog = Duration::milliseconds(600);
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int connection) {
    line.send(stream_frame(trades_between(101, 110), "snapshot"));
    std::string text;
    if (connection == 0) return (void)line.read(text);  // our ping; no answer
    if (connection == 1) {
      line.send(R"({"channel":"x","data":")" + std::string(20u << 20, 'x') + "\"}");
      return;
    }
    for (const char* bad : {"{\"channel\":\"trade\",\"data\":[{", "[]", "hello", "", "{\"channel\":\"trade\",\"data\":[]}"}) line.send(bad);
    line.send(stream_frame(trades_between(111, 112)));
    beat(line, 200);
  });
  scene.until = trades_up_to(112);
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets[0].words == "101-112 ");
  CHECK(outcome.bad == 4);
  CHECK(outcome.connections == 3);
  CHECK(contains(outcome.log, "nothing heard for 600ms"));
  CHECK(contains(outcome.log, "more than 16 MB"));
  CHECK(contains(outcome.log, "bad input skipped"));
}

TEST_CASE("feed: a full channel pushes back to the socket and is not taken for silence") {
  RestBook book;
  Scene scene;
  scene.watchdog = Duration::milliseconds(500);
  scene.capacity = 4;
  scene.reader_sleeps = Duration::milliseconds(1'800);
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int) {
    line.send(stream_frame(trades_between(101, 150), "snapshot"));
    for (std::int64_t id = 151; id < 2'000; ++id) line.send(stream_frame({trade_of(id)}));
    beat(line, 100);
  });
  scene.until = trades_up_to(1'999);
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets[0].words == "101-1999 ");
  CHECK(outcome.reconnects == 0);
  CHECK_FALSE(outcome.markets[0].tick_overtook);  // frames that lay in the socket prove nothing
}

TEST_CASE("feed: a refused upgrade is a ban and is waited out") {
  Scene scene;
  scene.script.upgrade_status = 429;
  scene.until = [](const Collected&, const FeedStatistics& statistics) { return statistics.reconnects.value() >= 1; };
  const Outcome outcome = play(std::move(scene));
  CHECK(contains(outcome.log, "HTTP status 429"));
  CHECK(contains(outcome.log, "no attempt for 600 s"));
}

TEST_CASE("feed: TLS with a certificate for the host works, for another it does not") {
  const std::string certificate = scratch("certificate.pem"), key = scratch("key.pem");
  for (const char* names : {"DNS:localhost,IP:127.0.0.1", "DNS:other.example"}) {
    write_certificate(names, certificate, key);
    const bool ours = contains(names, "localhost");
    for (const char* host : {"localhost", "127.0.0.1"}) {
      RestBook book;
      Scene scene;
      scene.host = host;
      scene.ca_file = scene.script.certificate_file = certificate;
      scene.script.key_file = key;
      scene.script.rest = [&book](const std::string& target) { return book(target); };
      scene.script.stream = subscribed([](Line& line, int) {
        line.send(stream_frame(trades_between(101, 110), "snapshot"));
        beat(line, 100);
      });
      scene.until = [ours](const Collected& market, const FeedStatistics& statistics) {
        return ours ? market.last_id >= 110 : statistics.reconnects.value() >= 1;
      };
      const Outcome outcome = play(std::move(scene));
      INFO(names << " " << host);
      CHECK(outcome.markets[0].words == (ours ? "101-110 " : ""));
      if (!ours) CHECK(contains(outcome.log, fmt::format("certificate of {} refused", host)));
      if (!ours) CHECK(contains(outcome.log, "mismatch"));
    }
  }
  std::filesystem::remove(certificate);
  std::filesystem::remove(key);
}

TEST_CASE("feed: a passing refusal is asked again, and one that comes later changes nothing") {
  RestBook book;
  Scene scene;
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  const std::string refusal = R"({"error":"Exceeded msg rate","method":"subscribe","success":false})";
  scene.script.stream = [refusal](Line& line, int connection) {
    std::string text;
    line.send(status_frame());
    line.read(text);
    line.send(connection == 0 ? refusal : ack("BTC/USD"));
    if (connection == 0) return;
    line.send(refusal);
    line.send(stream_frame(trades_between(101, 110), "snapshot"));
    beat(line, 100);
  };
  scene.until = trades_up_to(110);
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.connections == 2);
  CHECK(contains(outcome.log, "Exceeded msg rate"));
}

TEST_CASE("feed: what can never work is said at once") {
  flow::Log log({});
  FeedStatistics statistics(1);
  const auto made_with = [&](ExchangeSettings exchange) {
    const MarketTable table = {{MarketId{0}, exchange.name, "BTC/USD", Duration::minutes(1)}};
    Feed feed({{std::move(exchange)}, {}}, table, {}, std::move(flow::make_channel(4).sender), log, statistics);
  };
  ExchangeSettings exchange;
  exchange.name = "nyse";
  CHECK_THROWS_WITH(made_with(exchange), "unknown exchange 'nyse' (known: kraken)");
  exchange.name = "kraken";
  exchange.ca_file = "/does/not/exist.pem";
  CHECK_THROWS_WITH(made_with(exchange), Catch::Contains("/does/not/exist.pem"));
  exchange.ca_file.clear();
  exchange.rest_url = "gopher://x";
  CHECK_THROWS_WITH(made_with(exchange), Catch::Contains("rest_url"));
}

TEST_CASE("history: fetched in order, resumed behind what is stored, holes filled") {
  RestBook book;
  book.newest = 60;
  ServerScript script;
  script.rest = [&book](const std::string& target) { return book(target); };
  ScriptedServer server(std::move(script));
  ExchangeSettings exchange;
  exchange.rest_url = fmt::format("http://127.0.0.1:{}/0/public", server.port());
  exchange.rest_interval = Duration::milliseconds(5);
  const Market market{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)};
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, ""});
  FeedStatistics statistics(1);
  const auto fetched = [&](const HistoryRequest& request, Result<HistoryReport>& report) {
    flow::Channel channel = flow::make_channel(1024);
    report = fetch_history({{exchange}, {}}, market, request, channel.sender, log, statistics, {}, [] { return false; });
    Collected collected;
    while (const Event* event = channel.receiver.front()) {
      collected.add(*event);
      channel.receiver.pop();
    }
    collected.end_run();
    return collected;
  };
  Result<HistoryReport> report;
  HistoryRequest request;
  request.back = Duration::minutes(1);
  Collected out = fetched(request, report);
  REQUIRE(report);
  CHECK(out.words == "1-60 ");
  CHECK(out.first_tick == test_epoch - Duration::minutes(1));
  CHECK(report->complete);
  CHECK(report->trades == 60);

  request.stored = {{1, 20, trade_of(1).time, trade_of(20).time}, {31, 40, trade_of(31).time, trade_of(40).time}};
  request.back.reset();
  request.from = trade_of(1).time;
  request.open_holes = {Hole{5, 9, trade_of(12).time, {}}};
  out = fetched(request, report);
  REQUIRE(report);
  CHECK(out.words == "21-30 41-60 5-9 filled[5-9] ");
  CHECK(out.ticks == 0);
  CHECK(report->holes_filled == 1);

  book.newest = 5'000;
  book.page_rows = 1'000;
  const int before = book.trade_requests;
  request.stored = {{1, 4'000, trade_of(1).time, trade_of(4'000).time}};
  request.open_holes.clear();
  CHECK(fetched(request, report).words == "4001-5000 ");
  CHECK(book.trade_requests - before <= 4);  // stored pages are not asked for again

  const Market unknown{MarketId{0}, "kraken", "XBT/USD", Duration::minutes(1)};
  flow::Channel channel = flow::make_channel(4);
  const auto refused = fetch_history({{exchange}, {}}, unknown, {}, channel.sender, log, statistics, {}, [] { return false; });
  REQUIRE_FALSE(refused);
  CHECK(contains(refused.error().message, "does not know the market XBT/USD; it is called BTC/USD there"));
}

}  // namespace candled::ingest
