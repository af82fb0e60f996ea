// Scenes for session tests: a scripted exchange on one side, a running feed on the other, and what came out, in words.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "candled/flow/clock.hpp"
#include "candled/ingest/feed.hpp"
#include "candled/net/real_world.hpp"
#include "ingest_fixtures.hpp"
#include "scripted_server.hpp"

namespace candled::ingest {

constexpr std::int64_t exchange_second = 1'762'795'200;  // test_epoch

inline std::string status_frame() { return R"({"channel":"status","type":"update","data":[{"system":"online"}]})"; }
inline std::string heartbeat() { return R"({"channel":"heartbeat"})"; }
inline std::string ack(const std::string& symbol) {
  return R"({"method":"subscribe","result":{"channel":"trade","snapshot":true,"symbol":")" + symbol +
         R"("},"success":true})";
}

inline std::vector<Trade> trades_between(std::int64_t first, std::int64_t last) {
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

// What came out, as words: trades as id ranges, "watermark", "[first-last]" sequence gaps, "filled[first-last]".
struct Collected {
  std::string words;
  std::int64_t last_id = 0;
  std::int64_t watermarks = 0;
  std::vector<BookFacts> books;
  Timestamp first_watermark, watermark_max;
  bool watermark_overtook = false;
  std::int64_t run_first = 0;

  void end_run() {
    if (run_first == 0) return;
    words += run_first == last_id ? fmt::format("{} ", last_id) : fmt::format("{}-{} ", run_first, last_id);
    run_first = 0;
  }
  void add(const Event& event) {
    if (event.kind() == EventKind::trade) {
      const Trade& trade = event.trade();
      if (trade.id > last_id && trade.time < watermark_max) watermark_overtook = true;
      if (run_first == 0 || trade.id != last_id + 1) {
        end_run();
        run_first = trade.id;
      }
      last_id = trade.id;
    } else if (event.kind() == EventKind::book) {
      books.push_back(event.book());
    } else if (event.kind() == EventKind::watermark) {
      if (watermarks++ == 0) first_watermark = event.watermark().time;
      watermark_max = std::max(watermark_max, event.watermark().time);
    } else {
      end_run();
      const SequenceGap& sequence_gap = event.sequence_gap();
      words += fmt::format("{}[{}-{}] ", event.kind() == EventKind::sequence_gap ? "" : "filled",
                           sequence_gap.first_missing_id, sequence_gap.last_missing_id);
    }
  }
};

struct Scene {
  ServerScript script;
  ExchangeTable exchanges = known_exchanges();
  std::string exchange = "kraken";
  std::string stream_path = "/v2", rest_path = "/0/public";
  std::vector<std::string> symbols = {"BTC/USD"};
  std::vector<MarketCursor> cursors;
  std::vector<std::size_t> book_depths;
  Duration interval = Duration::minutes(1);
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
  std::int64_t bad = 0, reconnects = 0, duplicates = 0, mismatches = 0, resyncs = 0;
  Duration stop_time;
  bool reached = false;
};

inline std::string scratch(const std::string& name) {
  return (std::filesystem::temp_directory_path() / fmt::format("candled_ingest_{}_{}", ::getpid(), name)).string();
}

inline Outcome play(Scene scene) {
  const bool tls = !scene.script.certificate_file.empty();
  ScriptedServer server(scene.script);
  ExchangeSettings exchange = default_settings(*scene.exchanges.find(scene.exchange)->descriptor);
  exchange.websocket_url =
      fmt::format("{}://{}:{}{}", tls ? "wss" : "ws", scene.host, server.port(), scene.stream_path);
  exchange.rest_url = fmt::format("{}://{}:{}{}", tls ? "https" : "http", scene.host, server.port(), scene.rest_path);
  exchange.ca_file = scene.ca_file;
  exchange.rest_interval = Duration::milliseconds(10);
  exchange.hold_back = scene.hold_back;
  exchange.watchdog = scene.watchdog;
  MarketTable table;
  for (const std::string& symbol : scene.symbols) {
    table.push_back({MarketId{static_cast<std::uint16_t>(table.size())}, scene.exchange, symbol, scene.interval});
  }
  const std::string log_file = scratch("log");
  std::filesystem::remove(log_file);
  flow::Log log({flow::LogLevel::debug, flow::LogFormat::text, log_file});
  FeedStatistics statistics(table);
  flow::Channel channel = flow::make_channel(scene.capacity);
  const std::unique_ptr<flow::World> world = net::make_real_world();
  Feed feed(scene.exchanges, {{exchange}, {scene.on_start, Duration::days(7)}, scene.book_depths}, table, scene.cursors,
            std::move(channel.sender), log, statistics, *world);
  std::thread ingest([&feed] { feed.run(); });
  Outcome outcome;
  outcome.markets.resize(table.size());
  std::this_thread::sleep_for(std::chrono::nanoseconds(scene.reader_sleeps.ns));
  const Duration deadline = flow::monotonic_now() + Duration::seconds(15);
  Duration asked;
  while (!channel.receiver.finished()) {
    while (const std::optional<Event> event = channel.receiver.pop())
      outcome.markets[index_of(event->market())].add(*event);
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
  outcome.bad = statistics.total(&ExchangeStatistics::bad_frames);
  outcome.reconnects = statistics.total(&ExchangeStatistics::reconnects);
  outcome.duplicates = statistics.markets.front().duplicates.value();
  outcome.mismatches = statistics.markets.front().book_mismatches.value();
  outcome.resyncs = statistics.markets.front().book_resyncs.value();
  std::ifstream file(log_file);
  outcome.log.assign(std::istreambuf_iterator<char>(file), {});
  std::filesystem::remove(log_file);
  INFO(outcome.log);
  CHECK(outcome.reached);
  CHECK(outcome.stop_time < Duration::milliseconds(1'500));
  return outcome;
}

// Greets, waits for the subscription, acknowledges, and goes on as the test says.
inline std::function<void(Line&, int)> subscribed(std::function<void(Line&, int)> then) {
  return [then](Line& line, int connection) {
    std::string text;
    line.send(status_frame());
    if (!line.read(text) || text.find("\"subscribe\"") == std::string::npos) return line.cut();
    line.send(ack("BTC/USD"));
    then(line, connection);
  };
}

inline void beat(Line& line, int times) {
  for (int i = 0; i < times && line.send(heartbeat()); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

inline auto trades_up_to(std::int64_t id) {
  return [id](const Collected& market, const FeedStatistics&) { return market.last_id >= id; };
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace candled::ingest
