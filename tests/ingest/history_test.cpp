// Backfill and gap-fill against a scripted REST server.
#include "candled/ingest/history.hpp"

#include "feed_scene.hpp"

namespace candled::ingest {

TEST_CASE("history: fetched in order, resumed behind what is stored, sequence gaps filled") {
  RestBook book;
  book.newest = 60;
  ServerScript script;
  script.rest = [&book](const std::string& target) { return book(target); };
  ScriptedServer server(std::move(script));
  ExchangeSettings exchange = kraken_settings();
  exchange.rest_url = fmt::format("http://127.0.0.1:{}/0/public", server.port());
  exchange.rest_interval = Duration::milliseconds(5);
  const Market market{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)};
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, ""});
  FeedStatistics statistics({market});
  const std::unique_ptr<flow::World> world = net::make_real_world();
  HistoryFetcher fetcher(known_exchanges(), {{exchange}, {}}, log, statistics, *world);
  const auto fetched = [&](const HistoryRequest& request, Result<HistoryReport>& report) {
    flow::Channel channel = flow::make_channel(1024);
    report = fetcher.fetch(market, request, channel.sender, {}, [] { return false; });
    Collected collected;
    while (const std::optional<Event> event = channel.receiver.pop()) collected.add(*event);
    collected.end_run();
    return collected;
  };
  Result<HistoryReport> report;
  HistoryRequest request;
  request.back = Duration::minutes(1);
  Collected out = fetched(request, report);
  REQUIRE(report);
  CHECK(out.words == "1-60 ");
  CHECK(out.first_watermark == test_epoch - Duration::minutes(1));
  CHECK(report->complete);
  CHECK(report->trades == 60);

  request.repair_elsewhere = true;
  request.stored = {{10, 20, trade_of(10).time, trade_of(20).time}, {31, 40, trade_of(31).time, trade_of(40).time}};
  request.back.reset();
  request.from = trade_of(10).time;
  request.open_sequence_gaps = {SequenceGap{5, 9, trade_of(12).time, {}}};
  out = fetched(request, report);
  REQUIRE(report);
  CHECK(out.words == "21-30 41-60 5-7 filled[5-7] 8-9 filled[8-9] ");
  CHECK(out.watermarks == 0);
  CHECK(report->sequence_gaps_filled == 1);

  book.newest = 5'000;
  book.page_rows = 1'000;
  const int before = book.trade_requests;
  request.stored = {{1, 4'000, trade_of(1).time, trade_of(4'000).time}};
  request.open_sequence_gaps.clear();
  CHECK(fetched(request, report).words == "4001-5000 ");
  CHECK(book.trade_requests - before <= 4);  // stored pages are not asked for again

  // A period in front of what is stored, and one behind it: what lies between is a sequence gap, told once.
  book.newest = 60;
  request = {};
  request.from = trade_of(5).time;
  request.to = trade_of(11).time;
  request.stored = {{21, 30, trade_of(21).time, trade_of(30).time}, {41, 60, trade_of(41).time, trade_of(60).time}};
  out = fetched(request, report);
  REQUIRE(report);
  CHECK(out.words == "5-10 [11-20] [31-40] ");
  CHECK(report->complete);
  CHECK(report->from_is_proven);
  request.stored = {{1, 10, trade_of(1).time, trade_of(10).time}};
  request.from = trade_of(15).time;
  request.to = trade_of(18).time;
  CHECK(fetched(request, report).words == "[11-14] 15-17 ");
  request.open_sequence_gaps = {SequenceGap{11, 14, trade_of(20).time, {}}};
  CHECK(fetched(request, report).words == "15-17 ");
  // A backfill over a recorded sequence gap closes it.
  request.from = trade_of(5).time;
  request.to.reset();
  CHECK(fetched(request, report).words == "11-60 filled[11-14] ");
  CHECK_FALSE(report->from_is_proven);
  // What was deleted on purpose is not fetched again.
  request = {};
  request.from = trade_of(1).time;
  request.not_before = trade_of(50).time;
  CHECK(fetched(request, report).words == "50-60 ");

  const Market unknown{MarketId{0}, "kraken", "XBT/USD", Duration::minutes(1)};
  flow::Channel channel = flow::make_channel(4);
  const auto refused = fetcher.fetch(unknown, {}, channel.sender, {}, [] { return false; });
  REQUIRE_FALSE(refused);
  CHECK(contains(refused.error().message, "does not know the market XBT/USD; it is called BTC/USD there"));
}

