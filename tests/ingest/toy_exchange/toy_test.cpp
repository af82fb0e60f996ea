// The toy exchange passes the test-kit: nothing outside its folder knows it.
#include <algorithm>

#include "ingest/exchange_kit.hpp"
#include "ingest/feed_scene.hpp"
#include "ingest/toy_exchange/toy_exchange.hpp"

namespace candled::ingest {
namespace {

std::string rows_text(const std::vector<Trade>& trades) {
  std::string rows;
  for (const Trade& trade : trades) {
    rows += fmt::format(R"({}[{},"{}","{}","{}",{}])", rows.empty() ? "" : ",", trade.id, trade.price.to_text(),
                        trade.quantity.to_text(), trade.side == Side::buy ? "b" : "s", trade.time.ns / 1'000'000);
  }
  return "[" + rows + "]";
}

std::string rest_of_toy(const std::string& target, const std::vector<Trade>& trades, Timestamp now) {
  if (target == "/clock") return fmt::format(R"({{"ms":{}}})", now.ns / 1'000'000);
  if (target == "/markets") return R"({"markets":["BTC-USD","ETH-USD"]})";
  const std::size_t at = target.find("up_to=");
  const std::int64_t up_to = at == std::string::npos ? INT64_MAX : std::stoll(target.substr(at + 6));
  std::vector<Trade> rows;
  for (auto trade = trades.rbegin(); trade != trades.rend() && rows.size() < 100; ++trade) {
    if (trade->id <= up_to) rows.push_back(*trade);
  }
  return rows_text(rows);
}

ExchangeSample toy_sample() {
  return {
      .entry = toy_entry(),
      .symbols = {"BTC/USD", "ETH/USD"},
      .unknown_symbol = "NO/PE",
      .answers = [](const std::string& message) -> std::vector<std::string> {
        return {fmt::format(R"({{"call":{},"ok":true}})", message.substr(message.find("\"call\":") + 7, 1))};
      },
      .trades_frame =
          [](const std::vector<Trade>& trades) {
            return fmt::format(R"({{"market":"BTC-USD","trades":{}}})", rows_text(trades));
          },
      .last_id_frame =
          [](std::int64_t id) { return fmt::format(R"({{"newest":{{"BTC-USD":{},"ETH-USD":0,"NO-PE":7}}}})", id); },
      .rest = rest_of_toy,
      .frames =
          {
              {R"({"market":"ETH-USD","trades":[[17,"100.5","2","s",1762795200001]]})",
               "1#17 sell 100.5 x 2 @ 2025-11-10T17:20:00.001000000Z; "},
              {R"({"market":"NO-PE","trades":[[17,"100.5","2","s",1762795200001]]})", ""},
              {R"({"market":"ETH-USD","trades":[[17,"-1","2","s",1762795200001],7]})", "2 bad; "},
              {R"({"call":2,"ok":false,"why":"no such market","market":"NO-PE"})", "refused '' 'no such market'; "},
              {R"({"call":2,"ok":false,"why":"halted","market":"ETH-USD"})", "refused 'ETH/USD' 'halted'; "},
              {R"({"news":"none"})", ""},
              {"<html>", "1 bad; "},
          },
      .answers_judged =
          {
              {400, R"({"why":"slow down"})", RestError::Kind::rate_limited},
              {400, R"({"why":"up_to is not a number"})", RestError::Kind::permanent},
              {404, R"({"why":"no such market"})", RestError::Kind::permanent},
          },
  };
}

}  // namespace

TEST_CASE("toy exchange: passes the test-kit") { run_exchange_kit(toy_sample()); }

TEST_CASE(
    "toy exchange: seven markets take two connections, each asked for at the exchange's pace and acknowledged by "
    "number") {
  const ExchangeSample sample = toy_sample();
  Scene scene;
  scene.exchanges = {{toy_entry()}};
  scene.exchange = "toy";
  scene.stream_path = scene.rest_path = "";
  scene.symbols = {"A/USD", "B/USD", "C/USD", "D/USD", "E/USD", "F/USD", "G/USD"};
  std::atomic<int> messages{0}, quickest_ms{1'000'000};
  scene.script.rest = [&](const std::string& target) -> Reply {
    if (target == "/markets") return {200, R"({"markets":["A-USD","B-USD","C-USD","D-USD","E-USD","F-USD","G-USD"]})"};
    return {200, rest_of_toy(target, {}, test_epoch)};
  };
  scene.script.stream = [&](Line& line, int) {
    std::vector<Duration> arrived;
    std::string text;
    while (line.read(text)) {
      ++messages;
      arrived.push_back(flow::monotonic_now());
      if (arrived.size() > 2) {  // the third of any three comes a tenth of a second after the first
        const auto ms = static_cast<int>((arrived.back() - arrived[arrived.size() - 3]).ns / 1'000'000);
        quickest_ms = std::min(quickest_ms.load(), ms);
      }
      for (const std::string& answer : sample.answers(text)) line.send(answer);
      if (text.find("A-USD") != std::string::npos)
        line.send(R"({"market":"A-USD","trades":[[1,"1","1","b",1762795200001]]})");
    }
  };
  scene.until = [&](const Collected& market, const FeedStatistics& statistics) {
    const bool all = std::ranges::all_of(
        statistics.markets, [](const MarketStatistics& one) { return one.state_now() != MarketState::waiting; });
    return market.last_id == 1 && messages == 7 && all;
  };
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.connections == 2);
  CHECK(quickest_ms >= 80);
}

