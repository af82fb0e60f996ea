// The whole feed against a scripted server over real sockets: what leaves it, in which order, and what the log says.
#include "feed_scene.hpp"

namespace candled::ingest {

TEST_CASE("feed: snapshot in any order, duplicates, a refused market, watermarks behind the trades") {
  RestBook book;
  Scene scene;
  scene.symbols = {"BTC/USD", "FOO/BAR", "XBT/EUR"};
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int) {
    line.send(
        R"({"error":"Currency pair not supported FOO/BAR","method":"subscribe","success":false,"symbol":"FOO/BAR"})");
    std::vector<Trade> snapshot = trades_between(100, 149);
    std::ranges::reverse(snapshot);
    line.send(stream_frame(snapshot, "snapshot"));
    line.send(stream_frame(trades_between(145, 152)));
    line.send(stream_frame({trade_of(154), trade_of(153)}));
    beat(line, 40);
  });
  scene.until = [](const Collected& market, const FeedStatistics&) { return market.watermarks >= 2; };
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets[0].words == "100-154 ");
  CHECK(outcome.duplicates == 5);
  CHECK(outcome.markets[1].words.empty());
  CHECK(outcome.connections == 1);
  CHECK(contains(outcome.log, "market=kraken:FOO/BAR"));
  CHECK(contains(outcome.log, "market=kraken:XBT/EUR"));
  CHECK(contains(outcome.log, "it is called BTC/EUR there"));
}

TEST_CASE("feed: a sequence gap is repaired from REST before later trades pass") {
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

TEST_CASE("feed: when REST does not answer, the sequence gap is recorded in time and filled at the next start") {
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
  CHECK(outcome.markets[0].watermarks == 0);  // without the exchange's time nothing is proven
  CHECK(contains(outcome.log, "HTTP status 520"));

  RestBook book;
  book.newest = 140;
  Scene next;
  next.cursors = {{135, trade_of(135).time, {SequenceGap{111, 130, trade_of(136).time, {}}}}};
  next.script.rest = [&book](const std::string& target) { return book(target); };
  next.script.stream = subscribed([](Line& line, int) {
    line.send(stream_frame(trades_between(134, 138), "snapshot"));
    beat(line, 300);
  });
  next.until = [](const Collected& market, const FeedStatistics&) { return contains(market.words, "-130] "); };
  const std::string words = play(std::move(next)).markets[0].words;  // page by page
  CHECK(words.starts_with("136-138 111-114 filled[111-114] 115-"));
  CHECK(words.ends_with("-130] "));
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

TEST_CASE("feed: without a snapshot REST proves that nothing was missed, and only then watermarks come") {
  RestBook book;
  book.newest = 160;
  Scene scene;
  scene.cursors = {{150, trade_of(150).time, {}}};
  scene.script.rest = [&book](const std::string& target) { return book(target); };
  scene.script.stream = subscribed([](Line& line, int) { beat(line, 400); });
  scene.until = [](const Collected& market, const FeedStatistics&) { return market.watermarks >= 2; };
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
  CHECK(outcome.markets[0].first_watermark == test_epoch - Duration::minutes(1));
  CHECK(outcome.markets[0].watermarks >= 1);
}

TEST_CASE("feed: behind trades without ids history begins at the start of their candle, or the gap is said") {
  const auto played = [](Duration ago) {
    RestBook book;
    book.newest = 40'000;
    Scene scene;
    const Timestamp last = test_epoch - ago;
    scene.cursors = {MarketCursor{{}, {}, {}, MadeTrade{made_id_from(last), last}}};
    scene.script.rest = [&book](const std::string& target) { return book(target); };
    scene.script.stream = subscribed([](Line& line, int) {
      line.send(stream_frame(trades_between(58, 70), "snapshot"));
      beat(line, 400);
    });
    scene.until = trades_up_to(70);
    return play(std::move(scene)).markets[0];
  };
  const Collected near = played(Duration::seconds(150));
  CHECK(near.words.starts_with("1-"));
  CHECK(near.first_watermark == test_epoch - Duration::minutes(3));
  const Collected far = played(Duration::days(30));  // further than catch_up_max
  CHECK(far.first_watermark == test_epoch - Duration::days(7));
  CHECK(far.words.starts_with(fmt::format("[{}-{}] 1-", made_id_from(test_epoch - Duration::days(30)) + 1,
                                          made_id_from(test_epoch - Duration::days(7)) - 1)));
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
    for (const char* bad :
         {"{\"channel\":\"trade\",\"data\":[{", "[]", "hello", "", "{\"channel\":\"trade\",\"data\":[]}"})
      line.send(bad);
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
  CHECK_FALSE(outcome.markets[0].watermark_overtook);  // frames that lay in the socket prove nothing
}

TEST_CASE("feed: a refused upgrade is a ban and is waited out") {
  Scene scene;
  scene.script.upgrade_status = 429;
  scene.until = [](const Collected&, const FeedStatistics& statistics) {
    return statistics.total(&ExchangeStatistics::reconnects) >= 1;
  };
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
        return ours ? market.last_id >= 110 : statistics.total(&ExchangeStatistics::reconnects) >= 1;
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
  const std::unique_ptr<flow::World> world = net::make_real_world();
  const auto made_with = [&](ExchangeSettings exchange) {
    const MarketTable table = {{MarketId{0}, exchange.name, "BTC/USD", Duration::minutes(1)}};
    FeedStatistics statistics(table);
    Feed feed(known_exchanges(), {{std::move(exchange)}, {}}, table, {}, std::move(flow::make_channel(4).sender), log,
              statistics, *world);
  };
  ExchangeSettings exchange = kraken_settings();
  exchange.name = "nyse";
  CHECK_THROWS_WITH(made_with(exchange), "unknown exchange 'nyse' (known: kraken)");
  exchange.name = "kraken";
  exchange.ca_file = "/does/not/exist.pem";
  CHECK_THROWS_WITH(made_with(exchange), Catch::Contains("/does/not/exist.pem"));
  exchange.ca_file.clear();
  exchange.rest_url = "gopher://x";
  CHECK_THROWS_WITH(made_with(exchange), Catch::Contains("rest_url"));
}

}  // namespace candled::ingest