TEST_CASE("history: behind trades without ids nothing is passed over in silence, and their gaps are fetched by time") {
  RestBook book;
  book.newest = 60;
  ServerScript script;
  script.rest = [&book](const std::string& target) { return book(target); };
  ScriptedServer server(std::move(script));
  ExchangeSettings exchange = kraken_settings();
  exchange.rest_url = fmt::format("http://127.0.0.1:{}/0/public", server.port());
  exchange.rest_interval = Duration::milliseconds(5);
  const Market market{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)};
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, ""});
  FeedStatistics statistics({market});
  const std::unique_ptr<flow::World> world = net::make_real_world();
  HistoryFetcher fetcher(known_exchanges(), {{exchange}, {}}, log, statistics, *world);
  const auto words = [&](const HistoryRequest& request) {
    flow::Channel channel = flow::make_channel(1024);
    REQUIRE(fetcher.fetch(market, request, channel.sender, {}, [] { return false; }));
    Collected collected;
    while (const std::optional<Event> event = channel.receiver.pop()) collected.add(*event);
    collected.end_run();
    return collected.words;
  };
  HistoryRequest request;
  const Timestamp last = test_epoch - Duration::seconds(90);
  request.last_made = MadeTrade{made_id_from(last), last};
  request.from = test_epoch;
  const SequenceGap gap{made_id_from(last) + 1, made_id_from(test_epoch) - 1, {}, {}};
  CHECK(words(request) == fmt::format("[{}-{}] 1-60 ", gap.first_missing_id, gap.last_missing_id));
  request.no_later = test_epoch - Duration::minutes(2);
  CHECK(words(request) == "1-60 ");

  // Trades with ids followed behind a gap; what was in it has come to REST since.
  request = {};
  request.repair_elsewhere = true;
  request.stored = {{41, 60, trade_of(41).time, trade_of(60).time}};
  request.from = trade_of(60).time;
  const SequenceGap behind{made_id_from(last) + 1, made_id_from(trade_of(41).time) - 1, {}, {}};
  request.open_sequence_gaps = {behind};
  CHECK(words(request) == fmt::format("1-40 filled[{}-{}] ", behind.first_missing_id, behind.last_missing_id));
}

TEST_CASE("history: an exchange that repeats one page for ever ends the fetch with a clear error") {
  std::atomic<int> requests = 0;
  RestBook book;
  ServerScript script;
  script.rest = [&](const std::string& target) -> Reply {
    if (!target.starts_with("/0/public/Trades")) return book(target);
    ++requests;
    return {200, rest_page(trades_between(1, 50), std::to_string(trade_of(50).time.ns))};
  };
  ScriptedServer server(std::move(script));
  ExchangeSettings exchange = kraken_settings();
  exchange.rest_url = fmt::format("http://127.0.0.1:{}/0/public", server.port());
  exchange.rest_interval = Duration::milliseconds(1);
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, ""});
  const Market market{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)};
  FeedStatistics statistics({market});
  flow::Channel channel = flow::make_channel(1024);
  HistoryRequest request;
  request.from = trade_of(1).time;
  const std::unique_ptr<flow::World> world = net::make_real_world();
  const auto report = HistoryFetcher(known_exchanges(), {{exchange}, {}}, log, statistics, *world)
                          .fetch(market, request, channel.sender, {}, [] { return false; });
  REQUIRE_FALSE(report);
  CHECK(contains(report.error().message, "same page of trades again and again"));
  CHECK(requests < 60);
}

}  // namespace candled::ingest