TEST_CASE("feed: one dead exchange of two shows, and holds up nothing of the other") {
  // The toy's link dials a port where nobody listens; Kraken's goes on.
  ServerScript script;
  RestBook book;
  book.newest = 103;
  script.rest = [&book](const std::string& target) { return book(target); };
  script.stream = subscribed([](Line& line, int) {
    line.send(stream_frame(trades_between(101, 103)));
    beat(line, 50);
  });
  ScriptedServer server(script);
  ExchangeSettings kraken = kraken_settings(), toy = default_settings(*toy_entry().descriptor);
  kraken.websocket_url = fmt::format("ws://127.0.0.1:{}/v2", server.port());
  kraken.rest_url = fmt::format("http://127.0.0.1:{}/0/public", server.port());
  kraken.rest_interval = Duration::milliseconds(10);
  toy.websocket_url = "ws://127.0.0.1:1";
  toy.rest_url = "http://127.0.0.1:1";
  ExchangeTable table = known_exchanges();
  table.entries.push_back(toy_entry());
  const MarketTable markets = {{MarketId{0}, "toy", "BTC/USD", Duration::minutes(1)},
                               {MarketId{1}, "kraken", "BTC/USD", Duration::minutes(1)}};
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, ""});
  FeedStatistics statistics(markets);
  flow::Channel channel = flow::make_channel(1024);
  const std::unique_ptr<flow::World> world = net::make_real_world();
  Feed feed(table, {{kraken, toy}, {Duration{}, Duration::days(7)}, {}}, markets, {{}, {100, trade_of(100).time, {}}},
            std::move(channel.sender), log, statistics, *world);
  std::thread ingest([&feed] { feed.run(); });
  const Duration deadline = flow::monotonic_now() + Duration::seconds(10);
  std::int64_t trades = 0;
  while (!channel.receiver.finished()) {
    while (const std::optional<Event> event = channel.receiver.pop()) {
      CHECK(event->market() == MarketId{1});
      trades += event->kind() == EventKind::trade;
    }
    channel.receiver.release();
    if (trades == 3 || flow::monotonic_now() > deadline) feed.request_stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ingest.join();
  CHECK(trades == 3);
  CHECK(statistics.of("kraken").last_frame_ns.value() > 0);
  CHECK(statistics.of("kraken").frames.value() > 0);
  CHECK(statistics.of("toy").last_frame_ns.value() == 0);
  CHECK(statistics.of("toy").reconnects.value() > 0);
  CHECK(statistics.of("toy").connected.value() == 0);
}

}  // namespace candled::ingest
